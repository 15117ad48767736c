"""Emergency department attendances, one row each, as the Emergency Care Data Set (ECDS) sends them, in the codes of A&E.

What is SNOMED CT in ECDS is recoded here, in the lab, to the codes of the table; a code that is on no list becomes null, never a guess.

Seen in more than one public source, and so recoded: arrival modes and 'treatment completed' (03), 'streamed to general practitioner'
(02) and 'left before treatment completed' (12) against A&E codes (nhsengland/ESA_Avoidable_ED_Attendances, after NHS Digital 2020);
the names of discharge statuses (HL7 UK Core, Emergency Care Discharge Status); destinations and follow-ups by name (The Strategy Unit,
NHS England mental-health urgent care). Not verified against the ECDS Technical Output Specification, and so parameters, below:
which A&E code short-stay, ambulatory and hospital-at-home destinations would have (they stay null), and that EPIKEY is the key of
the attendance in HES's ECDS extracts, which have no other. Sources of attendance have no verified A&E code, and stay null.
The attendance categories are ECDS's own (1 first; 2, 3 unplanned and 4 planned follow-up; X dead on arrival).
"""

from functools import partial

import ibis
import ibis.expr.types as ir

from farr.lab.ingest import activity
from farr.lab.ingest.activity import HRG, NOT_KNOWN
from farr.lab.ingest.checks import between, one_of, shaped
from farr.lab.ingest.feed import Feed, FeedColumn, KeepFor, TimeToHour, kept
from farr.lab.model.tables.emergency import AE_ATTENDANCE

_AMBULANCE = ("1048021000000102", "1048031000000100", "1048041000000109", "1048051000000107", "1048081000000101")
_NO_AMBULANCE = ("1047991000000102", "1048001000000106", "1048061000000105", "1048071000000103")  # prison, police, public, own
_ARRIVAL_MODES = {**dict.fromkeys(_AMBULANCE, "1"), **dict.fromkeys(_NO_AMBULANCE, "2")}
_ATTENDANCE_SOURCES: dict[str, str] = {}  # a parameter: no source was found for the A&E code of any
_CATEGORIES = {"1": "1", "2": "3", "3": "3", "4": "2"}

_DIED = ("75004002",)  # status: died in the department
_LEFT = ("1066301000000103", "1066311000000101", "1066321000000107")  # before assessment, after it, before treatment completed
_COMPLETED = ("182992009",)
_TO_PRACTITIONER = ("1077021000000100",)
_WARDS = ("306706006", "1066361000000104", "1066371000000106", "1066381000000108", "1066391000000105", "1066401000000108",
          "1874161000000104")  # ward, high dependency, coronary, special baby, intensive, neonatal intensive care, theatre  # fmt: skip
_ELSEWHERE = ("19712007", "183919006")  # another hospital, hospice
_MORTUARY = ("305398007",)
_HOMES = ("306689006", "306691003", "306694006", "306705005", "50861005")  # home, residential, nursing home, police, legal custody
# Short-stay ward, ambulatory care, hospital at home: the A&E disposal of each is a parameter, not verified. Until then null.
_SHORT_STAYS: dict[str, str] = {}
_FOLLOW_UPS = {"989501000000106": "02", "3780001": "03", "301791000000104": "05", "1066111000000103": "06"}

# None done (NHP), and written advice; the rest stay SNOMED CT, as the table says.
_INVESTIGATIONS = {"1088291000000101": "24"}
_TREATMENTS = {"183964008": "99", "413334001": "22"}
_LONGEST = 44_640  # a month of minutes
_SNOMED = shaped("[0-9]{2,18}", "a SNOMED CT code")

_code = partial(activity.code, AE_ATTENDANCE)


def _first(value: ir.StringColumn) -> ir.StringValue:
    """NCDR lists all codes in one column, separated by commas, the first first."""
    return value.split(",")[0].strip()


def _minutes(name: str, *aliases: str) -> FeedColumn:
    return kept(
        AE_ATTENDANCE, name, "A wait, in minutes", aliases=aliases, null_values=NOT_KNOWN, checks=(between(0, _LONGEST, "minutes"),)
    )


def _towards_disposal(name: str, meaning: str, *aliases: str, needed: bool = False) -> FeedColumn:
    rule = KeepFor(to="Attendance_Disposal", because=activity.A_CODE)
    return FeedColumn(
        name=name, type="string", meaning=meaning, source="Emergency Care Data Set", rule=rule, aliases=aliases, null_values=NOT_KNOWN,
        checks=(_SNOMED,), needed=needed,
    )  # fmt: skip


