"""Outpatient appointments, one row each, kept or not, as HES and SUS send them.

Codes and sentinels are those of the HES outpatient data dictionary (NHS Digital). Of procedures: '-' none, '&' not known, X999 none
carried out and X997 not known are nulls (X998, one without a code, is kept). No OPCS-4 code begins with a digit: old files fill
positions that hold none with 0000 or 9998, which are nulls too. SUS+ names are the paths of the Unified SUS outpatient extract.
"""

from functools import partial

import ibis
import ibis.expr.types as ir

from farr.lab.ingest import activity
from farr.lab.ingest.activity import HRG, ICD10, NOT_KNOWN, OPCS4, SPECIALTY
from farr.lab.ingest.checks import one_of
from farr.lab.ingest.feed import Feed, FeedColumn, KeepFor
from farr.lab.model.tables.outpatients import OP_ATTENDANCE, OP_DIAGNOSES, OP_PROCEDURES

_REFERRERS = ["01", "02", "03", "04", "05", "06", "07", "08", "10", "11", "12", "13", "14", "15", "16", "17", "92", "93", "97"]
_NO_PROCEDURE = (*NOT_KNOWN, "X999", "X997", "0000", "9998", "9999")

_code = partial(activity.code, OP_ATTENDANCE)
_not_9 = (*NOT_KNOWN, "9")


def days_waited(row: ir.Table) -> ir.IntegerValue:
    """Null where HES says that it could not work them out, for want of a right date of referral (WAIT_IND 1 to 5)."""
    return (row["Waiting_Indicator"].fill_null("0") == "0").ifelse(row["Waiting_Days"], ibis.null("int32"))


_PEOPLE = (
    *activity.WHO,
    *activity.birth_and_home(on="Appointment_Date"),
    *activity.WITHHELD,
    activity.identifier("Attendance_Identifier", "The appointment in the hospital's own system", "ATTENDID", "APPOINTMENT_IDENTIFIER"),
    activity.professional("Referrer", "Who referred, as a code or its pseudonym", "PREFERER", "APPOINTMENT_REFERRAL_REFERRER"),
    activity.professional("Consultant", "The consultant, as a code or its pseudonym", "PCONSULT", "CONSULT", "CONSULTANT_CODE",
                          "APPOINTMENT_CARE_PROFESSIONAL_CONSULTANT"),
    activity.professional("Registered_Practitioner", "The practitioner with whom the person is registered", "REGGMP", "PREGGMP", "GP_CODE",
                          "APPOINTMENT_PATIENT_REGISTRATION_GENERAL_PRACTITIONER"),
    activity.unneeded("Referring_Organisation", "Where the referral came from", "REFERORG", "APPOINTMENT_REFERRAL_REFERRING_ORGANISATION"),
    activity.unneeded("Appointment_Time", "Time of the appointment", "APPTIME"),
    activity.unneeded("Referral_Request_Received_Date", "Day the referral arrived", "REQDATE", "APPOINTMENT_REFERRAL_RECEIVED_DATE"),
    activity.unneeded("Last_DNA_Date", "Last appointment not kept", "DNADATE", "APPOINTMENT_LAST_DNA_OR_CANCELLED_DATE"),
)  # fmt: skip

