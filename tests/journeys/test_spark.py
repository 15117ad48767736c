"""The job on Spark, end to end: marts built and benchmarks asked by the same command, with the figures that DuckDB gives."""

import shutil

import pyarrow.parquet as pq
import pytest

from farr.lab.desk import Desk
from farr.lab.desk.home import Home
from farr.lab.engine.at_rest.keys import key_name
from farr.lab.engine.at_rest.rekey import plain_copies
from farr.lab.model.tables import TABLES

from .conftest import ID, run_well

pytestmark = pytest.mark.xdist_group("spark")

MARTS = ("apc_spell", "episode_group", "population", "commissioner_usual_region")


@pytest.fixture(scope="module")
def homes(country, tmp_path_factory):
    """Two copies of the country's home; the marts of the second are built anew by Spark."""
    ours, theirs = (tmp_path_factory.mktemp(name) / "home" for name in ("duckdb", "spark"))
    for home in (ours, theirs):
        shutil.copytree(country.home, home)
    run_well("--engine", "spark", "build", "--whole", home=theirs)
    return ours, theirs


def rows(store, table, folder):
    """Every row of a table, as text; the files are encrypted, as those of any new agreement."""
    held = [(str(month), path) for month, paths in store.files_by_month(table).items() for path in paths]
    with plain_copies([path for _, path in held], store.keys, folder) as copies:
        found = [(month, *map(str, row.values())) for month, path in held for row in pq.ParquetFile(copies[path]).read().to_pylist()]
    return sorted(found)


@pytest.mark.parametrize("mart", MARTS)
def test_marts_of_a_country_are_the_same_row_by_row(homes, mart, tmp_path):
    ours, theirs = (Home.open(home).store(ID) for home in homes)
    is_encrypted = {key_name(path) is not None for store in (ours, theirs) for path in store.files(mart)}
    assert is_encrypted == {ours.seals(TABLES[mart])}  # all of them where the mart is about persons, else none
    assert theirs.history(mart)[-1]["engine"] == "spark"
    assert rows(theirs, mart, tmp_path) == rows(ours, mart, tmp_path)


@pytest.mark.parametrize("measure", ["emergency_readmission_30_days", "emergency_admissions"])
def test_a_benchmark_asked_of_spark_is_released_with_the_same_figures(homes, measure, monkeypatch):
    ours, theirs = homes
    expected = Desk.open(ours).benchmark(organisation="national", measure=measure)
    monkeypatch.setenv("FARR_ENGINE", "spark")
    found = Desk.open(theirs).benchmark(organisation="national", measure=measure)
    assert found.rows.table == expected.rows.table
    assert found.trend.table == expected.trend.table
