"""What the codes of outpatients, A&E, ECDS and critical care land as."""

import csv
from datetime import date
from pathlib import Path

import pytest

from farr.lab.ingest.feed import Feed
from farr.lab.model.discover import discover

FEEDS = discover("farr.lab.ingest.feeds", Feed)
WHO = {"Der_Pseudo_NHS_Number": "0123456789abcdef" * 2, "Provider_Code": "RTA"}
OP = {**WHO, "OPA_Ident": "1", "Appointment_Date": "2024-05-02", "First_Attendance": "1", "Attendance_Status": "5"}
AE = {
    **WHO,
    "AEA_Ident": "1",
    "Arrival_Date": "2024-05-02",
    "Department_Type": "01",
    "Attendance_Category": "1",
    "Attendance_Disposal": "01",
}
ECDS = {**WHO, "AEA_Ident": "1", "Arrival_Date": "2024-05-02", "Department_Type": "01", "Attendance_Category": "1",
        "Discharge_Destination": "306689006"}  # fmt: skip
CC = {**WHO, "CC_Ident": "1", "APCE_Ident": "7", "CC_Start_Date": "2024-05-02", "CC_Discharge_Date": "2024-05-04"}
HOME, WARD, MORTUARY, HOSPITAL, SHORT_STAY = "306689006", "306706006", "305398007", "19712007", "1066331000000109"
COMPLETED, LEFT, DIED, TO_GP = "182992009", "1066321000000107", "75004002", "1077021000000100"


@pytest.fixture
def one(tmp_path: Path, landing):
    """The row that one sent row lands as, and what it failed."""

    def read(name: str, base: dict[str, str], **changes: str):
        path = tmp_path / "sent.csv"
        row = {**base, **changes}
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([list(row), list(row.values())])
        rows, failed = landing(path, FEEDS[name])
        return (rows[0] if rows else None), failed

    return read


@pytest.mark.parametrize(
    ("column", "sent", "held"),
    [
        ("First_Attendance", "9", None), ("First_Attendance", "X", None), ("First_Attendance", "3", "3"),
        ("Attendance_Status", "9", None), ("Outcome_of_Attendance", "9", None), ("Priority", "9", None), ("Priority", "3", "3"),
        ("Referral_Source", "99", None), ("Referral_Source", "3", "03"), ("Main_Specialty_Code", "&", None),
        ("Procedure_01", "&\t ", None), ("Procedure_01", "-", None), ("Procedure_01", "X999", None), ("Procedure_01", "X997", None),
        ("Procedure_01", "X998", "X998"), ("Procedure_02", "0000", None), ("Procedure_02", "9998", None),
        ("Procedure_01", "w37.1", "W371"), ("Age", "7004.0", 0), ("Age", "0.375", 0), ("Age", "59.0", 59), ("Age", "999", None),
        ("GP_Practice_Code", "V81999", None), ("Sex", "X", "0"), ("Tariff_Total", "", None),
    ],
)  # fmt: skip
def test_outpatient_codes(one, column, sent, held):
    row, failed = one("op_attendance", OP, **{column: sent})
    assert failed == {}
    assert row[column] == held


APC = {**WHO, "APCE_Ident": "1", "Admission_Date": "2024-05-02", "Admission_Method": "21", "Patient_Classification": "1",
       "Episode_Start_Date": "2024-05-02", "Episode_End_Date": "2024-05-04"}  # fmt: skip


@pytest.mark.parametrize(("name", "base"), [("apc_episode", APC), ("op_attendance", OP), ("ae_attendance", AE), ("ecds_attendance", ECDS)])
@pytest.mark.parametrize(
    ("sent", "held"),
    [("RTA01", "RTA01"), ("rta02 ", "RTA02"), ("RTAX1Q7K2", "RTAX1Q7K2"), ("89999", None), ("89997", None), ("", None), ("&", None),
     ("RTA", None), ("01", None), ("RTA-1", None), ("RTA01RTA02", None)],
)  # fmt: skip
def test_a_site_is_a_site_code_or_nothing_and_costs_no_record(one, name, base, sent, held):
    row, failed = one(name, base, Site_Code=sent)
    assert failed == {}
    assert row["Site_Code"] == held


@pytest.mark.parametrize(("name", "base"), [("apc_episode", APC), ("op_attendance", OP), ("ae_attendance", AE), ("ecds_attendance", ECDS)])
def test_a_file_without_sites_is_read_as_before(one, name, base):
    row, failed = one(name, base)
    assert failed == {}
    assert row["Site_Code"] is None


@pytest.mark.parametrize("sent", ["AU00", "0009", "1"])
def test_what_is_no_procedure_and_no_filler_is_set_aside(one, sent):
    row, failed = one("op_attendance", OP, Procedure_03=sent)
    assert row is None
    assert failed == {("Procedure_03", "shape"): 1}


@pytest.mark.parametrize(("indicator", "held"), [("0", 34), ("", 34), ("3", None), ("5", None)])
def test_days_waited_that_hes_could_not_work_out_are_not_held(one, indicator, held):
    row, failed = one("op_attendance", OP, Waiting_Days="34", Waiting_Indicator=indicator)
    assert failed == {}
    assert row["Waiting_Days"] == held


