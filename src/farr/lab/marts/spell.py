"""Spells from episodes.

Consecutive episodes of one person at one provider, in order of start, end, number and key, are one spell where the admission
date is the same, or the start is the same, or the earlier one did not end in discharge (method 8 or 9) and the later starts
on the day it ended. Source: the HF pipeline, used by the BHF Data Science Centre on HES admitted care; its TRANSIT sort key
is not in our feed. The feed's own grouping (APCS_Ident) is not used: it is absent from HES, and one rule for every feed keeps
figures comparable.
"""

from typing import Any

import ibis
import ibis.expr.types as ir

from farr.lab.marts.bed_days import adjusted_episode_days
from farr.lab.marts.critical_care import with_critical_care
from farr.lab.marts.narrow import with_columns
from farr.lab.model.codelist import load_codelist
from farr.lab.model.tables.activity import DIAGNOSES, PROCEDURES

NOT_DISCHARGED = ("8", "9")  # Discharge_Method: not applicable (still in), not known
CHEMO_OR_RADIOTHERAPY = "(^|[,; ])(SB|SC)"  # unbundled HRG subchapters
DIALYSIS = "(^|[,; ])LE"
# Tells spells apart: an episode that two months' files hold may begin two.
SPELL = ("Spell_Key", "Spell_Month")
_EPISODE = ("APCE_Ident", "Activity_Month")
# What of an episode is looked at to tell its spell.
_OF_ORDER = (
    "Der_Pseudo_NHS_Number", "Provider_Code", "Admission_Date", "Discharge_Method", "Episode_Start_Date", "Episode_End_Date",
    "Episode_Number",
)  # fmt: skip
_UNFINISHED = "1"  # EPISTAT
_COMMA = ","
_CANCER_CARE = f"(^|,)({'|'.join(sorted(load_codelist('cancer_care').codes))})"

# Known at admission, so taken from the first episode.
FROM_FIRST = (
    "Der_Pseudo_NHS_Number", "Provider_Code", "Commissioner_Code", "GP_Practice_Code", "Postcode_District", "Locality_Code",
    "Deprivation_Decile", "Age", "Sex", "Admission_Date", "Admission_Method", "Source_of_Admission",
    "Patient_Classification", "Administrative_Category", "Main_Specialty_Code", "Treatment_Function_Code", "Site_Code",
)  # fmt: skip
# Known at discharge, so taken from the last one.
FROM_LAST = ("Discharge_Date", "Discharge_Method", "Discharge_Destination")
# The spell's, repeated on its episodes as fed: the first recorded is taken, for a sum would count them once an episode.
REPEATED = ("Spell_Core_HRG", "Service_Line_Code", "Programme_of_Care_Code", "Spell_BP_Key", "Spell_SSC_Key", "Tariff_Total", "Grand_Total")


def spells_from_episodes(episodes: ir.Table, critical_care: ir.Table) -> ir.Table:
    """A row per discharged spell, from apc_episode and critical_care: columns of FROM_FIRST, FROM_LAST and REPEATED and

    Spell_Key, Spell_Month (of the first episode's file), Spell_Primary_Diagnosis, Spell_Dominant_Procedure, Episode_Count, Spell_Adj_LoS,
    Length_of_Stay, Diagnosis_Count, Has_Procedure, Has_Chemo_Or_Radiotherapy, Has_Dialysis, Has_Cancer_Care, and the critical care of
    all its episodes. Unfinished episodes are left out, and so are spells without a discharge.
    """
    finished = episodes.filter(episodes.Episode_Status.fill_null("") != _UNFINISHED)
    numbered = _with_spell_key(finished.select(*_EPISODE, *_OF_ORDER)).drop(*_OF_ORDER)
    rows = with_columns(with_critical_care(_narrowed(finished), critical_care), numbered, _EPISODE)
    spells = _one_row_each(rows)
    ended = spells.Discharge_Date.notnull() & ~spells.Discharge_Method.isin(NOT_DISCHARGED).fill_null(False)
    spells = spells.filter(ended)
    return spells.mutate(Length_of_Stay=spells.Discharge_Date.delta(spells.Admission_Date, unit="day").cast("int32"))


def _narrowed(episodes: ir.Table) -> ir.Table:
    """What spells need of an episode. Its 48 codes become one text and one flag before rows are gathered."""
    unbundled = episodes.FCE_Unbundled_HRGs.fill_null("")
    return episodes.select(
        *dict.fromkeys((*_EPISODE, *FROM_FIRST, *FROM_LAST, *REPEATED, "Diagnosis_01", "Procedure_01")),
        Diagnoses=ibis.literal(_COMMA).join([episodes[name] for name in DIAGNOSES]),
        With_Procedure=ibis.coalesce(*(episodes[name] for name in PROCEDURES)).notnull(),
        With_Chemo_Or_Radiotherapy=unbundled.re_search(CHEMO_OR_RADIOTHERAPY),
        With_Dialysis=unbundled.re_search(DIALYSIS),
        Adjusted_Days=adjusted_episode_days(episodes),
    )


