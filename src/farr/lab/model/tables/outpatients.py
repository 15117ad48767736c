"""Outpatient appointments as loaded, and what they came to."""

from farr.lab.model.table import Column, TableDeclaration, TableKind
from farr.lab.model.tables.activity import (
    AGE_BAND,
    AS_WAS,
    FARR,
    HES,
    MONEY_AS_FED,
    NCDR,
    PERSON_AND_PLACE,
    REGION_AS_FED,
    REGIONS,
    SERVICE_LINE,
    SITE,
    SITE_OF_PROVIDER,
)

OP_DIAGNOSES = ("Diagnosis_01", "Diagnosis_02")
OP_PROCEDURES = tuple(f"Procedure_{number:02d}" for number in range(1, 5))

_APPOINTMENT = (
    Column(name="Appointment_Date", type="date", source=NCDR, meaning="Day of the appointment"),
    Column(name="First_Attendance", type="string", source=NCDR, meaning="1 first, 2 follow-up, 3 first by telephone or telemedicine, 4 follow-up likewise, 5 administrative event"),
    Column(name="Attendance_Status", type="string", source=NCDR, meaning="5 attended, 6 late and seen, 3 did not attend, 7 late and not seen, 2 cancelled by the patient, 4 cancelled by the provider, 0 not yet"),
    Column(name="Outcome_of_Attendance", type="string", source=HES, meaning="1 discharged, 2 another appointment given, 3 another to be made later"),
    Column(name="Main_Specialty_Code", type="string", source=NCDR, meaning="Specialty the consultant is contracted in"),
    Column(name="Treatment_Function_Code", type="string", source=NCDR, meaning="Specialty of the clinic"),
    Column(name="Referral_Source", type="string", source=HES, meaning="Who referred: 03 general practitioner, 05 another consultant, and others"),
    Column(name="Priority", type="string", source=HES, meaning="1 routine, 2 urgent, 3 two-week wait"),
    Column(name="Administrative_Category", type="string", source=NCDR, meaning="01 NHS, 02 private, 03 amenity, 04 category II"),
    Column(name="Waiting_Days", type="int32", source=HES, meaning="Days from referral request to the appointment; null where not known"),
    Column(name="Core_HRG", type="string", source=NCDR, meaning="Healthcare resource group of the attendance"),
    *(Column(name=name, type="string", source=HES, meaning=f"ICD-10 code, position {number}") for number, name in enumerate(OP_DIAGNOSES, 1)),
    *(Column(name=name, type="string", source=HES, meaning=f"OPCS-4 code, position {number}") for number, name in enumerate(OP_PROCEDURES, 1)),
    *SERVICE_LINE,
    *MONEY_AS_FED,
)  # fmt: skip

_ACTIVITY_MONTH = Column(name="Activity_Month", type="string", source=FARR, meaning="Month the row is counted in: of the appointment")

OP_ATTENDANCE = TableDeclaration(
    name="op_attendance",
    title="Outpatient appointment",
    description="One outpatient appointment, kept or not, as fed.",
    kind=TableKind.STAGED,
    policy="hes_2018",
    key=("OPA_Ident",),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    columns=(
        Column(name="OPA_Ident", type="int64", source=NCDR, meaning="Key of the appointment"),
        *PERSON_AND_PLACE,
        SITE,
        REGION_AS_FED,
        Column(name="Ethnic_Group", type="string", source=NCDR, meaning="Ethnic category code, as stated by the person"),
        *_APPOINTMENT,
        _ACTIVITY_MONTH,
    ),
)

OP_APPOINTMENT = TableDeclaration(
    name="op_appointment",
    title="Outpatient appointment, derived",
    description="One outpatient appointment with what became of it: attended, first or follow-up, not attended, cancelled, with a procedure.",
    kind=TableKind.MART,
    policy="hes_2018",
    key=("OPA_Ident",),
    person="Der_Pseudo_NHS_Number",
    month="Activity_Month",
    derived_from=("op_attendance",),
    columns=(
        Column(name="OPA_Ident", type="int64", source=NCDR, meaning="Key of the appointment"),
        *PERSON_AND_PLACE,
        SITE_OF_PROVIDER,
        *AS_WAS,
        *REGIONS,
        *_APPOINTMENT,
        Column(name="Is_Attended", type="boolean", source=NCDR, meaning="Attended, on time or late and seen (status 5, 6); administrative events are not"),
        Column(name="Is_First", type="boolean", source=NCDR, meaning="First attendance, face to face or not (1, 3)"),
        Column(name="Is_Follow_Up", type="boolean", source=NCDR, meaning="Follow-up, face to face or not (2, 4)"),
        Column(name="Is_Remote", type="boolean", source=NCDR, meaning="By telephone or telemedicine (3, 4)"),
        Column(name="Is_Not_Attended", type="boolean", source=NCDR, meaning="Did not attend, or too late to be seen (3, 7)"),
        Column(name="Is_Cancelled_by_Patient", type="boolean", source=NCDR, meaning="Cancelled by the patient (2)"),
        Column(name="Is_Cancelled_by_Provider", type="boolean", source=NCDR, meaning="Cancelled by the provider (4)"),
        Column(name="Has_Procedure", type="boolean", source=FARR, meaning="An OPCS-4 code is recorded, or the HRG is not of attendance without procedure (WF)"),
        Column(name="Is_Consultant_Led", type="boolean", source=NCDR, meaning="Main specialty is a consultant's (not 560, 900-904, 950, 960 or unknown)"),
        Column(name="Is_GP_Referred", type="boolean", source=HES, meaning="Referred by a general practitioner (03)"),
        AGE_BAND,
        _ACTIVITY_MONTH,
    ),
)  # fmt: skip