_APPOINTMENT = (
    activity.key(OP_ATTENDANCE, "OPA_Ident", "ATTENDKEY", "SYSTEM_RECORD_IDENTIFIER"),
    *activity.organisations(OP_ATTENDANCE),
    activity.site(OP_ATTENDANCE),
    *activity.place(OP_ATTENDANCE),
    *activity.person(OP_ATTENDANCE, "APPTAGE", "APPTAGE_CALC", "AGE_AT_CDS_ACTIVITY_DATE", "DER_AGE_AT_CDS_ACTIVITY_DATE",
                     "APPOINTMENT_PATIENT_IDENTITY_AGE_AT_CDS_ACTIVITY_DATE", "ACTIVAGE"),
    activity.date(OP_ATTENDANCE, "Appointment_Date", "APPTDATE", needed=True, may_be_null=False),
    _code("First_Attendance", "FIRSTATT", "APPOINTMENT_FIRST_ATTENDANCE", needed=True, null_values=(*_not_9, "X"),
          checks=(one_of("12345", "first attendance"),)),
    _code("Attendance_Status", "ATTENDED", "APPOINTMENT_ATTENDED_OR_DNA", needed=True, null_values=_not_9,
          checks=(one_of("0234567", "attendance status"),)),
    _code("Outcome_of_Attendance", "OUTCOME", "APPOINTMENT_OUTCOME", null_values=_not_9,
          checks=(one_of("12345", "outcome of attendance"),)),
    _code("Main_Specialty_Code", "MAINSPEF", "APPOINTMENT_CARE_PROFESSIONAL_MAIN_SPECIALTY", checks=(SPECIALTY,)),
    _code("Treatment_Function_Code", "TRETSPEF", "APPOINTMENT_CARE_PROFESSIONAL_TREATMENT_FUNCTION", checks=(SPECIALTY,)),
    _code("Referral_Source", "REFSOURC", "SOURCE_OF_REFERRAL", "APPOINTMENT_REFERRAL_SOURCE_OP", recode=activity.two_digits,
          null_values=(*NOT_KNOWN, "99"), checks=(one_of(_REFERRERS, "source of referral"),)),
    _code("Priority", "PRIORITY_TYPE", "APPOINTMENT_REFERRAL_PRIORITY_TYPE", null_values=_not_9, checks=(one_of("123", "priority type"),)),
    _code("Administrative_Category", "ADMINCAT", "APPOINTMENT_ADMINISTRATIVE_CATEGORY", recode=activity.two_digits,
          checks=(activity.ADMINISTRATIVE,)),
    activity.days(OP_ATTENDANCE, "Waiting_Days", "WAITING", "WAITDAYS"),
    FeedColumn(
        name="Waiting_Indicator", type="string", meaning="0 where the days waited could be worked out", source=activity.HES,
        rule=KeepFor(to="Waiting_Days", because=activity.A_CODE), aliases=("WAIT_IND",), null_values=NOT_KNOWN,
        checks=(one_of("012345", "waiting calculation indicator"),),
    ),
    _code("Core_HRG", "SUSHRG", "HRGNHS", "APPOINTMENT_COMMISSIONING_GROUPING_CORE_HRG", checks=(HRG,)),
    *(_code(name, f"DIAG_4_{number:02d}", f"DIAG_{number:02d}", recode=activity.without_dot, checks=(ICD10,))
      for number, name in enumerate(OP_DIAGNOSES, start=1)),
    *(_code(name, f"OPERTN_4_{number:02d}", f"OPERTN_{number:02d}", null_values=_NO_PROCEDURE, recode=activity.without_dot, checks=(OPCS4,))
      for number, name in enumerate(OP_PROCEDURES, start=1)),
    *activity.service_line(OP_ATTENDANCE),
    *activity.costs(OP_ATTENDANCE, "APPOINTMENT_COMMISSIONING_TARIFF_CALCULATION_FINAL_PRICE"),
)  # fmt: skip

FEED = Feed(
    title="Outpatient appointments",
    description="One row an outpatient appointment, attended or not, as HES and SUS send it.",
    source="HES outpatients; SUS SEM OPA (NCDR names); SUS+ unified outpatients",
    table=OP_ATTENDANCE,
    activity_date="Appointment_Date",
    columns=(*_PEOPLE, *_APPOINTMENT),
    made=activity.pseudonym(OP_ATTENDANCE),
    quasi_identifiers=("Age", "Sex", "Postcode_District", "Ethnic_Group", "GP_Practice_Code"),
    derived={"Waiting_Days": days_waited},
)
