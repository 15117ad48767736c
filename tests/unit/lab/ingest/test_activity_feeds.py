"""Five feeds about people share many columns and are still told apart, raw and clean, in every spelling."""

import pytest

from farr.lab.ingest.feed import Feed, Keep, KeepFor
from farr.lab.ingest.identifiers import by_name
from farr.lab.ingest.recognise import closest, recognise
from farr.lab.ingest.sides import Side, clean_form, forms, identifying_columns
from farr.lab.model.discover import discover

FEEDS = discover("farr.lab.ingest.feeds", Feed)
PEOPLE = {name: feed for name, feed in FEEDS.items() if feed.table.person is not None}

# The first columns of each as they stand in public extracts: HES, NCDR and the Unified SUS paths.
HEADERS = {
    ("op_attendance", "HES"): "PSEUDO_HESID ATTENDKEY APPTAGE APPTDATE ATTENDED ATTENDID ETHNOS FIRSTATT GPPRAC MAINSPEF OPERTN_4_01 "
    "OUTCOME PREFERER PRIORITY PROCODE3 PURCODE REFSOURC SEX SITETRET TRETSPEF WAITING DIAG_4_01 ADMINCAT LSOA11 WAIT_IND EPIKEY",
    ("op_attendance", "NCDR"): "OPA_Ident Der_Pseudo_NHS_Number Appointment_Date First_Attendance Attendance_Status Core_HRG Sex "
    "Treatment_Function_Code Main_Specialty_Code Der_Provider_Code "
    "Der_Provider_Site_Code Outcome_of_Attendance Priority_Type Grand_Total_Payment_MFF",
    ("op_attendance", "SUS+"): "system.record.identifier appointment.date appointment.first_attendance appointment.attended_or_dna "
    "appointment.patient.identity.nhs_number.value,Pseudo appointment.patient.identity.gender appointment.referral.source_op "
    "appointment.commissioning.service_agreement.provider appointment.care_location.site_code_of_treatment "
    "appointment.care_professional.main_specialty "
    "appointment.commissioning.tariff_calculation.final_price appointment.patient.residence_derived.lsoa_11",
    ("ae_attendance", "HES"): "PSEUDO_HESID AEKEY AEARRIVALMODE AEATTENDCAT AEATTENDDISP AEDEPTTYPE AEPATGROUP AEREFSOURCE ARRIVALAGE "
    "ARRIVALDATE ARRIVALTIME DEPDUR INITDUR TRETDUR CONCLDUR DIAG2_01 INVEST2_01 TREAT2_01 EPIKEY ETHNOS GPPRAC PROCODE3 PURCODE SEX "
    "SITETRET",
    ("ae_attendance", "NCDR"): "AEA_Ident Der_Pseudo_NHS_Number Arrival_Date Arrival_Time AEA_Arrival_Mode AEA_Attendance_Category "
    "AEA_Attendance_Disposal AEA_Department_Type AEA_Duration AEA_Diagnosis_01 AEA_Patient_Group AEA_Referral_Source Provider_Code Sex",
    ("ecds_attendance", "HES"): "TOKEN_PERSON_ID EPIKEY ARRIVAL_DATE ARRIVAL_TIME ARRIVAL_MODE ATTENDANCE_CATEGORY ATTENDANCE_SOURCE "
    "DEPARTMENT_TYPE DISCHARGE_DESTINATION DISCHARGE_STATUS DISCHARGE_FOLLOW_UP DEPARTURE_TIME_SINCE_ARRIVAL AGE_AT_ARRIVAL "
    "STATED_GENDER ETHNIC_CATEGORY PROVIDER_CODE SITE COMMISSIONER LSOA_2011 DIAGNOSIS_CODE_1 FINAL_PRICE BIRTH_MONTH BIRTH_YEAR",
    ("ecds_attendance", "NCDR"): "EC_Ident Der_Pseudo_NHS_Number Arrival_Date Arrival_Time EC_Arrival_Mode_SNOMED_CT EC_AttendanceCategory "
    "EC_Department_Type EC_Discharge_Status_SNOMED_CT Discharge_Destination_SNOMED_CT EC_Departure_Time_Since_Arrival Provider_Code Sex "
    "Age_At_Arrival GP_Practice_Code Der_Postcode_LSOA_2011_Code Der_EC_Diagnosis_All SUS_HRG_Code SUS_Final_Price",
    ("ecds_attendance", "SUS+"): "system.record.identifier patient.nhs_number.value,Pseudo attendance.arrival.date attendance.arrival.time "
    "attendance.arrival.arrival_mode.code attendance.arrival.attendance_category attendance.location.department_type "
    "attendance.discharge.destination.code attendance.discharge.status.code attendance.departure.time_since_arrival "
    "attendance.location.hes_provider_3 attendance.location.site "
    "patient.stated_gender patient.usual_address.lsoa_11 commissioning.national_pricing.final_price",
    ("critical_care", "HES, joined"): "TOKEN_PERSON_ID CC_Ident EPIKEY PROCODE3 CCSTARTDATE CCDISDATE CCUNITFUN BRESSUPDAYS CCLEV2DAYS "
    "CCLEV3DAYS ORGSUPMAX SUSRECID BESTMATCH",
    ("critical_care", "NCDR"): "CC_Ident APCE_Ident APCS_Ident Der_Pseudo_NHS_Number Der_Provider_Code CC_Type CC_Unit_Function "
    "CC_Start_Date CC_Discharge_Date CC_Days_LOS CC_Level2_Days CC_Level3_Days Unbundled_HRG CC_Total_Cost",
    ("apc_episode", "HES"): "PSEUDO_HESID EPIKEY ADMIDATE ADMIMETH CLASSPAT EPISTART EPIEND PROCODE3 SITETRET STARTAGE SEX DIAG_4_01 AEKEY",
}  # fmt: skip


