"""Emergency readmission within 30 days, by the rule of Payment by Results (RE30).

Source: NCDR SUS PbR RE30 derivation; exclusions of the policy as tabulated in PMC5226021 (Annals of the Royal College of Surgeons
of England 2016;98:250, table 1). This is not NHS Digital's indicator I02040 (continuous stays, 0-29 days, standardised), nor
NHP's 28 days: the three are not to be compared. NCDR writes both "<30" and "≤30"; the text of the policy says within 30 days, so
0 to 30 days inclusive. Exclusions of the 2011/12 guidance that NCDR does not list (transplant, cross-border, trauma, transport
accidents) are not applied.
"""

import ibis
import ibis.expr.types as ir

from farr.lab.marts.admission import is_regular_attender
from farr.lab.model.codelist import load_codelist

WITHIN_DAYS = 30
CHILD_TO_AGE = 3  # children of three and under are excluded
TRANSFER_METHODS = ("28", "2B")
TRANSFER_PLACES = ("51", "52", "53", "87")
SELF_DISCHARGE = "2"
DIED = ("4", "5")  # died; stillborn
_MATERNITY_HRG = "NZ"


def with_readmission(spells: ir.Table, *, within_days: int = WITHIN_DAYS) -> ir.Table:
    """The spells with RE30_Is_Index and RE30_Is_Readmitted.

    A spell may be index and readmission both. Found by a semi-join on what exists, so that a planned stay in between hides
    nothing. Admission on the day of discharge counts.
    """
    in_order = ibis.window(
        group_by=[spells.Der_Pseudo_NHS_Number], order_by=[spells.Admission_Date, spells.Discharge_Date, spells.Spell_Key]
    )
    flagged = spells.mutate(Is_Parent=_is_parent(spells), Is_Child=_is_child(spells), Place=ibis.row_number().over(in_order))
    followed = _followed(flagged.filter(flagged.Is_Parent), flagged.filter(flagged.Is_Child), within_days)
    joined = flagged.left_join(followed, flagged.Spell_Key == followed.Readmitted_Key)
    joined = joined.mutate(RE30_Is_Index=joined.Is_Parent, RE30_Is_Readmitted=joined.Readmitted_Key.notnull())
    return joined.drop("Readmitted_Key", "Place", "Is_Parent", "Is_Child")


def _followed(parents: ir.Table, children: ir.Table, within_days: int) -> ir.Table:
    """Readmitted_Key: keys of parents that some child follows. Each condition has one side's columns on each side of its sign:
    engines join fast on no other kind."""
    until = parents.Discharge_Date + ibis.interval(days=within_days)
    parent = parents.select("Spell_Key", "Place", Person="Der_Pseudo_NHS_Number", From="Discharge_Date", Until=until.cast("date"))
    child = children.select(Child="Der_Pseudo_NHS_Number", Admitted="Admission_Date", Child_Place="Place")
    # Of two stays on one day only the later, by place, can be a readmission of the other.
    conditions = [
        parent.Person == child.Child,
        parent.From <= child.Admitted,
        parent.Until >= child.Admitted,
        parent.Place < child.Child_Place,
    ]
    return parent.semi_join(child, conditions).select(Readmitted_Key="Spell_Key")


def _is_parent(spells: ir.Table) -> ir.BooleanValue:
    """Went home alive, by agreement, and is under no exclusion. Regular attenders come back by design."""
    left = spells.Discharge_Method.isin((SELF_DISCHARGE, *DIED)).fill_null(False)
    moved_on = spells.Discharge_Destination.isin(TRANSFER_PLACES).fill_null(False)
    known = spells.Der_Pseudo_NHS_Number.notnull()
    return known & ~left & ~moved_on & ~is_regular_attender(spells.Patient_Classification) & ~is_excluded(spells)


def _is_child(spells: ir.Table) -> ir.BooleanValue:
    """An emergency from home: transfers (RE30_Admit_Type 1) are excluded by policy."""
    transferred = ibis.or_(spells.Admission_Method.isin(TRANSFER_METHODS), spells.Source_of_Admission.isin(TRANSFER_PLACES))
    return (spells.Der_Management_Type == "EM") & ~transferred.fill_null(False) & ~is_excluded(spells)


def is_excluded(spells: ir.Table) -> ir.BooleanValue:
    """Exclusion keys that hold for either spell: maternity HRG, cancer as primary diagnosis, chemo- or radiotherapy, dialysis,
    children of three and under.

    Not verified: that cancer means the primary diagnosis only (PMC5226021 has "first mentioned or primary diagnosis"), and that
    the first stay of a child of three is no index (there: "under 4 years at time of readmission")."""
    return ibis.or_(
        spells.Spell_Core_HRG.startswith(_MATERNITY_HRG).fill_null(False),
        load_codelist("cancer").contains(spells.Spell_Primary_Diagnosis),
        spells.Has_Chemo_Or_Radiotherapy,
        spells.Has_Dialysis,
        (spells.Age <= CHILD_TO_AGE).fill_null(False),
    )
