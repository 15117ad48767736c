"""Emergency readmission within 30 days, by the rule of Payment by Results (RE30).

Source: NCDR SUS PbR RE30 derivation. This is not NHS Digital's indicator I02040 (continuous stays, 0-29 days, standardised), nor
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
_FLAGS = ("Is_Parent", "Is_Child")


def with_readmission(spells: ir.Table, *, within_days: int = WITHIN_DAYS) -> ir.Table:
    """The spells with RE30_Is_Index and RE30_Is_Readmitted.

    A spell may be index and readmission both. Found by a semi-join on what exists, so that a planned stay in between hides
    nothing. Admission on the day of discharge counts.
    """
    flagged = spells.mutate(Is_Parent=_is_parent(spells), Is_Child=_is_child(spells))
    sides = flagged.select(
        "Spell_Key", "Der_Pseudo_NHS_Number", "Admission_Date", "Discharge_Date", "Is_Parent", "Is_Child"
    )  # fmt: skip
    parent = sides.filter(sides.Is_Parent)
    child = sides.filter(sides.Is_Child).select("Spell_Key", "Der_Pseudo_NHS_Number", "Admission_Date", "Discharge_Date").view()
    followed = parent.semi_join(child, _follows(parent, child, within_days)).select(Readmitted_Key="Spell_Key")
    joined = flagged.left_join(followed, flagged.Spell_Key == followed.Readmitted_Key)
    return joined.mutate(RE30_Is_Index=joined.Is_Parent, RE30_Is_Readmitted=joined.Readmitted_Key.notnull()).drop("Readmitted_Key", *_FLAGS)


def _follows(parent: ir.Table, child: ir.Table, within_days: int) -> list[ir.BooleanValue]:
    days = child.Admission_Date.delta(parent.Discharge_Date, unit="day")
    # Of two stays on one day only the later can be a readmission of the other; keys settle what dates do not.
    later = ibis.or_(
        child.Admission_Date > parent.Admission_Date,
        (child.Admission_Date == parent.Admission_Date)
        & ((child.Discharge_Date > parent.Discharge_Date)
           | ((child.Discharge_Date == parent.Discharge_Date) & (child.Spell_Key > parent.Spell_Key))),
    )  # fmt: skip
    return [child.Der_Pseudo_NHS_Number == parent.Der_Pseudo_NHS_Number, days >= 0, days <= within_days, later]


def _is_parent(spells: ir.Table) -> ir.BooleanValue:
    """Went home alive, by agreement, and is under no exclusion. Regular attenders come back by design."""
    left = spells.Discharge_Method.isin((SELF_DISCHARGE, *DIED)).fill_null(False)
    moved_on = spells.Discharge_Destination.isin(TRANSFER_PLACES).fill_null(False)
    known = spells.Der_Pseudo_NHS_Number.notnull()
    return known & ~left & ~moved_on & ~is_regular_attender(spells.Patient_Classification) & ~is_excluded(spells)


def _is_child(spells: ir.Table) -> ir.BooleanValue:
    """An emergency from home: transfers (RE30_Admit_Type 1) are excluded by policy."""
    transferred = spells.Admission_Method.isin(TRANSFER_METHODS) | spells.Source_of_Admission.isin(TRANSFER_PLACES)
    return (spells.Der_Management_Type == "EM") & ~transferred.fill_null(False) & ~is_excluded(spells)


def is_excluded(spells: ir.Table) -> ir.BooleanValue:
    """Exclusion keys that hold for either spell: maternity HRG, cancer as primary diagnosis, chemo- or radiotherapy, dialysis,
    children of three and under. That cancer means the primary diagnosis only is not verified."""
    return ibis.or_(
        spells.Spell_Core_HRG.startswith(_MATERNITY_HRG).fill_null(False),
        load_codelist("cancer").contains(spells.Spell_Primary_Diagnosis),
        spells.Has_Chemo_Or_Radiotherapy,
        spells.Has_Dialysis,
        (spells.Age <= CHILD_TO_AGE).fill_null(False),
    )
