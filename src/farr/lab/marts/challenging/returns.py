"""Readmissions to the provider that discharged."""

import ibis
import ibis.expr.types as ir

from farr.lab.marts.readmission.re30 import WITHIN_DAYS

EXCEPTIONS = (
    "Spells that RE30 excludes: maternity, cancer, chemotherapy and radiotherapy, dialysis, children of three and under, transfers, and "
    "first stays that ended by self-discharge or in death.",
    "Not applied, for no record says so: transplants, cross-border care, multiple trauma (VA14, VA15) and transport accidents.",
    "A readmission to another provider is paid there, and is not challenged here.",
    "A readmission without a national price.",
)


def returned_here(spells: ir.Table) -> ir.Table:
    """Return_Key (the Spell_Key of emergencies within 30 days of an index discharge of the same person from the same provider, as it is
    now, by the rule RE30, whose flags of index and return the spells bear) and Returned_After, the management type of the stay that it
    followed: of several the last to end (ties: the last to begin, then by key). That the last decides is not verified."""
    first = spells.filter(spells.RE30_Is_Index & spells.RE30_Is_Readmitted)
    until = (first.Discharge_Date + ibis.interval(days=WITHIN_DAYS)).cast("date")
    first = first.select(
        Person="Der_Pseudo_NHS_Number",
        Place="Provider_Code",
        Came="Admission_Date",
        Went="Discharge_Date",
        Number="Spell_Key",
        Until=until,
        Kind="Der_Management_Type",
    )
    back = spells.filter(spells.RE30_Is_Return)
    near = [
        back.Der_Pseudo_NHS_Number == first.Person, back.Provider_Code == first.Place, back.Admission_Date >= first.Went,
        back.Admission_Date <= first.Until,
    ]  # fmt: skip
    pairs = back.inner_join(first, near)
    # Of two stays on one day only the later can be a readmission of the other: as in readmission/rule.py.
    same_day = pairs.Came == pairs.Admission_Date
    by_key = (pairs.Went == pairs.Discharge_Date) & (pairs.Number < pairs.Spell_Key)
    earlier = (pairs.Came < pairs.Admission_Date) | (same_day & ((pairs.Went < pairs.Discharge_Date) | by_key))
    pairs = pairs.filter(earlier)
    last = ibis.window(group_by=[pairs.Spell_Key], order_by=[pairs.Went.desc(), pairs.Came.desc(), pairs.Number.desc()])
    ranked = pairs.mutate(Place=ibis.row_number().over(last))
    return ranked.filter(ranked.Place == 0).select(Return_Key="Spell_Key", Returned_After="Kind")
