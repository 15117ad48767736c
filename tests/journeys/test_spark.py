"""The job on Spark, end to end: marts built and benchmarks asked by the same command, with the figures that DuckDB gives."""

import shutil
from dataclasses import replace

import pytest

from farr.lab.desk import Desk
from farr.lab.desk.home import Home
from farr.lab.engine.at_rest.keys import key_name
from farr.lab.engine.duckdb import connect, present
from farr.lab.marts.mart import Mart
from farr.lab.model.discover import discover
from farr.lab.model.tables import TABLES

from .conftest import run_well

pytestmark = pytest.mark.xdist_group("spark")

ID = "nation"
MARTS = sorted(discover("farr.lab.marts.definitions", Mart))


@pytest.fixture(scope="module")
def homes(nation, tmp_path_factory):
    """Two copies of the nation's home; the marts of the second are built anew by Spark."""
    ours, theirs = (tmp_path_factory.mktemp(name) / "home" for name in ("duckdb", "spark"))
    for home in (ours, theirs):
        shutil.copytree(nation.home, home)
    run_well("--engine", "spark", "build", "--whole", home=theirs)
    return ours, theirs


def differing(ours, theirs, table):
    """How many rows each of two stores' tables has that the other has not, and how many there are. Both have the same keys."""
    with connect(files=[*ours.files(table), *theirs.files(table)], keys=ours.keys) as connection:
        for name, store in (("ours", ours), ("theirs", theirs)):
            present(connection, replace(TABLES[table], name=name), store.files(table))
        counts = ("FROM ours EXCEPT ALL FROM theirs", "FROM theirs EXCEPT ALL FROM ours", "FROM ours")
        return connection.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM ({each}))" for each in counts)).fetchone()


@pytest.mark.parametrize("mart", MARTS)
def test_marts_of_a_nation_are_the_same_row_by_row(homes, mart):
    ours, theirs = (Home.open(home).store(ID) for home in homes)
    is_encrypted = {key_name(path) is not None for store in (ours, theirs) for path in store.files(mart)}
    assert is_encrypted == {ours.seals(TABLES[mart])}  # all of them where the mart is about persons, else none
    assert theirs.history(mart)[-1]["engine"] == "spark"
    only_ours, only_theirs, held = differing(ours, theirs, mart)
    assert (only_ours, only_theirs) == (0, 0)
    assert held > 5


@pytest.mark.parametrize("measure", ["emergency_readmission_30_days", "emergency_admissions"])
def test_a_benchmark_asked_of_spark_is_released_with_the_same_figures(homes, measure, monkeypatch):
    ours, theirs = homes
    expected = Desk.open(ours).benchmark(organisation="national", measure=measure)
    monkeypatch.setenv("FARR_ENGINE", "spark")
    found = Desk.open(theirs).benchmark(organisation="national", measure=measure)
    assert found.rows.table == expected.rows.table
    assert found.trend.table == expected.trend.table
