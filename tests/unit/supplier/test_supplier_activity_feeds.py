"""Outpatients, A&E, ECDS and critical care at the supplier: one person, one pseudonym; an age, an hour and areas, and nothing closer."""

import csv

import duckdb
import pytest

from farr.lab.ingest.feed import Feed, FeedError
from farr.lab.model.agreement import AgreementError, OptOuts
from farr.lab.model.discover import discover
from farr.supplier.risk.report import risk_report
from farr.supplier.rules import hour_of_day

FEEDS = discover("farr.lab.ingest.feeds", Feed)
DATASETS = ("apc_episode", "op_attendance", "ae_attendance", "critical_care")
NHS, OTHER = "943 476 5919", "987 654 3210"
PERSON = {"NHSNO": NHS, "Birth_Date": "1984-06-15", "Postcode": "LS6 1QZ", "LSOA11": "E01011229", "PROCODE3": "RR8", "SEX": "2"}
ROWS = {
    "op_attendance": {**PERSON, "ATTENDKEY": "9223372036854775807", "APPTDATE": "2024-06-14", "FIRSTATT": "1", "ATTENDED": "5",
                      "PREFERER": "m3vLS1nhZS6Aq8cM", "PCONSULT": "C1234567", "ATTENDID": "zJ1QpTjxKkC7"},
    "ae_attendance": {**PERSON, "AEKEY": "1", "ARRIVALDATE": "2024-06-15", "ARRIVALTIME": "1347", "AEDEPTTYPE": "01", "AEATTENDCAT": "1",
                      "AEATTENDDISP": "01", "DEPTIME": "1712", "DEPDUR": "205"},
    "ecds_attendance": {**PERSON, "EC_Ident": "1", "Arrival_Date": "2024-06-15", "Arrival_Time": "13:47:00", "Department_Type": "01",
                        "Attendance_Category": "1", "Discharge_Destination": "306706006", "BIRTH_YEAR": "1984"},
    "critical_care": {**PERSON, "CC_Ident": "1", "EPIKEY": "1001", "CCSTARTDATE": "2024-06-15", "CCDISDATE": "2024-06-16",
                      "CCSTARTTIME": "13:47:00", "BRESSUPDAYS": "2"},
}  # fmt: skip


@pytest.fixture
def run(supplier, tmp_path):
    """De-identifies rows like that of the feed, with changes; gives the manifest and the clean rows."""

    def deidentified(name, *changes, base=None, out="clean", **options):
        path = tmp_path / f"{name}.csv"
        rows = [{**(base or ROWS[name]), **change} for change in (changes or ({},))]
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        options.setdefault("terms", {"datasets": DATASETS})
        manifest, clean = supplier.run(path, out=out, **options)
        relation = duckdb.connect().from_parquet(str(clean))
        return manifest, [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()], clean

    return deidentified


@pytest.mark.parametrize("name", ROWS)
def test_nothing_that_points_to_a_person_or_a_professional_leaves(run, name):
    manifest, (row,), _ = run(name)
    assert manifest.feed == name
    values = {str(value) for value in row.values()}
    held = " ".join(values)
    for secret in ("9434765919", NHS, "1984", "1QZ", "E01011229", "m3vLS1nhZS6Aq8cM", "C1234567", "zJ1QpTjxKkC7", "1347", "13:47", "1712"):
        assert secret not in held, secret


@pytest.mark.parametrize(("name", "age"), [("op_attendance", "39"), ("ae_attendance", "40"), ("ecds_attendance", "40")])
def test_age_is_taken_on_the_day_of_care(run, name, age):
    _, (row,), _ = run(name)
    assert (row["Age"], row["Postcode_District"], row["Sex"]) == (age, "LS6", "2")


def test_critical_care_keeps_no_age_and_no_place(run):
    manifest, (row,), _ = run("critical_care")
    assert not {"Age", "Postcode_District", "Deprivation_Decile"} & set(row)
    assert {"Birth_Date", "Postcode", "LSOA"} <= set(manifest.columns_dropped)
    assert row["APCE_Ident"] == "1001"


@pytest.mark.parametrize("name", ["ae_attendance", "ecds_attendance"])
def test_small_areas_become_their_groups(run, tmp_path, name):
    areas = tmp_path / "areas.csv"
    areas.write_text("LSOA_Code,Deprivation_Decile,Locality_Code\nE01011229,3,L7\n")
    _, (row,), _ = run(name, small_areas=areas)
    assert (row["Deprivation_Decile"], row["Locality_Code"]) == ("3", "L7")


