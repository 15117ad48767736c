"""The files answer to the declared feeds: what the feeds reject is what was spoilt, and nothing else."""

from pathlib import Path

import ibis
import pytest

from farr.lab.ingest.feed import Feed
from farr.lab.ingest.feeds import (
    ae_attendance,
    apc_episode,
    commissioner_feature,
    contract_plan,
    critical_care,
    deprivation,
    hrg_trim_point,
    local_activity,
    local_code,
    national_price,
    op_attendance,
    organisation,
    organisation_parent,
    organisation_successor,
    peer_list,
    population_by_deprivation,
    population_projection,
    provider_cost,
    provider_feature,
    registered_population,
    resident_population,
)
from farr.lab.ingest.recognise import match
from farr.lab.ingest.validate import validated
from farr.lab.model.period import Month, Period
from farr.supplier.synthetic.writer import Settings, write_feed

YEAR = Period(Month(2024, 3), Month(2025, 2))  # a year, so that there are mergers
MONTH = Month(2024, 5)
FAULTS = {
    ("Episode_End_Date", "order of dates"): "start_after_end",
    ("Sex", "code list"): "sex",
    ("Admission_Method", "code list"): "admission_method",
    ("Diagnosis_01", "shape"): "diagnosis",
    ("Attendance_Status", "code list"): "attendance_status",
    ("Attendance_Disposal", "code list"): "attendance_disposal",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("synthetic") / "feed"
    return folder, write_feed(Settings(period=YEAR, scale=0.003, seed=7), folder)


def _rejected(feed: Feed, read: str) -> dict[tuple[tuple[str, str], ...], int]:
    connection = ibis.duckdb.connect()
    number = "SELECT row_number() OVER () AS row_number, NULL::VARCHAR AS row_problem"
    connection.con.execute(f"CREATE TABLE raw AS {number}, COLUMNS(*)::VARCHAR FROM {read}")
    columns = connection.table("raw").columns[2:]
    found = match(columns, feed)
    assert (found.unknown, found.missing) == ((), ())
    checks = validated(columns, feed, found.mapping)
    for step in checks.steps:
        connection.con.execute(f"CREATE TABLE {step.name} AS {connection.compile(step.expression)}")
    rows = connection.con.execute("SELECT failed, count(*) FROM checked WHERE len(failed) > 0 GROUP BY ALL").fetchall()
    return {tuple((checks.rules[rule].column, checks.rules[rule].rule) for rule in failed): count for failed, count in rows}


@pytest.mark.parametrize("feed", [apc_episode.FEED, op_attendance.FEED, ae_attendance.FEED, critical_care.FEED])
def test_only_spoilt_rows_are_rejected_each_by_the_rule_it_breaks(made: tuple[Path, dict], feed: Feed) -> None:
    folder, facts = made
    file = next(each for each in facts["files"] if each["feed"] == feed.table.name and each["month"] == str(MONTH))
    rejected = _rejected(feed, f"read_parquet('{folder / file['file']}')")
    said = {fault: count for fault, count in file["spoilt"].items() if count}
    assert {FAULTS[rules[0]]: count for rules, count in rejected.items()} == said
    assert said or feed is critical_care.FEED


@pytest.mark.parametrize(
    ("feed", "name"),
    [
        (organisation.FEED, "organisation.csv"),
        (organisation_successor.FEED, "organisation_successor.csv"),
        (organisation_parent.FEED, "organisation_parent.csv"),
        (resident_population.FEED, "resident_population.csv"),
        (population_by_deprivation.FEED, "population_by_deprivation.csv"),
        (population_projection.FEED, "population_projection.csv"),
        (deprivation.FEED, "deprivation.csv"),
        (national_price.FEED, "national_price.csv"),
        (contract_plan.FEED, "contract_plan.csv"),
        (provider_cost.FEED, "provider_cost.csv"),
        (provider_feature.FEED, "provider_feature.csv"),
        (peer_list.FEED, "peer_list.csv"),
        (local_activity.FEED, "local_activity.csv"),
        (local_code.FEED, "local_code.csv"),
        (hrg_trim_point.FEED, "hrg_trim_point.csv"),
        (commissioner_feature.FEED, "commissioner_feature.csv"),
        (registered_population.FEED, f"registered_population_{MONTH}.csv"),
    ],
)
def test_reference_files_pass_whole(made: tuple[Path, dict], feed: Feed, name: str) -> None:
    assert _rejected(feed, f"read_csv('{made[0] / name}', all_varchar = true)") == {}
