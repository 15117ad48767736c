"""Hospital activity: admitted-care episodes as loaded, and the spells made of them.

Names are those of the National Commissioning Data Repository (NCDR), the derivation text for SUS PbR 2013/14 to 2018/19;
HES and SUS+ names are aliases, declared with the feed.
"""

from farr.lab.model.table import Column, TableDeclaration, TableKind

_NCDR = "NCDR SUS PbR data set, 2013/14 to 2018/19"
_HES = "HES admitted patient care data dictionary (NHS Digital)"
_FARR = "derived by Farr"

DIAGNOSES = tuple(f"Diagnosis_{number:02d}" for number in range(1, 25))
PROCEDURES = tuple(f"Procedure_{number:02d}" for number in range(1, 25))

_PERSON_AND_PLACE = (
    Column(name="Der_Pseudo_NHS_Number", type="string", source=_NCDR,
           meaning="The person, as a pseudonym made at the supplier with the agreement's key; the lab cannot undo it"),
    Column(name="Provider_Code", type="string", source=_NCDR, meaning="Organisation that provided the care (three or five characters)"),
    Column(name="Commissioner_Code", type="string", source=_NCDR, meaning="Organisation that pays for the care"),
    Column(name="GP_Practice_Code", type="string", source=_NCDR, meaning="Practice at which the person is registered"),
    Column(name="Postcode_District", type="string", source=_NCDR, meaning="Outward part of the home postcode, such as LS6"),
    Column(name="Locality_Code", type="string", source=_FARR, meaning="Locality that holds the person's small area, as the supplier's lookup says"),
    Column(name="Deprivation_Decile", type="int16", source=_FARR,
           meaning="Decile of the Index of Multiple Deprivation of the small area; 1 is the most deprived"),
    Column(name="Age", type="int16", source=_NCDR, meaning="Completed years at admission; under one year is 0"),
    Column(name="Sex", type="string", source=_NCDR, meaning="1 male, 2 female, 9 not specified, 0 not known"),
)  # fmt: skip

_ADMISSION = (
    Column(name="Admission_Date", type="date", source=_NCDR, meaning="First day of the hospital provider spell"),
    Column(name="Admission_Method", type="string", source=_NCDR,
           meaning="11-13 elective; 21-25, 28, 2A-2D emergency; 31, 32 maternity; 81 transfer; 82, 83 birth"),
    Column(name="Source_of_Admission", type="string", source=_NCDR, meaning="Where the person was before, such as 19 usual home, 51-53 another hospital"),
    Column(name="Patient_Classification", type="string", source=_NCDR,
           meaning="1 ordinary, 2 day case, 3 regular day, 4 regular night, 5 mother and baby using delivery facilities only"),
    Column(name="Administrative_Category", type="string", source=_NCDR, meaning="01 NHS, 02 private, 03 amenity, 04 category II"),
    Column(name="Discharge_Date", type="date", source=_NCDR, meaning="Last day of the hospital provider spell"),
    Column(name="Discharge_Method", type="string", source=_NCDR, meaning="1 clinical, 2 self, 3 tribunal or court, 4 died, 5 stillbirth; 8, 9 not ended"),
    Column(name="Discharge_Destination", type="string", source=_NCDR, meaning="Where the person went, such as 19 usual home, 51-53 another hospital, 79 died"),
)  # fmt: skip

_ACTIVITY_MONTH = Column(
    name="Activity_Month",
    type="string",
    source=_FARR,
    meaning="Month the row is counted in: of the episode's end, or of the spell's discharge",
)