def _with_spell_key(episodes: ir.Table) -> ir.Table:
    """The episodes with Place (order in all of the person's at the provider), Is_First and Is_Last of spell, and Spell_Number."""
    # A person who is not known cannot be followed from episode to episode: each such episode stands alone.
    person = ibis.ifelse(
        episodes.Der_Pseudo_NHS_Number.isnull(), "episode " + episodes.APCE_Ident.cast("string"), episodes.Der_Pseudo_NHS_Number
    )
    rows = episodes.mutate(Person=person)
    order = [rows.Episode_Start_Date, rows.Episode_End_Date, rows.Episode_Number, rows.APCE_Ident]
    in_order = ibis.window(group_by=[rows.Person, rows.Provider_Code], order_by=order)
    rows = rows.mutate(Is_First=~_same_spell_as_previous(rows, in_order), Place=ibis.row_number().over(in_order))
    by_place = ibis.window(group_by=[rows.Person, rows.Provider_Code], order_by=[rows.Place])
    so_far = ibis.window(group_by=[rows.Person, rows.Provider_Code], order_by=[rows.Place], preceding=None, following=0)
    return rows.mutate(
        Spell_Number=rows.Is_First.cast("int32").sum().over(so_far),
        Is_Last=rows.Is_First.lead().over(by_place).fill_null(True),
    )


def _same_spell_as_previous(rows: ir.Table, in_order: Any) -> ir.BooleanValue:
    def previous(column: str) -> ir.Value:
        return rows[column].lag().over(in_order)

    carried_on = previous("Discharge_Method").isin(NOT_DISCHARGED) & (rows.Episode_Start_Date == previous("Episode_End_Date"))
    return ibis.or_(
        (rows.Admission_Date == previous("Admission_Date")).fill_null(False),
        (rows.Episode_Start_Date == previous("Episode_Start_Date")).fill_null(False),
        carried_on.fill_null(False),
    )


def _one_row_each(rows: ir.Table) -> ir.Table:
    # Most spells are of one episode, whose values are the spell's: gathering those as well would take longer than all the rest.
    alone = rows.Is_First & rows.Is_Last
    one, several = rows.filter(alone), rows.filter(~alone)
    # One row of a spell is its first and one its last, so the greatest value there is the value there. Windows over whole
    # spells would say the same and are an order of magnitude slower.
    by = several.group_by(several.Person, several.Provider_Code.name("Provider"), several.Spell_Number)
    gathered = by.aggregate(**_of_spell(several, _OfSeveral(several))).drop("Person", "Provider", "Spell_Number")
    return ibis.union(one.select(**_of_spell(one, _OfOne())), gathered)


class _OfSeveral:
    """What becomes of the values of a spell's episodes."""

    def __init__(self, rows: ir.Table) -> None:
        self._rows = rows

    def first(self, value: Any) -> ir.Value:
        return value.max(where=self._rows.Is_First)

    def last(self, value: Any) -> ir.Value:
        return value.max(where=self._rows.Is_Last)

    def first_recorded(self, value: Any) -> ir.Value:
        return value.argmin(self._rows.Place, where=value.notnull())

    def total(self, value: Any) -> Any:
        return value.sum()

    def any(self, condition: ir.BooleanValue) -> ir.Value:
        return condition.cast("int8").max() == 1

    def every(self, texts: ir.StringValue) -> ir.StringValue:
        return texts.group_concat(sep=_COMMA, where=texts != "")


class _OfOne:
    """The same of a spell's only episode."""

    def first(self, value: Any) -> ir.Value:
        return value

    last = first_recorded = any = first

    def total(self, value: Any) -> Any:
        return value.cast(value.sum().type())

    def every(self, texts: ir.StringValue) -> ir.StringValue:
        return texts.nullif("")


def _of_spell(rows: ir.Table, of: _OfSeveral | _OfOne) -> dict[str, Any]:
    return {
        **{name: of.first(rows[name]) for name in FROM_FIRST},
        **{name: of.last(rows[name]) for name in FROM_LAST},
        **{name: of.first_recorded(rows[name]) for name in REPEATED},
        "Spell_Key": of.first(rows.APCE_Ident),
        "Spell_Month": of.first(rows.Activity_Month),
        "Spell_Primary_Diagnosis": of.first(rows.Diagnosis_01),
        "Spell_Dominant_Procedure": of.first_recorded(rows.Procedure_01),
        "Episode_Count": of.total(ibis.ifelse(rows.APCE_Ident.notnull(), 1, 0)),
        "Spell_Adj_LoS": ibis.greatest(of.total(rows.Adjusted_Days), 0).cast("int32"),
        "Diagnosis_Count": of.every(rows.Diagnoses).split(_COMMA).unique().length().fill_null(0),
        "Has_Procedure": of.any(rows.With_Procedure),
        "Has_Chemo_Or_Radiotherapy": of.any(rows.With_Chemo_Or_Radiotherapy),
        "Has_Dialysis": of.any(rows.With_Dialysis),
        "Has_Cancer_Care": of.any(rows.Diagnoses.re_search(_CANCER_CARE)),
        "Critical_Care_Days": of.total(rows.Critical_Care_Days),
        "Critical_Care_Level_3_Days": of.total(rows.Critical_Care_Level_3_Days),
        "Critical_Care_Cost": of.total(rows.Critical_Care_Cost),
        "Has_Critical_Care_Record": of.total(rows.Critical_Care_Periods) > 0,
    }
