"""Superspells: continuous inpatient stays (CIPS), which follow a person from hospital to hospital.

Source: NHS Digital, "Provider spells methodology"/CIPS as implemented by the epidm package (MIT), with its ≤2 days; HF and BHF
pipelines use ≤3 days and sources and destinations 51-53 only. Which is official is not verified: both are parameters.
"""

import ibis
import ibis.expr.types as ir

from farr.lab.marts.admission import is_regular_attender

MAX_GAP_DAYS = 2
DESTINATIONS = ("49", "50", "51", "52", "53", "84")
SOURCES = ("49", "50", "51", "52", "53", "87")
METHODS = ("2B", "81")


def with_superspell_key(spells: ir.Table, *, max_gap_days: int = MAX_GAP_DAYS) -> ir.Table:
    """The spells with Superspell_Key: the Spell_Key of the first spell of the continuous stay that each belongs to.

    The gap is counted from the latest discharge so far, not from the previous row's: a short stay elsewhere during a long one
    must not end it. Regular attenders, and people who are not known, stand alone.
    """
    alone = is_regular_attender(spells.Patient_Classification) | spells.Der_Pseudo_NHS_Number.isnull()
    followed = spells.mutate(Thread=ibis.ifelse(alone, "spell " + spells.Spell_Key.cast("string"), spells.Der_Pseudo_NHS_Number))
    followed = followed.mutate(Ending=followed.Discharge_Date.cast("string") + "|" + followed.Discharge_Destination.fill_null(""))
    by, order = [followed.Thread], [followed.Admission_Date, followed.Discharge_Date, followed.Spell_Key]
    # Sorting text of date and destination gives the destination of the latest discharge, on every engine.
    before = ibis.window(group_by=by, order_by=order, preceding=(None, 1))
    followed = followed.mutate(Latest=followed.Ending.max().over(before))
    followed = followed.mutate(Begins=ibis.ifelse(_continues(followed, max_gap_days), 0, 1))
    so_far = ibis.window(group_by=[followed.Thread], order_by=_order(followed), preceding=None, following=0)
    followed = followed.mutate(Stay=followed.Begins.sum().over(so_far))
    within = ibis.window(group_by=[followed.Thread, followed.Stay], order_by=_order(followed), preceding=None, following=0)
    keyed = followed.mutate(Superspell_Key=followed.Spell_Key.first().over(within))
    return keyed.drop("Thread", "Ending", "Latest", "Begins", "Stay")


def with_stay_end(spells: ir.Table) -> ir.Table:
    """The spells with Continuous_Stay_Is_Last (latest discharge of its continuous stay; ties: the later admission, then key) and
    Continuous_Stay_Has_Cancer_Care (of any spell in it), from Superspell_Key and Has_Cancer_Care."""
    from_end = [spells.Discharge_Date.desc(), spells.Admission_Date.desc(), spells.Spell_Key.desc()]
    backwards = ibis.window(group_by=[spells.Superspell_Key], order_by=from_end)
    whole = ibis.window(group_by=[spells.Superspell_Key], order_by=from_end, preceding=None, following=None)
    return spells.mutate(
        Continuous_Stay_Is_Last=ibis.row_number().over(backwards) == 0,
        Continuous_Stay_Has_Cancer_Care=spells.Has_Cancer_Care.cast("int8").max().over(whole) == 1,
    )


def _order(spells: ir.Table) -> list[ir.Value]:
    return [spells.Admission_Date, spells.Discharge_Date, spells.Spell_Key]


def _continues(spells: ir.Table, max_gap_days: int) -> ir.BooleanValue:
    discharged = spells.Latest.left(10).cast("date")
    destination = spells.Latest.substr(11)
    transferred = ibis.or_(destination.isin(DESTINATIONS), spells.Source_of_Admission.isin(SOURCES), spells.Admission_Method.isin(METHODS))
    # Sent home, then brought in as an emergency from another hospital's site: a new stay, by the same source.
    new_stay = (destination == "19") & (spells.Source_of_Admission == "51") & (spells.Admission_Method == "21")
    near = spells.Admission_Date.delta(discharged, unit="day") <= max_gap_days
    return near.fill_null(False) & transferred.fill_null(False) & ~new_stay.fill_null(False)