def disposal(row: ir.Table) -> ir.StringValue:
    """The A&E disposal that status, destination and follow-up come to; null where they do not say. Who went home with treatment
    completed and no follow-up recorded needed none (03)."""
    status, destination, follow_up = row["Discharge_Status"], row["Discharge_Destination"], row["Discharge_Follow_Up"]
    went_home = status.isin(_COMPLETED) & destination.isin(_HOMES) & follow_up.isnull()
    return ibis.cases(
        (status.isin(_DIED), "10"),
        (status.isin(_LEFT), "12"),
        (destination.isin(_WARDS), "01"),
        (destination.isin(_ELSEWHERE), "07"),
        (destination.isin(_MORTUARY), "10"),
        *((destination == code, known) for code, known in _SHORT_STAYS.items()),
        (status.isin(_TO_PRACTITIONER), "02"),
        *((follow_up == code, known) for code, known in _FOLLOW_UPS.items()),
        (went_home, "03"),
        else_=ibis.null("string"),
    )


_PEOPLE = (
    *activity.WHO,
    *activity.birth_and_home(on="Arrival_Date"),
    *activity.WITHHELD,
    activity.identifier("Attendance_Identifier", "The attendance in the department's own system", "EC_ATTENDANCE_NUMBER",
                        "ATTENDANCE_UNIQUE_IDENTIFIER", "ATTENDANCE_ARRIVAL_ATTENDANCE_IDENTIFIER"),
    activity.identifier("Ambulance_Incident", "The call that brought the person", "AMBULANCE_INCIDENT_NUMBER",
                        "AMBULANCE_CARE_CONTACT_IDENTIFIER", "ATTENDANCE_ARRIVAL_AMBULANCE_INCIDENT_NUMBER",
                        "ATTENDANCE_ARRIVAL_AMBULANCE_CARE_CONTACT_IDENTIFIER"),
    activity.professional("Registered_Practitioner", "The practitioner with whom the person is registered", "GP_CODE",
                          "PATIENT_GP_REGISTRATION_GENERAL_PRACTITIONER"),
    FeedColumn(
        name="Arrival_Time", type="string", meaning="Time of arrival", source="Emergency Care Data Set",
        rule=TimeToHour(to="Arrival_Hour"), aliases=("DER_EC_ARRIVAL_DATE_TIME", "ATTENDANCE_ARRIVAL_TIME", "ATTENDANCE_ARRIVAL_TIMESTAMP"),
        null_values=activity.NO_TIME,
    ),
)  # fmt: skip

