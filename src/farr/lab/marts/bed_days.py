"""Days in bed: PbR-adjusted length of stay, trim points and excess bed days.

Source: NCDR SUS PbR derivations, 2017/18. Trim points are those of the tariff year loaded in hrg_trim_point: never mix years.
"""

import ibis
import ibis.expr.types as ir

# Paid apart from the spell, so taken off its length of stay.
UNBUNDLED_DAYS = ("Der_PbR_ACC_Days", "Der_PbR_PCC_Days", "Der_PbR_NCC_Days", "Der_SEM_SPC_Days", "Der_SEM_Rehab_Days")
ELECTIVE_TRIM = ("DC", "EL", "RDA", "RNA")
NON_ELECTIVE_TRIM = ("EM", "NE")


def adjusted_episode_days(episode: ir.Table) -> ir.IntegerValue:
    """Days of one episode that count towards the adjusted stay; 0 where the grouper excluded it (Exc).

    An episode that no grouper saw (status null) counts as included: otherwise every ungrouped feed would have stays of 0 days.
    """
    stayed = episode.Episode_End_Date.delta(episode.Episode_Start_Date, unit="day")
    paid_apart = sum((episode[name].fill_null(0) for name in UNBUNDLED_DAYS), start=ibis.literal(0))
    return ibis.ifelse(episode.FCE_Group_Status.fill_null("Inc") == "Exc", 0, stayed - paid_apart).cast("int32")


def trim_point(management: ir.StringValue, elective: ir.IntegerValue, non_elective: ir.IntegerValue) -> ir.IntegerValue:
    """The trim point that applies to the management type, in days; null where neither does."""
    return ibis.cases((management.isin(ELECTIVE_TRIM), elective), (management.isin(NON_ELECTIVE_TRIM), non_elective))


def excess_bed_days(adjusted_stay: ir.IntegerValue, trim: ir.IntegerValue) -> ir.IntegerValue:
    """max(0, adjusted stay − trim point); null where the trim point is not known."""
    beyond = adjusted_stay - trim
    return ibis.ifelse(beyond.isnull(), ibis.null("int32"), ibis.ifelse(beyond > 0, beyond, 0).cast("int32"))
