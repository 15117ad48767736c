"""What becomes of a good file, and of bad rows in it."""

import csv
import gzip

import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from farr.lab.desk.load import check_file
from farr.lab.ingest.feed import FeedError
from farr.lab.ingest.sides import Side
from farr.lab.model.agreement import AgreementError
from farr.lab.model.period import Month


def test_rows_land_typed_in_their_month(desk, make):
    report = desk.load(desk.write("two.csv", [make(1, month=5), make(2, month=6, Age="7003")]))
    assert (report.rows_read, report.rows_loaded, report.rows_quarantined) == (2, 2, 0)
    assert report.months == (Month(2024, 5), Month(2024, 6))
    assert desk.store.months("apc_episode") == [Month(2024, 5), Month(2024, 6)]
    (june,) = (path for path in desk.store.files("apc_episode") if "2024-06" in str(path))
    row = pq.ParquetFile(june).read().to_pylist()[0]
    assert row["Age"] == 0
    assert row["Episode_End_Date"].isoformat() == "2024-06-03"
    assert row["Diagnosis_01"] == "I10X"
    assert row["Locality_Code"] is None


def test_a_month_sent_again_replaces_the_month(desk, make):
    desk.load(desk.write("both.csv", [make(number, month=5 + number % 2) for number in range(10)]))
    report = desk.load(desk.write("may.csv", [make(number) for number in range(3)]), period="2024-05")
    assert report.version == 1
    assert desk.store.rows("apc_episode") == 3 + 5


def test_a_few_stray_rows_do_not_replace_a_full_month(desk, make):
    desk.load(desk.write("may.csv", [make(number) for number in range(10)]))
    june = desk.write("june.csv", [make(number, month=6) for number in range(10)] + [make(99)])
    before = desk.held()
    with pytest.raises(FeedError, match="2024-05.*--period"):
        desk.load(june)
    assert desk.held() == before
    report = desk.load(june, period="2024-06")
    assert (report.rows_loaded, report.rows_quarantined) == (10, 1)
    assert desk.store.rows_by_month("apc_episode") == {Month(2024, 5): 10, Month(2024, 6): 10}


@pytest.mark.parametrize("kind", ["gz", "parquet", "pipe"])
def test_other_formats_give_the_same_rows(desk, make, kind):
    plain = desk.write("may.csv", [make(number) for number in range(9)])
    path = desk.folder / f"may.{kind}"
    if kind == "gz":
        path.write_bytes(gzip.compress(plain.read_bytes()))
    elif kind == "pipe":
        path.write_text(plain.read_text().replace(",", "|"))
    else:
        pq.write_table(pyarrow.csv.read_csv(plain), path)
    report = desk.load(path)
    assert (report.rows_read, report.rows_loaded) == (9, 9)


BAD = {
    "Sex": ("7", "code list"),
    "Age": ("121", "range"),
    "Episode_Number": ("2.5", "type"),
    "Admission_Date": ("31/05/2024", "type"),
    "Episode_End_Date": ("1801-01-01", "missing"),
    "Diagnosis_01": ("Hello", "shape"),
    "Der_Pseudo_NHS_Number": ("4010232137", "shape"),
    "Postcode_District": ("LS6 1AB", "shape"),
    "Episode_Status": ("1", "finished"),
    "Discharge_Date": ("2024-04-01", "order of dates"),
    "APCE_Ident": ("99999999999999999999", "type"),
}


@pytest.mark.parametrize("column", BAD)
def test_a_bad_value_is_set_aside_with_row_column_rule_and_reason(desk, make, column):
    value, rule = BAD[column]
    # Enough good rows that one identifying value does not condemn the file.
    rows = [make(number) for number in range(60)]
    rows[12] = make(12, **{column: value})
    report = desk.load(desk.write("one.csv", rows))
    assert (report.rows_read, report.rows_loaded, report.rows_quarantined) == (60, 59, 1)
    text = report.quarantine.read_text()
    lines = list(csv.DictReader(text.splitlines()))
    assert {"row": "13", "column": column, "rule": rule}.items() <= lines[0].items()
    assert lines[0]["reason"]
    assert value not in text or len(value) == 1


