"""What was written down of a spell, what would be expected to be, and what coding cannot change: one row an admission."""

from farr.lab.model.table import Column, TableDeclaration, TableKind
from farr.lab.model.tables.activity import FARR
from farr.lab.model.tables.sus import APC_SPELL

_AS_SPELL = (
    "Spell_Key", "Der_Pseudo_NHS_Number", "Provider_Code", "Commissioner_Code", "Provider_Code_As_Was", "Commissioner_Code_As_Was",
    "Provider_Region_Code", "Commissioner_Region_Code", "Sex", "Age_Group", "Treatment_Function_Code", "Casemix_Group", "HRG_Chapter",
    "HRG_Root", "HRG_Price", "Length_of_Stay",
)  # fmt: skip
_COMORBIDITY = "Charlson conditions as coded by Quan et al. (2005)"

SPELL_CODING = TableDeclaration(
    name="spell_coding",
    title="Coding of an admission",
    description="Admissions (no regular attenders, no well babies): what was coded of each, beside what happened whatever was coded.",
    kind=TableKind.MART,
    policy="hes_2018",
    key=("Spell_Key",),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    derived_from=("apc_episode", "critical_care"),
    columns=(
        *(column for column in APC_SPELL.columns if column.name in _AS_SPELL),
        Column(name="Admission_Type", type="string", source=FARR, meaning="DC day case, EL elective, EM emergency, NE other non-elective"),
        Column(name="Operated", type="string", source=FARR, meaning="with: a procedure is recorded; without: none is"),
        Column(name="Secondary_Diagnosis_Count", type="int32", source=FARR,
               meaning="Distinct diagnoses recorded in any episode beside the primary one"),
        Column(name="Has_Comorbidity", type="boolean", source=_COMORBIDITY,
               meaning="Whether a secondary diagnosis is a comorbidity; null where episodes cannot be told to be the spell's"),
        Column(name="Known_Conditions", type="int32", source=FARR,
               meaning="Lasting conditions that an admission in the 365 days before recorded of the person"),
        Column(name="Repeated_Conditions", type="int32", source=FARR, meaning="Of these, the conditions that this admission records too"),
        Column(name="Has_Stated_Diagnosis", type="boolean", source=FARR, meaning="Whether the primary diagnosis is neither blank nor R69"),
        Column(name="Is_Symptom", type="boolean", source="ICD-10 chapter XVIII", meaning="Whether the primary diagnosis is a symptom or sign (not R69)"),
        Column(name="Has_Usable_HRG", type="boolean", source=FARR, meaning="Whether the HRG is neither blank nor UZ01Z"),
        Column(name="Has_Known_Outcome", type="boolean", source=FARR, meaning="Whether it is known that the person left alive or died"),
        Column(name="Has_Died", type="boolean", source=FARR, meaning="Whether the admission ended in death"),
        Column(name="Has_Critical_Care", type="boolean", source=FARR, meaning="Whether a critical-care period is joined to it"),
        Column(name="Is_Readmission_Index", type="boolean", source="as RE30_Is_Index", meaning="A discharge that a readmission could follow"),
        Column(name="Is_Readmitted", type="boolean", source="as RE30_Is_Readmitted", meaning="Such a discharge, followed by a readmission within 30 days"),
        Column(name="Activity_Month", type="string", source=FARR, meaning="Month of discharge"),
    ),
)  # fmt: skip