_ATTENDANCE = (
    activity.key(AE_ATTENDANCE, "AEA_Ident", "EC_IDENT", "EPIKEY", "SYSTEM_RECORD_IDENTIFIER"),
    *activity.organisations(AE_ATTENDANCE),
    activity.site(AE_ATTENDANCE, "SITE", "ATTENDANCE_LOCATION_SITE"),
    *activity.place(AE_ATTENDANCE),
    *activity.person(AE_ATTENDANCE, "AGE_AT_ARRIVAL", "PATIENT_AGE_AT_ARRIVAL", "HES_AGE_AT_ARRIVAL", "PATIENT_HES_AGE_AT_ARRIVAL",
                     "DER_AGE_AT_CDS_ACTIVITY_DATE"),
    activity.date(AE_ATTENDANCE, "Arrival_Date", "ATTENDANCE_ARRIVAL_DATE", needed=True, may_be_null=False),
    kept(AE_ATTENDANCE, "Arrival_Hour", "An hour of the day", null_values=NOT_KNOWN, checks=(between(0, 23, "hour"),)),
    _code("Arrival_Mode", "EC_ARRIVAL_MODE_SNOMED_CT", "ATTENDANCE_ARRIVAL_ARRIVAL_MODE_CODE", recode=activity.listed(_ARRIVAL_MODES)),
    _code("Department_Type", "EC_DEPARTMENT_TYPE", "ATTENDANCE_LOCATION_DEPARTMENT_TYPE", needed=True, recode=activity.two_digits,
          null_values=(*NOT_KNOWN, "99"), checks=(one_of(["01", "02", "03", "04", "05"], "department type"),)),
    _code("Attendance_Category", "EC_ATTENDANCECATEGORY", "EC_ATTENDANCE_CATEGORY", "ATTENDANCE_ARRIVAL_ATTENDANCE_CATEGORY", needed=True,
          recode=activity.listed(_CATEGORIES)),
    _towards_disposal("Discharge_Status", "How the attendance ended, SNOMED CT", "EC_DISCHARGE_STATUS_SNOMED_CT",
                      "ATTENDANCE_DISCHARGE_STATUS_CODE"),
    _towards_disposal("Discharge_Destination", "Where the person went, SNOMED CT", "DISCHARGE_DESTINATION_SNOMED_CT",
                      "ATTENDANCE_DISCHARGE_DESTINATION_CODE", needed=True),
    _towards_disposal("Discharge_Follow_Up", "What was to follow, SNOMED CT", "DISCHARGE_FOLLOW_UP_SNOMED_CT",
                      "ATTENDANCE_DISCHARGE_FOLLOW_UP_CODE"),
    _code("Referral_Source", "ATTENDANCE_SOURCE", "EC_ATTENDANCE_SOURCE_SNOMED_CT", "ATTENDANCE_ARRIVAL_ATTENDANCE_SOURCE_CODE",
          recode=activity.listed(_ATTENDANCE_SOURCES)),
    _code("Patient_Group", "DER_AEA_PATIENT_GROUP", recode=activity.only("[1-8]0")),
    _minutes("Minutes_to_Assessment", "INITIAL_ASSESSMENT_TIME_SINCE_ARRIVAL", "EC_INITIAL_ASSESSMENT_TIME_SINCE_ARRIVAL",
             "ATTENDANCE_INITIAL_ASSESSMENT_TIME_SINCE_ARRIVAL"),
    _minutes("Minutes_to_Treatment", "SEEN_FOR_TREATMENT_TIME_SINCE_ARRIVAL", "EC_SEEN_FOR_TREATMENT_TIME_SINCE_ARRIVAL",
             "ATTENDANCE_SEEN_FOR_TREATMENT_TIME_SINCE_ARRIVAL"),
    _minutes("Minutes_to_Conclusion", "CONCLUSION_TIME_SINCE_ARRIVAL", "EC_CONCLUSION_TIME_SINCE_ARRIVAL",
             "ATTENDANCE_CONCLUSION_TIME_SINCE_ARRIVAL"),
    _minutes("Minutes_to_Departure", "DEPARTURE_TIME_SINCE_ARRIVAL", "EC_DEPARTURE_TIME_SINCE_ARRIVAL",
             "ATTENDANCE_DEPARTURE_TIME_SINCE_ARRIVAL"),
    _code("Diagnosis_01", "DIAGNOSIS_CODE_1", "DER_EC_DIAGNOSIS_ALL", recode=_first, checks=(_SNOMED,)),
    _code("Investigation_01", "INVESTIGATION_CODE_1", "DER_EC_INVESTIGATION_ALL", checks=(_SNOMED,),
          recode=lambda value: _first(value).cases(*_INVESTIGATIONS.items(), else_=_first(value))),
    _code("Treatment_01", "TREATMENT_CODE_1", "DER_EC_TREATMENT_ALL", checks=(_SNOMED,),
          recode=lambda value: _first(value).cases(*_TREATMENTS.items(), else_=_first(value))),
    _code("Core_HRG", "HEALTH_RESOURCE_GROUP", "SUS_HRG_CODE", "COMMISSIONING_GROUPING_HEALTH_RESOURCE_GROUP", checks=(HRG,)),
    activity.money(AE_ATTENDANCE, "Tariff_Total", "TARIFF_TOTAL_PAYMENT", "TARIFF", "SUS_TARIFF", "COMMISSIONING_NATIONAL_PRICING_TARIFF"),
    activity.money(AE_ATTENDANCE, "Grand_Total", "GRAND_TOTAL_PAYMENT_MFF", "FINAL_PRICE", "SUS_FINAL_PRICE",
                   "COMMISSIONING_NATIONAL_PRICING_FINAL_PRICE"),
)  # fmt: skip

FEED = Feed(
    title="Emergency care data set",
    description="One row an attendance at an emergency department, as ECDS sends it; what is SNOMED CT lands in the codes of A&E, "
    "and a code that is on no verified list lands as null.",
    source="Emergency Care Data Set: HES extracts, SUS (NCDR names) and SUS+ unified ECDS",
    table=AE_ATTENDANCE,
    activity_date="Arrival_Date",
    columns=(*_PEOPLE, *_ATTENDANCE),
    made=activity.pseudonym(AE_ATTENDANCE),
    quasi_identifiers=("Age", "Sex", "Postcode_District", "Ethnic_Group", "GP_Practice_Code"),
    derived={"Attendance_Disposal": disposal},
)
