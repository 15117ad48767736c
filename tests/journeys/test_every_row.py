"""Every row that the supplier read is somewhere: opted out, loaded, or set aside with its reason."""

import csv
import json

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from farr.lab.engine.store import Store

# How each kind of spoilt row of farr synth is told in quarantine: (column, rule).
TOLD = {
    "start_after_end": ("Episode_End_Date", "order of dates"),
    "sex": ("Sex", "code list"),
    "admission_method": ("Admission_Method", "code list"),
    "diagnosis": ("Diagnosis_01", "shape"),
}


@pytest.fixture(scope="module")
def store(country):
    return Store(country.home / "stores" / "journey")


@pytest.fixture(scope="module")
def truth(country):
    return {month["month"]: month for month in json.loads((country.raw / "truth.json").read_text())["months"]}


@pytest.fixture(scope="module")
def papers(country):
    held = [json.loads(path.read_text()) for path in sorted(country.clean.glob("*.manifest.json"))]
    return {manifest["period_first"]: manifest for manifest in held}


@pytest.fixture(scope="module")
def spoilt(country, truth):
    """By month and kind: rows spoilt in all, and those whose person did not opt out; from the raw files."""
    opted_out = pa.array((country.raw / "opt_outs.txt").read_text().split())
    found = {}
    for month, facts in truth.items():
        columns = ["NHS_Number", "Sex", "Admission_Method", "Diagnosis_01", "Episode_Start_Date", "Episode_End_Date"]
        rows = pq.read_table(country.raw / facts["file"], columns=columns)
        stays = pc.invert(pc.is_in(rows["NHS_Number"], opted_out))
        wrong = {
            "start_after_end": pc.greater(rows["Episode_Start_Date"], rows["Episode_End_Date"]),
            "sex": pc.equal(rows["Sex"].cast(pa.string()), "7"),
            "admission_method": pc.equal(rows["Admission_Method"].cast(pa.string()), "77"),
            "diagnosis": pc.equal(rows["Diagnosis_01"].cast(pa.string()), "??12"),
        }
        found[month] = {
            "in": pc.sum(stays).as_py(),
            "all": {kind: pc.sum(which).as_py() or 0 for kind, which in wrong.items()},
            "stay": {kind: pc.sum(pc.and_kleene(which, stays)).as_py() or 0 for kind, which in wrong.items()},
        }
    return found


def test_rows_read_are_loaded_or_set_aside(store, truth, papers, spoilt):
    loads = {load["months"][0]: load for load in store.history("apc_episode")}
    assert sorted(loads) == sorted(truth) == sorted(papers)
    assert len(store.history("apc_episode")) == 24
    for month, load in loads.items():
        paper = papers[month]
        assert load["months"] == [month]
        assert paper["rows_read"] == truth[month]["rows"]
        assert paper["rows_read"] == paper["rows_written"] + paper["opt_outs"]["rows"] + sum(paper["rows_rejected"].values())
        assert paper["rows_written"] == spoilt[month]["in"] == load["rows_read"]
        assert load["rows_read"] == load["rows_loaded"] + load["rows_quarantined"]
        assert paper["opt_outs"]["rows"] > 0 < load["rows_quarantined"]
    loaded = {str(month): rows for month, rows in store.rows_by_month("apc_episode").items()}
    assert loaded == {month: load["rows_loaded"] for month, load in loads.items()}


def test_what_was_spoilt_is_what_was_set_aside_kind_by_kind(store, truth, spoilt):
    for load in store.history("apc_episode"):
        month = load["months"][0]
        told = {(column, rule): rows for column, rule, rows in load["failures"]}
        assert spoilt[month]["all"] == truth[month]["spoilt"]
        assert told == {TOLD[kind]: rows for kind, rows in spoilt[month]["stay"].items() if rows}
        assert sum(told.values()) == load["rows_quarantined"]


def test_the_lines_of_quarantine_are_the_rows_and_tell_no_value(country, store):
    folder = country.home / "quarantine" / "journey"
    loads = store.history("apc_episode")
    assert {path.name for path in folder.iterdir()} == {f"{load['sha256'][:8]}.csv" for load in loads}
    for load in loads:
        lines = list(csv.DictReader((folder / f"{load['sha256'][:8]}.csv").read_text().splitlines()))
        assert list(lines[0]) == ["row", "column", "rule", "reason"]
        assert len({line["row"] for line in lines}) == load["rows_quarantined"]
        assert all(1 <= int(line["row"]) <= load["rows_read"] for line in lines)
        assert not [line for line in lines if "77" in line["reason"] or "??12" in line["reason"]]


def test_no_table_holds_a_row_twice(store, country, all_rows):
    keys = all_rows(country.home, "apc_episode")["APCE_Ident"]
    assert len(pc.unique(keys)) == len(keys) == store.rows("apc_episode")
