"""Accident and emergency attendances, one row each, as HES A&E (2007/08 to 2019/20) and SUS sent them.

Codes and sentinels are those of the HES A&E data dictionary (NHS Digital); 99 and 9 mean not known. Diagnosis and treatment codes
have a condition or treatment of two digits, then a sub-analysis: two digits are kept (CDS, A and E codes), and what does not begin
with two digits is a code of another scheme, cut short by HES, and becomes null. Waits are the minutes that HES and SUS worked out;
times of the clock leave the supplier as the hour of arrival alone.
"""

from functools import partial

import ibis
import ibis.expr.types as ir

from farr.lab.ingest import activity
from farr.lab.ingest.activity import HRG, NOT_KNOWN
from farr.lab.ingest.checks import between, one_of, shaped
from farr.lab.ingest.feed import Feed, FeedColumn, TimeToHour, kept
from farr.lab.model.tables.emergency import AE_ATTENDANCE

_DISPOSALS = ["01", "02", "03", "04", "05", "06", "07", "10", "11", "12", "13", "14"]
_REFERRERS = ["00", "01", "02", "03", "04", "05", "06", "07", "08", "92", "93"]
_GROUPS = ["10", "20", "30", "40", "50", "60", "70", "80"]
_NOT_99 = (*NOT_KNOWN, "99")
_NOT_9 = (*NOT_KNOWN, "9")
_LONGEST = 44_640  # a month of minutes

_code = partial(activity.code, AE_ATTENDANCE)


def _two_digits(value: ir.StringColumn) -> ir.StringValue:
    return value.re_search("^[0-9]{2}").ifelse(value.left(2), ibis.null("string"))


def _two_digit_code(name: str, *aliases: str) -> FeedColumn:
    return _code(name, *aliases, recode=_two_digits, checks=(shaped("[0-9]{2}", "a code of two digits"),))


def _minutes(name: str, *aliases: str) -> FeedColumn:
    return kept(
        AE_ATTENDANCE, name, "A wait, in minutes", aliases=aliases, null_values=NOT_KNOWN, checks=(between(0, _LONGEST, "minutes"),)
    )


_PEOPLE = (
    *activity.WHO,
    *activity.birth_and_home(on="Arrival_Date"),
    *activity.WITHHELD,
    activity.identifier("Attendance_Identifier", "The attendance in the department's own system", "AEATTENDNO", "AEA_ATTENDANCE_NUMBER"),
    activity.professional("Staff_Member", "Who saw the person, as a code", "AESTAFFCODE", "AEA_STAFF_MEMBER_CODE"),
    activity.professional("Registered_Practitioner", "The practitioner with whom the person is registered", "REGGMP", "PREGGMP", "GP_CODE"),
    FeedColumn(
        name="Arrival_Time", type="string", meaning="Time of arrival, hhmm", source=activity.HES, rule=TimeToHour(to="Arrival_Hour"),
        aliases=("ARRIVALTIME",), null_values=activity.NO_TIME,
    ),
    activity.unneeded("Initial_Assessment_Time", "Time of assessment", "INITTIME", "AEA_INITIAL_ASSESSMENT_TIME"),
    activity.unneeded("Treatment_Time", "Time of treatment", "TRETTIME", "AEA_TIME_SEEN_FOR_TREATMENT"),
    activity.unneeded("Conclusion_Time", "Time of conclusion", "CONCLTIME", "AEA_ATTENDANCE_CONCLUSION_TIME"),
    activity.unneeded("Departure_Time", "Time of departure", "DEPTIME", "AEA_DEPARTURE_TIME"),
    activity.unneeded("Admitted_Episode", "Record of the admission that followed, where there was one", "EPIKEY"),
)  # fmt: skip

_ATTENDANCE = (
    activity.key(AE_ATTENDANCE, "AEA_Ident", "AEKEY"),
    *activity.organisations(AE_ATTENDANCE),
    activity.site(AE_ATTENDANCE),
    *activity.place(AE_ATTENDANCE),
    *activity.person(AE_ATTENDANCE, "ARRIVALAGE", "ARRIVALAGE_CALC", "AGE_AT_CDS_ACTIVITY_DATE", "DER_AGE_AT_CDS_ACTIVITY_DATE", "ACTIVAGE"),
    activity.date(AE_ATTENDANCE, "Arrival_Date", "ARRIVALDATE", needed=True, may_be_null=False),
    kept(AE_ATTENDANCE, "Arrival_Hour", "An hour of the day", null_values=NOT_KNOWN, checks=(between(0, 23, "hour"),)),
    _code("Arrival_Mode", "AEARRIVALMODE", "AEA_ARRIVAL_MODE", null_values=_NOT_9, checks=(one_of("12", "arrival mode"),)),
    _code("Department_Type", "AEDEPTTYPE", "AEA_DEPARTMENT_TYPE", needed=True, recode=activity.two_digits, null_values=_NOT_99,
          checks=(one_of(["01", "02", "03", "04", "05"], "department type"),)),
    _code("Attendance_Category", "AEATTENDCAT", "AEA_ATTENDANCE_CATEGORY", needed=True, null_values=_NOT_9,
          checks=(one_of("123", "attendance category"),)),
    _code("Attendance_Disposal", "AEATTENDDISP", "AEA_ATTENDANCE_DISPOSAL", needed=True, recode=activity.two_digits, null_values=_NOT_99,
          checks=(one_of(_DISPOSALS, "attendance disposal"),)),
    _code("Referral_Source", "AEREFSOURCE", "AEA_REFERRAL_SOURCE", recode=activity.two_digits, null_values=_NOT_99,
          checks=(one_of(_REFERRERS, "source of referral"),)),
    _code("Patient_Group", "AEPATGROUP", "AEA_PATIENT_GROUP", null_values=_NOT_99, checks=(one_of(_GROUPS, "patient group"),)),
    _minutes("Minutes_to_Assessment", "INITDUR", "AEA_ASSESSMENT_WAIT_TIME"),
    _minutes("Minutes_to_Treatment", "TRETDUR", "AEA_TREATMENT_WAIT_TIME"),
    _minutes("Minutes_to_Conclusion", "CONCLDUR", "AEA_CONCLUSION_WAIT_TIME"),
    _minutes("Minutes_to_Departure", "DEPDUR", "AEA_DURATION"),
    _two_digit_code("Diagnosis_01", "DIAG2_01", "DIAG3_01", "DIAG_01", "AEA_DIAGNOSIS_01"),
    _two_digit_code("Investigation_01", "INVEST2_01", "INVEST_01", "AEA_INVESTIGATION_01"),
    _two_digit_code("Treatment_01", "TREAT2_01", "TREAT3_01", "TREAT_01", "AEA_TREATMENT_01"),
    _code("Core_HRG", "SUSHRG", "HRGNHS", "SUS_HRG_CODE", checks=(HRG,)),
    *activity.costs(AE_ATTENDANCE),
)  # fmt: skip

FEED = Feed(
    title="Accident and emergency attendances",
    description="One row an attendance at an emergency department, as HES A&E and SUS send it.",
    source="HES accident and emergency; SUS SEM AEA (NCDR names)",
    table=AE_ATTENDANCE,
    activity_date="Arrival_Date",
    columns=(*_PEOPLE, *_ATTENDANCE),
    made=activity.pseudonym(AE_ATTENDANCE),
    quasi_identifiers=("Age", "Sex", "Postcode_District", "Ethnic_Group", "GP_Practice_Code"),
)