def columns(header: str) -> list[str]:
    return [name.replace(",", " ") for name in header.split()]


@pytest.mark.parametrize(("name", "spelling"), HEADERS)
def test_a_raw_header_is_recognised_as_itself(name, spelling):
    found = recognise(columns(HEADERS[name, spelling]), forms(FEEDS, Side.RAW))
    assert found.feed.name == name
    unmapped = {"EPIKEY", "AEKEY", "APCS_Ident", "BESTMATCH", "SUSRECID", "WAIT_IND"}
    assert set(found.unknown) <= unmapped


@pytest.mark.parametrize("name", PEOPLE)
def test_a_clean_header_is_recognised_as_itself_on_both_sides(name):
    header = [column.name for column in clean_form(FEEDS[name]).columns]
    assert closest(header, forms(FEEDS, Side.RAW)).feed.name == name
    assert recognise(header, forms(FEEDS, Side.CLEAN)).feed.name == name
    assert by_name(header, FEEDS[name]) == []


@pytest.mark.parametrize("name", PEOPLE)
def test_the_least_that_a_clean_file_can_hold_is_recognised(name):
    header = [column.name for column in clean_form(FEEDS[name]).columns if column.needed]
    assert closest(header, forms(FEEDS, Side.RAW)).feed.name == name


@pytest.mark.parametrize("name", PEOPLE)
def test_every_column_of_the_table_is_declared_or_derived(name):
    feed = FEEDS[name]
    declared = {column.name for column in (*feed.columns, *feed.made) if isinstance(column.rule, Keep)}
    assert {column.name for column in feed.table.columns} - {"Activity_Month"} == declared | set(feed.derived)
    assert {column.rule.to for column in feed.columns if isinstance(column.rule, KeepFor)} <= set(feed.derived)


@pytest.mark.parametrize("name", PEOPLE)
def test_no_name_stands_for_two_columns_of_a_feed(name):
    names = [alias for column in FEEDS[name].columns for alias in (column.name.upper(), *column.aliases)]
    assert len(names) == len(set(names)), sorted(one for one in names if names.count(one) > 1)


@pytest.mark.parametrize("name", PEOPLE)
def test_what_points_to_people_is_the_same_in_every_feed(name):
    identifying = {column.name for column in identifying_columns(FEEDS[name])}
    shared = {"NHS_Number", "National_Pseudonym", "Birth_Date", "Birth_Year", "Postcode", "LSOA", "LSOA_2001", "UPRN", "Surname"}
    assert shared | {"Local_Patient_Identifier", "Pathway_Identifier", "Address"} <= identifying


def test_hes_critical_care_without_its_episode_is_refused_by_name():
    header = ["CCSTARTDATE", "CCDISDATE", "CCUNITFUN", "BRESSUPDAYS", "CCLEV2DAYS", "CCLEV3DAYS", "ORGSUPMAX", "SUSRECID", "BESTMATCH"]
    missing = closest(header, forms(FEEDS, Side.RAW)).missing
    assert {"CC_Ident", "APCE_Ident", "Provider_Code", "NHS_Number"} == set(missing)
