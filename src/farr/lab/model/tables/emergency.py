"""Emergency department attendances as loaded (HES A&E, or the emergency care data set), and what they came to."""

from farr.lab.model.table import Column, TableDeclaration, TableKind
from farr.lab.model.tables.activity import (
    AGE_BAND,
    AGE_GROUP,
    AS_WAS,
    FARR,
    HES,
    MONEY_AS_FED,
    NCDR,
    PERSON_AND_PLACE,
    REGION_AS_FED,
    REGIONS,
    SITE,
    SITE_OF_PROVIDER,
)

_ATTENDANCE = (
    Column(name="Arrival_Date", type="date", source=NCDR, meaning="Day of arrival"),
    Column(name="Arrival_Hour", type="int16", source=HES, meaning="Hour of arrival, 0 to 23; minutes are not kept"),
    Column(name="Arrival_Mode", type="string", source=HES, meaning="1 ambulance, 2 other"),
    Column(name="Department_Type", type="string", source=HES, meaning="01 major (consultant-led, 24 hours), 02 single specialty, 03 minor injury or other, 04 walk-in centre, 05 same-day emergency care"),
    Column(name="Attendance_Category", type="string", source=HES, meaning="1 first, 2 planned follow-up, 3 unplanned follow-up"),
    Column(name="Attendance_Disposal", type="string", source=HES,
           meaning="01 admitted, 02 to general practitioner, 03 no follow-up, 04-06 to a clinic, 07 transferred, 10 died, 11 to another professional, 12 left untreated, 13 refused treatment, 14 other"),
    Column(name="Referral_Source", type="string", source=HES, meaning="00 general practitioner, 01 self, 03 emergency services, and others"),
    Column(name="Patient_Group", type="string", source=HES, meaning="10 road accident, 20 assault, 30 self-harm, 40 sports, 60 other accident, 80 other than accident"),
    Column(name="Minutes_to_Assessment", type="int32", source=HES, meaning="From arrival to initial assessment; null where not known"),
    Column(name="Minutes_to_Treatment", type="int32", source=HES, meaning="From arrival to treatment; null where not known"),
    Column(name="Minutes_to_Conclusion", type="int32", source=HES, meaning="From arrival to conclusion of the attendance; null where not known"),
    Column(name="Minutes_to_Departure", type="int32", source=HES, meaning="From arrival to departure; null where not known"),
    Column(name="Diagnosis_01", type="string", source=HES, meaning="First diagnosis: two-character A&E code, or SNOMED CT in the emergency care data set"),
    Column(name="Investigation_01", type="string", source=HES, meaning="First investigation, likewise; 24 (none) or null where nothing was done"),
    Column(name="Treatment_01", type="string", source=HES, meaning="First treatment, likewise; 99 (none) or null where nothing was done"),
    Column(name="Core_HRG", type="string", source=NCDR, meaning="Healthcare resource group of the attendance (VB)"),
    *MONEY_AS_FED,
)  # fmt: skip

_ACTIVITY_MONTH = Column(name="Activity_Month", type="string", source=FARR, meaning="Month the row is counted in: of arrival")

AE_ATTENDANCE = TableDeclaration(
    name="ae_attendance",
    title="Emergency department attendance",
    description="One attendance at an emergency department, as fed by HES A&E or the emergency care data set (ECDS).",
    kind=TableKind.STAGED,
    policy="hes_2018",
    key=("AEA_Ident",),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    columns=(
        Column(name="AEA_Ident", type="int64", source=NCDR, meaning="Key of the attendance"),
        *PERSON_AND_PLACE,
        SITE,
        REGION_AS_FED,
        Column(name="Ethnic_Group", type="string", source=NCDR, meaning="Ethnic category code, as stated by the person"),
        *_ATTENDANCE,
        _ACTIVITY_MONTH,
    ),
)

AE_VISIT = TableDeclaration(
    name="ae_visit",
    title="Emergency department attendance, derived",
    description="One attendance with its wait and what became of it.",
    kind=TableKind.MART,
    policy="hes_2018",
    key=("AEA_Ident",),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    derived_from=("ae_attendance",),
    columns=(
        Column(name="AEA_Ident", type="int64", source=NCDR, meaning="Key of the attendance"),
        *PERSON_AND_PLACE,
        SITE_OF_PROVIDER,
        *AS_WAS,
        *REGIONS,
        *_ATTENDANCE,
        Column(name="Is_Unplanned", type="boolean", source=HES, meaning="First or unplanned attendance; planned follow-ups (2) are not"),
        Column(name="Is_Major", type="boolean", source=HES, meaning="At a major department (type 01)"),
        Column(name="Is_Within_Four_Hours", type="boolean", source=HES, meaning="Departed within 240 minutes of arrival; null where the time is not known"),
        Column(name="Is_Over_Twelve_Hours", type="boolean", source=HES, meaning="Departed later than 720 minutes after arrival; null where the time is not known"),
        Column(name="Is_Admitted", type="boolean", source=HES, meaning="Admitted to a bed of the same provider (disposal 01)"),
        Column(name="Has_Left_Untreated", type="boolean", source=HES, meaning="Left before treatment, or refused it (12, 13)"),
        Column(name="Is_Reattendance", type="boolean", source=FARR, meaning="Unplanned, at any department, within seven days after another attendance of the same person"),
        Column(name="Is_Without_Treatment", type="boolean", source="NHP mitigator: discharged without investigation or treatment", meaning="Discharged (02, 03) with no investigation but none or advice, and no treatment but none or advice"),
        AGE_BAND,
        AGE_GROUP,
        _ACTIVITY_MONTH,
    ),
)  # fmt: skip
