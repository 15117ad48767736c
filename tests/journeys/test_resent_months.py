"""A month that is sent again replaces the month, and nothing else: in the store, and in what is released."""

import hashlib
import json
import shutil

import pyarrow.parquet as pq
import pytest

from farr.lab.desk import Desk
from farr.lab.engine.store import Store
from farr.lab.model.period import Month

MONTH = Month.parse("2024-09")
NAME = f"apc_episode_{MONTH}"


@pytest.fixture
def home(country, tmp_path):
    return shutil.copytree(country.home, tmp_path / "home")


def resent(country, folder, *, keep, manifest=True):
    """The month with the rows of some stays only, and the papers that a supplier would send with it."""
    rows = pq.read_table(country.clean / f"{NAME}.clean.parquet")
    stays = sorted(set(rows["APCS_Ident"].to_pylist()))
    kept = set(stays[: int(len(stays) * keep)])
    fewer = rows.filter([ident in kept for ident in rows["APCS_Ident"].to_pylist()])
    path = folder / f"{NAME}.clean.parquet"
    pq.write_table(fewer, path)
    papers = json.loads((country.clean / f"{NAME}.manifest.json").read_text())
    changed = {"output_sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "rows_written": fewer.num_rows}
    (folder / f"{NAME}.manifest.json").write_text(json.dumps(papers | (changed if manifest else {})))
    return path


def store_of(home):
    return Store(home / "stores" / "journey")


def counts(home):
    """Spells by month as released for the nation and for one commissioner, and the value of a measure."""
    desk = Desk.open(home)
    found = {code: desk.benchmark(organisation=code, measure="day_case_rate") for code in ("national", "90L")}
    months = {(code, row["month"]): row["spells"] for code, each in found.items() for row in each.completeness.table.to_pylist()}
    return months, [(row["organisation"], row["value"]) for row in found["90L"].rows.table.to_pylist()]


def elsewhere(tables):
    """Live files of other months and other tables, with their hashes."""
    return {path: sha for _, files in tables.values() for path, sha in files.items() if f"Activity_Month={MONTH}" not in path}


def test_a_resent_month_replaces_the_month_and_the_original_brings_the_figures_back(home, country, does, versions, tmp_path):
    before, rows, (spells, values) = versions(home), store_of(home).rows_by_month("apc_episode"), counts(home)
    path = resent(country, tmp_path, keep=0.7)
    does("ingest", path, home=home)
    after = versions(home)
    assert {table: version for table, (version, _) in after.items()} == {
        table: version + (table == "apc_episode") for table, (version, _) in before.items()
    }
    assert elsewhere(after) == elsewhere(before)
    fewer = store_of(home).rows_by_month("apc_episode")
    assert {month for month in rows if rows[month] != fewer[month]} == {MONTH}
    record = store_of(home).history("apc_episode")[-1]
    assert fewer[MONTH] == record["rows_loaded"] < rows[MONTH]
    assert record["months"] == [str(MONTH)]

    assert counts(home) == (spells, values)  # until the marts are built, what is released rests on them as they were
    does("build", home=home)
    changed, _ = counts(home)
    assert changed["national", str(MONTH)] < spells["national", str(MONTH)]
    assert changed["90L", str(MONTH)] < spells["90L", str(MONTH)]

    does("ingest", country.clean / path.name, home=home)
    does("build", home=home)
    assert store_of(home).version("apc_episode") == before["apc_episode"][0] + 2
    assert store_of(home).rows_by_month("apc_episode") == rows
    assert elsewhere(versions(home)).keys() >= {path for path in elsewhere(before) if "/apc_episode/" in path}
    assert counts(home) == (spells, values)


def test_the_version_before_can_still_be_read(home, country, does, versions, tmp_path):
    version, files = versions(home)["apc_episode"]
    does("ingest", resent(country, tmp_path, keep=0.9), home=home)
    store = store_of(home)
    assert {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in store.files("apc_episode", version)} == files


@pytest.mark.parametrize(
    ("sent", "expected"),
    [({"keep": 0.9, "manifest": False}, "is not the file that"), ({"keep": 0.3}, f"far fewer rows of {MONTH}")],
    ids=["without its own manifest", "a few rows of the month"],
)
def test_what_may_not_be_the_month_does_not_replace_it(country, here, held, tmp_path, sent, expected):
    home = shutil.copytree(country.home, tmp_path / "home")
    before = held(home)
    done = here("ingest", resent(country, tmp_path, **sent), home=home)
    assert done.returncode == 2
    assert expected in " ".join(done.stderr.split())
    assert held(home) == before
