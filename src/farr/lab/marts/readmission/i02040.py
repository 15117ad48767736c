"""Emergency readmission within 30 days of discharge, as NHS Digital's compendium indicator I02040 counts it.

Source: digital.nhs.uk, specification of I02040 version 3 (and 3.2 of the CCG Outcomes Indicator Set, version 1.4, which words the
same rule): continuous inpatient stays; "emergency admissions within 0-29 days (inclusive) of the last, previous discharge from
hospital"; "admissions for cancer and obstetrics are excluded"; people of all ages. Read there.

Not verified, and stated as choices here: day cases are no index (from the domain's notes on the indicator); people who died in
hospital are none; cancer is any mention of it or chemotherapy in the stay (code list cancer_care); obstetrics is specialty 501 or
560, a primary diagnosis of chapter XV, an HRG of NZ, or a maternity or birth method of admission. "Selected medical and surgical
specialties" are not applied, since their list could not be read. A stay that may not be an index does not hide the one before it.
"""

import ibis
import ibis.expr.types as ir

from farr.lab.marts.admission import is_emergency, is_regular_attender
from farr.lab.marts.readmission.rule import DIED, ReadmissionRule

WITHIN_DAYS = 29
OBSTETRIC_SPECIALTIES = ("501", "560")
MATERNITY_METHODS = ("31", "32", "82", "83")
_OBSTETRIC_CHAPTER = "O"
_MATERNITY_HRG = "NZ"


def _is_index(spells: ir.Table) -> ir.BooleanValue:
    """Ends a continuous stay: alive, not a day case or regular attender, not for cancer or obstetrics."""
    died = spells.Discharge_Method.isin(DIED).fill_null(False)
    by_day = (spells.Der_Management_Type == "DC") | is_regular_attender(spells.Patient_Classification)
    return spells.Continuous_Stay_Is_Last & ~died & ~by_day & ~_is_excluded(spells)


def _is_return(spells: ir.Table) -> ir.BooleanValue:
    """Begins a continuous stay, as an emergency, not for cancer or obstetrics."""
    begins = spells.Spell_Key == spells.Superspell_Key
    emergency = is_emergency(spells.Admission_Method) & ~is_regular_attender(spells.Patient_Classification)
    return begins & emergency & ~_is_excluded(spells)


def _is_excluded(spells: ir.Table) -> ir.BooleanValue:
    return spells.Continuous_Stay_Has_Cancer_Care | is_obstetric(spells)


def is_obstetric(spells: ir.Table) -> ir.BooleanValue:
    """A stay for pregnancy, birth or its care, as far as a spell says so."""
    return ibis.or_(
        spells.Main_Specialty_Code.isin(OBSTETRIC_SPECIALTIES).fill_null(False),
        spells.Spell_Primary_Diagnosis.startswith(_OBSTETRIC_CHAPTER).fill_null(False),
        spells.Spell_Core_HRG.startswith(_MATERNITY_HRG).fill_null(False),
        spells.Admission_Method.isin(MATERNITY_METHODS).fill_null(False),
    )


I02040 = ReadmissionRule(name="I02040", within_days=WITHIN_DAYS, is_index=_is_index, is_return=_is_return, last_discharge_only=True)