def test_rows_that_cannot_be_read_are_counted(desk, make):
    path = desk.write("rough.csv", [make(number) for number in range(4)])
    lines = path.read_text().splitlines()
    lines[2:2] = ["", "only,three,fields", 'a "stray" quote,"' + lines[1], "   "]
    path.write_text("\n".join(lines) + "\n\n")
    report = desk.load(path)
    assert (report.rows_read, report.rows_loaded, report.rows_quarantined) == (9, 4, 5)
    rows = [line["row"] for line in csv.DictReader(report.quarantine.read_text().splitlines())]
    assert rows == ["2", "3", "4", "5", "9"]


def test_a_few_rows_of_another_month_do_not_wipe_that_month(desk, make):
    desk.load(desk.write("april.csv", [make(number, month=4) for number in range(8)]), "2024-04")
    mixed = [make(number) for number in range(10)] + [make(99, month=4)]
    report = desk.load(desk.write("may.csv", mixed), "2024-05")
    assert report.rows_quarantined == 1
    assert report.failures[0].rule == "period"
    assert desk.store.rows("apc_episode") == 18


def test_the_store_records_the_load(desk, make):
    report = desk.load(desk.write("may.csv", [make(1), make(2, Sex="7")]))
    (kept,) = desk.store.history("apc_episode")
    assert (kept["rows_read"], kept["rows_loaded"], kept["rows_quarantined"]) == (2, 1, 1)
    assert kept["sha256"] == report.sha256
    assert kept["months"] == ["2024-05"]


def test_an_undeclared_column_is_named_and_does_not_pass(desk, make):
    report = desk.load(desk.write("extra.csv", [{**make(1), "Ward": "7b"}]))
    assert report.unknown == ("Ward",)
    assert "Ward" not in pq.ParquetFile(desk.store.files("apc_episode")[0]).schema.names


def test_the_dry_run_changes_nothing(desk, make):
    path = desk.write("may.csv", [make(1), make(2, Sex="7")])
    report = check_file(path, Side.CLEAN)
    assert (report.rows_loaded, report.rows_quarantined, report.version, report.quarantine) == (1, 1, None, None)
    assert desk.held() == ({}, 0)
    assert list(desk.folder.iterdir()) == [path]


def test_published_populations_load_as_published(desk):
    path = desk.folder / "quin.csv"
    path.write_text(
        "PUBLICATION,EXTRACT_DATE,ORG_TYPE,ORG_CODE,ONS_CODE,POSTCODE,SEX,AGE_GROUP_5,NUMBER_OF_PATIENTS\n"
        + "GP_PRAC_PAT_LIST,01APR2024,GP,A81001,X,TS18 1HU,MALE,0_4,10\n"
        + "GP_PRAC_PAT_LIST,01APR2024,GP,A81001,X,TS18 1HU,FEMALE,95+,3\n"
        + "GP_PRAC_PAT_LIST,01APR2024,GP,A81001,X,TS18 1HU,ALL,ALL,13\n"
        + "GP_PRAC_PAT_LIST,01APR2024,SUB_ICB_LOC,16C,X,,MALE,5_9,70\n"
    )
    report = desk.load(path)
    assert (report.feed, report.rows_loaded, report.rows_quarantined) == ("registered_population", 2, 2)
    rows = pq.ParquetFile(desk.store.files("registered_population")[0]).read().to_pylist()
    assert {(row["Sex"], row["Age_Band"], row["Patients"]) for row in rows} == {("1", "00-04", 10), ("2", "95+", 3)}
    assert desk.store.months("registered_population") == [Month(2024, 4)]


def test_ecds_files_fall_under_the_agreement_for_the_table_they_land_in(desk_for):
    row = {
        "AEA_Ident": "1", "Der_Pseudo_NHS_Number": "0123456789abcdef" * 2, "Provider_Code": "RTA", "Arrival_Date": "2024-05-02",
        "Department_Type": "01", "Attendance_Category": "1", "Discharge_Destination": "306706006",
    }  # fmt: skip
    desk = desk_for("ae_attendance")
    report = desk.load(desk.write("ecds.csv", [row]))
    assert (report.feed, report.rows_loaded) == ("ecds_attendance", 1)
    assert desk.store.rows("ae_attendance") == 1
    other = desk_for("apc_episode", "op_attendance")
    with pytest.raises(AgreementError, match="ae_attendance"):
        other.load(other.write("ecds.csv", [row]))
