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
from farr.lab.marts.readmission.rule import DIED, SELF_DISCHARGE, ReadmissionRule
from farr.lab.model.codelist import load_codelist

WITHIN_DAYS = 30
CHILD_TO_AGE = 3  # children of three and under are excluded
TRANSFER_METHODS = ("28", "2B")
TRANSFER_PLACES = ("51", "52", "53", "87")
_MATERNITY_HRG = "NZ"


def _is_parent(spells: ir.Table) -> ir.BooleanValue:
    """Went home alive, by agreement, and is under no exclusion. Regular attenders come back by design."""
    left = spells.Discharge_Method.isin((SELF_DISCHARGE, *DIED)).fill_null(False)
    moved_on = spells.Discharge_Destination.isin(TRANSFER_PLACES).fill_null(False)
    return ~left & ~moved_on & ~is_regular_attender(spells.Patient_Classification) & ~is_excluded(spells)


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


RE30 = ReadmissionRule(name="RE30", within_days=WITHIN_DAYS, is_index=_is_parent, is_return=_is_child)