APC_EPISODE = TableDeclaration(
    name="apc_episode",
    title="Admitted-care episode",
    description="One finished consultant episode: a time under one consultant's care within a hospital provider spell.",
    kind=TableKind.STAGED,
    policy="hes_2018",
    key=("APCE_Ident",),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    columns=(
        Column(name="APCE_Ident", type="int64", source=_NCDR, meaning="Key of the episode"),
        Column(name="APCS_Ident", type="string", source=_NCDR, meaning="Key of the spell as the feed groups it, where it does"),
        *_PERSON_AND_PLACE,
        Column(name="Region_Code", type="string", source=_HES, meaning="Region as fed (HES: government office region of residence)"),
        Column(name="Ethnic_Group", type="string", source=_NCDR, meaning="Ethnic category code, as stated by the person"),
        *_ADMISSION,
        Column(name="Episode_Number", type="int16", source=_NCDR, meaning="Order of the episode within its spell, from 1"),
        Column(name="Episode_Start_Date", type="date", source=_NCDR, meaning="First day of the episode"),
        Column(name="Episode_End_Date", type="date", source=_NCDR, meaning="Last day of the episode"),
        Column(name="Episode_Status", type="string", source=_HES, meaning="1 unfinished, 3 finished (EPISTAT)"),
        Column(name="Episode_Type", type="string", source=_HES, meaning="1 general, 2 delivery, 3 birth, 4 psychiatric, 5 other delivery, 6 other birth"),
        Column(name="Main_Specialty_Code", type="string", source=_NCDR, meaning="Specialty the consultant is contracted in"),
        Column(name="Treatment_Function_Code", type="string", source=_NCDR, meaning="Specialty the person was treated in"),
        *(Column(name=name, type="string", source=_NCDR, meaning=f"ICD-10 code, position {number}; the first is the primary diagnosis")
          for number, name in enumerate(DIAGNOSES, start=1)),
        *(Column(name=name, type="string", source=_NCDR, meaning=f"OPCS-4 code, position {number}; the first is the main procedure")
          for number, name in enumerate(PROCEDURES, start=1)),
        Column(name="FCE_HRG", type="string", source=_NCDR, meaning="Healthcare resource group of the episode"),
        Column(name="FCE_Group_Status", type="string", source=_NCDR, meaning="Inc where the episode counts towards the PbR spell, Exc where not"),
        Column(name="FCE_Unbundled_HRGs", type="string", source=_NCDR, meaning="Unbundled healthcare resource groups, separated by commas"),
        Column(name="Spell_Core_HRG", type="string", source=_NCDR, meaning="Healthcare resource group of the spell, repeated on its episodes"),
        Column(name="Der_PbR_ACC_Days", type="int32", source=_NCDR, meaning="Adult critical-care days within the episode, paid apart"),
        Column(name="Der_PbR_PCC_Days", type="int32", source=_NCDR, meaning="Paediatric critical-care days within the episode, paid apart"),
        Column(name="Der_PbR_NCC_Days", type="int32", source=_NCDR, meaning="Neonatal critical-care days within the episode, paid apart"),
        Column(name="Der_SEM_SPC_Days", type="int32", source=_NCDR, meaning="Specialist palliative-care days within the episode, paid apart"),
        Column(name="Der_SEM_Rehab_Days", type="int32", source=_NCDR, meaning="Rehabilitation days within the episode, paid apart"),
        _ACTIVITY_MONTH,
    ),
)  # fmt: skip

APC_SPELL = TableDeclaration(
    name="apc_spell",
    title="Admitted-care spell",
    description="One hospital provider spell: a stay from admission to discharge at one provider, made of its episodes.",
    kind=TableKind.MART,
    policy="hes_2018",
    key=("Spell_Key",),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    derived_from=("apc_episode",),
    columns=(
        Column(name="Spell_Key", type="int64", source=_FARR, meaning="APCE_Ident of the spell's first episode"),
        *_PERSON_AND_PLACE,
        Column(name="Provider_Region_Code", type="string", source=_FARR, meaning="Region of the provider, from the organisation reference"),
        Column(name="Commissioner_Region_Code", type="string", source=_FARR, meaning="Region of the commissioner, from the organisation reference; else as fed"),
        Column(name="Practice_Region_Code", type="string", source=_FARR, meaning="Region of the practice, from the organisation reference"),
        *_ADMISSION,
        Column(name="Main_Specialty_Code", type="string", source=_NCDR, meaning="Main specialty of the first episode"),
        Column(name="Treatment_Function_Code", type="string", source=_NCDR, meaning="Treatment function of the first episode"),
        Column(name="Spell_Primary_Diagnosis", type="string", source=_NCDR, meaning="Primary diagnosis of the first episode"),
        Column(name="Spell_Dominant_Procedure", type="string", source=_NCDR, meaning="First main procedure recorded in the spell, in order of episodes"),
        Column(name="Spell_Core_HRG", type="string", source=_NCDR, meaning="Healthcare resource group of the spell"),
        Column(name="Episode_Count", type="int32", source=_FARR, meaning="Finished episodes in the spell"),
        Column(name="Length_of_Stay", type="int32", source=_NCDR, meaning="Days from admission to discharge"),
        Column(name="Spell_Adj_LoS", type="int32", source=_NCDR, meaning="PbR-adjusted length of stay: days of included episodes less critical care, palliative and rehabilitation days"),
        Column(name="HRG_TrimPoint", type="int32", source=_NCDR, meaning="Days beyond which a stay is paid by the day, by HRG and admission type; null where not known"),
        Column(name="Spell_ExcessBedDays", type="int32", source=_NCDR, meaning="Days of adjusted length of stay beyond the trim point; null where that is not known"),
        Column(name="Der_Management_Type", type="string", source=_NCDR, meaning="DC day case, EL elective, EM emergency, NE other non-elective, RDA and RNA regular attenders, UNK"),
        Column(name="Point_of_Delivery", type="string", source=_NCDR, meaning="DC, EL, NEL, NELST (emergency with adjusted stay under 2 days), NELNE, RDA, RNA, UNK"),
        Column(name="Superspell_Key", type="int64", source=_FARR, meaning="Spell_Key of the first spell of the continuous inpatient stay (CIPS)"),
        Column(name="RE30_Is_Index", type="boolean", source=_NCDR, meaning="A discharge that a PbR readmission could follow"),
        Column(name="RE30_Is_Readmitted", type="boolean", source=_NCDR, meaning="An index discharge followed by an emergency admission within 30 days, PbR exclusions applied"),
        _ACTIVITY_MONTH,
    ),
)  # fmt: skip