@pytest.mark.parametrize(
    ("sent", "hour"),
    [
        ("1347", "13"), ("0005", "0"), ("09:15", "9"), ("09:15:00", "9"), ("23:59:59.0000000", "23"), ("2024-06-15 07:01:00", "7"),
        ("2024-06-15T07:01:00", "7"), ("4000", None), ("2460", None), ("915", None), ("noon", None), ("13", None), (None, None),
    ],
)  # fmt: skip
def test_a_time_becomes_its_hour(sent, hour):
    assert duckdb.execute(f"SELECT {hour_of_day('x')} FROM (SELECT CAST(? AS VARCHAR) AS x)", [sent]).fetchone() == (hour,)


@pytest.mark.parametrize("name", ["ae_attendance", "ecds_attendance"])
def test_the_hour_leaves_and_what_cannot_be_read_is_counted(run, name):
    column = "ARRIVALTIME" if name == "ae_attendance" else "Arrival_Time"
    manifest, rows, _ = run(name, {}, {column: "4000"}, {column: "late"})
    assert [row["Arrival_Hour"] for row in rows] == ["13", None, None]
    assert manifest.values_lost["Arrival_Hour"] == {"the time cannot be read": 1}


@pytest.mark.parametrize("names_people_by", [{"NHSNO": NHS}, {"TOKEN_PERSON_ID": "TESTjwbWvqYr5QkyXzhyTPNhXVSi5dxt"}])
def test_a_person_has_one_pseudonym_in_every_feed(supplier, run, names_people_by):
    made = set()
    for name, usual in ROWS.items():
        row = {key: value for key, value in usual.items() if key != "NHSNO"} | names_people_by
        _, rows, _ = run(name, base=row, out=name)
        made.update(row["Der_Pseudo_NHS_Number"] for row in rows)
    columns = ["EPIKEY", *names_people_by, "PROCODE3", "ADMIDATE", "ADMIMETH", "CLASSPAT", "EPISTART", "EPIEND"]
    _, clean = supplier.run(supplier.raw(names_people_by, name="apc.csv", columns=columns), out="apc")
    made.update(value for (value,) in duckdb.connect().from_parquet(str(clean)).project("Der_Pseudo_NHS_Number").fetchall())
    assert len(made) == 1


@pytest.mark.parametrize("name", ROWS)
def test_who_opted_out_does_not_leave(run, tmp_path, name):
    listed = tmp_path / "opt-outs.txt"
    listed.write_text("9434765919\n")
    terms = {"datasets": DATASETS, "opt_outs": OptOuts.APPLIED, "opt_outs_reason": "planning"}
    manifest, rows, _ = run(name, {}, {"NHSNO": OTHER}, terms=terms, opt_outs=listed)
    assert (manifest.rows_read, manifest.opt_outs.rows, len(rows)) == (2, 1, 1)


def test_an_agreement_covers_a_table_however_it_is_sent(run):
    manifest, _, _ = run("ecds_attendance", terms={"datasets": ("ae_attendance",)})
    assert manifest.feed == "ecds_attendance"
    with pytest.raises(AgreementError, match="is ae_attendance, which agreement 'north' does not cover"):
        run("ecds_attendance", terms={"datasets": ("apc_episode",)}, out="other")


def test_critical_care_that_names_nobody_is_refused(run):
    row = {key: value for key, value in ROWS["critical_care"].items() if key != "NHSNO"}
    with pytest.raises(FeedError, match="critical_care and lacks the column NHS_Number"):
        run("critical_care", base=row)


def test_a_key_of_nineteen_digits_leaves_as_it_is(run):
    _, (row,), _ = run("op_attendance")
    assert row["OPA_Ident"] == "9223372036854775807"


@pytest.mark.parametrize("name", ROWS)
def test_the_risk_report_counts_over_the_feeds_own_quasi_identifiers(run, name):
    people = [{"NHSNO": number} for number in (NHS, OTHER)] * 6
    _, _, clean = run(name, *people)
    report = risk_report(clean, FEEDS[name], sample=10)
    assert report.anonymity.people == 2
    assert set(report.anonymity.quasi_identifiers) <= set(FEEDS[name].quasi_identifiers)
    tried = {finding.scenario.name for finding in report.findings}
    assert ("employer" in tried) == (name != "critical_care")