@pytest.mark.parametrize(
    ("column", "sent", "held"),
    [
        ("Department_Type", "99", None), ("Department_Type", "1", "01"), ("Arrival_Mode", "9", None), ("Attendance_Category", "9", None),
        ("Attendance_Disposal", "99", None), ("Attendance_Disposal", "3", "03"), ("Patient_Group", "99", None),
        ("Diagnosis_01", "053", "05"), ("Diagnosis_01", "38", "38"), ("Diagnosis_01", "S0", None), ("Diagnosis_01", "8 ", None),
        ("Treatment_01", "222", "22"), ("Treatment_01", "99", "99"), ("Investigation_01", "24", "24"), ("Investigation_01", "XR", None),
        ("Minutes_to_Departure", "239", 239), ("Arrival_Hour", "23", 23),
    ],
)  # fmt: skip
def test_accident_and_emergency_codes(one, column, sent, held):
    row, failed = one("ae_attendance", AE, **{column: sent})
    assert failed == {}
    assert row[column] == held


@pytest.mark.parametrize(("column", "sent"), [("Arrival_Hour", "24"), ("Minutes_to_Departure", "-5"), ("Arrival_Hour", "1345")])
def test_impossible_times_are_set_aside(one, column, sent):
    row, failed = one("ae_attendance", AE, **{column: sent})
    assert row is None
    assert failed == {(column, "range"): 1}


@pytest.mark.parametrize(
    ("column", "sent", "held"),
    [
        ("Arrival_Mode", "1048031000000100", "1"), ("Arrival_Mode", "1048051000000107", "1"), ("Arrival_Mode", "1048071000000103", "2"),
        ("Arrival_Mode", "123456789", None), ("Department_Type", "05", "05"), ("Department_Type", "99", None),
        ("Attendance_Category", "1", "1"), ("Attendance_Category", "2", "3"), ("Attendance_Category", "3", "3"),
        ("Attendance_Category", "4", "2"), ("Attendance_Category", "X", None), ("Referral_Source", "507291000000100", None),
        ("Patient_Group", "70", "70"), ("Patient_Group", "276853009", None), ("Investigation_01", "1088291000000101", "24"),
        ("Investigation_01", "27171005,1088291000000101", "27171005"), ("Treatment_01", "183964008", "99"),
        ("Treatment_01", "81733005", "81733005"),
        ("Diagnosis_01", "55680006,13645005", "55680006"),
    ],
)  # fmt: skip
def test_ecds_codes_become_those_of_the_table(one, column, sent, held):
    row, failed = one("ecds_attendance", ECDS, **{column: sent})
    assert failed == {}
    assert row[column] == held


@pytest.mark.parametrize(
    ("status", "destination", "follow_up", "held"),
    [
        (COMPLETED, WARD, "", "01"), ("", WARD, "", "01"), (COMPLETED, WARD, "989501000000106", "01"), (COMPLETED, HOSPITAL, "", "07"),
        (COMPLETED, MORTUARY, "", "10"), (DIED, "", "", "10"), (LEFT, HOME, "", "12"), (TO_GP, "", "", "02"),
        (COMPLETED, HOME, "989501000000106", "02"), (COMPLETED, HOME, "3780001", "03"), (COMPLETED, HOME, "", "03"),
        (COMPLETED, HOME, "123456789", None),  # a follow-up on no list: not known to be none
        ("", HOME, "", None), (COMPLETED, "", "", None), (COMPLETED, "123456789", "", None), (COMPLETED, SHORT_STAY, "", None),
    ],
)  # fmt: skip
def test_an_ecds_disposal_is_what_status_destination_and_follow_up_say(one, status, destination, follow_up, held):
    row, failed = one("ecds_attendance", ECDS, Discharge_Status=status, Discharge_Destination=destination, Discharge_Follow_Up=follow_up)
    assert failed == {}
    assert row["Attendance_Disposal"] == held


@pytest.mark.parametrize(("sent", "held"), [({}, 3), ({"CC_Days_LOS": "2"}, 2), ({"CC_Days_LOS": "999"}, 3)])
def test_critical_care_days_count_the_first_and_the_last(one, sent, held):
    row, failed = one("critical_care", CC, **sent)
    assert failed == {}
    assert (row["CC_Days_LOS"], row["APCE_Ident"], row["CC_Discharge_Date"]) == (held, 7, date(2024, 5, 4))
    assert row["Activity_Month"] == "2024-05"


def test_a_critical_care_period_does_not_end_before_it_begins(one):
    _, failed = one("critical_care", CC, CC_Discharge_Date="2024-05-01")
    assert failed == {("CC_Discharge_Date", "order of dates"): 1}


@pytest.mark.parametrize(("column", "sent"), [("Unbundled_HRG", "FZ12A"), ("CC_Unit_Function", "77"), ("CC_Type", "ICU")])
def test_other_codes_are_no_critical_care(one, column, sent):
    row, failed = one("critical_care", CC, **{column: sent})
    assert row is None
    assert set(failed) <= {(column, "shape"), (column, "code list")}
    assert failed
