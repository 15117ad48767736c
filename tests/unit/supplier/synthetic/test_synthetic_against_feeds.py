"""The files answer to the declared feeds: what the feeds reject is what was spoilt, and nothing else."""

from pathlib import Path

import ibis
import pytest

from farr.lab.ingest.feed import Feed
from farr.lab.ingest.feeds import apc_episode, commissioner_feature, hrg_trim_point, organisation, registered_population
from farr.lab.ingest.recognise import match
from farr.lab.ingest.validate import validated
from farr.lab.model.period import Month, Period
from farr.supplier.synthetic.writer import Settings, write_feed

MONTH = Month(2024, 5)
FAULTS = {
    ("Episode_End_Date", "order of dates"): "start_after_end",
    ("Sex", "code list"): "sex",
    ("Admission_Method", "code list"): "admission_method",
    ("Diagnosis_01", "shape"): "diagnosis",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("synthetic") / "feed"
    return folder, write_feed(Settings(period=Period(MONTH, MONTH), scale=0.003, seed=7), folder)


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


def test_only_spoilt_episodes_are_rejected_each_by_the_rule_it_breaks(made: tuple[Path, dict]) -> None:
    folder, facts = made
    rejected = _rejected(apc_episode.FEED, f"read_parquet('{folder}/apc_episode_{MONTH}.parquet')")
    said = {fault: count for fault, count in facts["months"][0]["spoilt"].items() if count}
    assert said
    assert {FAULTS[rules[0]]: count for rules, count in rejected.items()} == said


@pytest.mark.parametrize(
    ("feed", "name"),
    [
        (organisation.FEED, "organisation.csv"),
        (hrg_trim_point.FEED, "hrg_trim_point.csv"),
        (commissioner_feature.FEED, "commissioner_feature.csv"),
        (registered_population.FEED, f"registered_population_{MONTH}.csv"),
    ],
)
def test_reference_files_pass_whole(made: tuple[Path, dict], feed: Feed, name: str) -> None:
    assert _rejected(feed, f"read_csv('{made[0] / name}', all_varchar = true)") == {}
