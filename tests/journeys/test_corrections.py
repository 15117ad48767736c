"""Months before the last that are sent again: what is held in the end is what was sent last, as the truth file says it changed."""

import json

import pyarrow.parquet as pq
import pytest

from farr.lab.engine.store import Store
from farr.lab.model.period import Month

KEYS = {"apc_episode": "APCE_Ident", "critical_care": "CC_Ident", "op_attendance": "OPA_Ident", "ae_attendance": "AEA_Ident"}


@pytest.fixture(scope="module")
def corrections(nation):
    return json.loads((nation.raw / "truth.json").read_text())["corrections"]


def sent(path, key, column):
    """The rows of a file by their number, each with its value in the column."""
    rows = pq.read_table(path, columns=[key, column]).to_pylist()
    return {str(row[key]): row[column] for row in rows}


@pytest.mark.parametrize("feed", list(KEYS))
def test_the_supplier_s_files_change_as_the_truth_file_says(nation, corrections, feed):
    for correction in corrections:
        said = correction["feeds"][feed]
        column = said.get("column", KEYS[feed])
        first, again = (
            sent(place / f"{feed}_{correction['month']}.parquet", KEYS[feed], column) for place in (nation.raw, nation.raw / "resent")
        )
        assert len(first.keys() - again.keys()) == said["withdrawn"]
        assert len(again.keys() - first.keys()) == said["added"]
        changed = [ident for ident in first.keys() & again.keys() if first[ident] != again[ident]]
        assert len(changed) == said.get("corrected", 0)
        assert {first[ident] for ident in changed} == ({said["first_sent_as"]} if "column" in said else set())


@pytest.mark.parametrize("feed", list(KEYS))
def test_loaded_in_order_a_corrected_month_is_held_as_it_was_sent_last(nation, corrections, all_rows, feed):
    key, store = KEYS[feed], Store(nation.home / "stores" / "nation")
    held = {str(row[key]): row for row in all_rows(nation.home, feed, "nation").to_pylist()}
    for correction in corrections:
        month, column = correction["month"], correction["feeds"][feed].get("column", key)
        files = [place / f"{feed}_{month}.clean.parquet" for place in (nation.clean, nation.clean / "resent")]
        loads = [load for load in store.history(feed) if load["months"] == [month]]
        assert [load["rows_loaded"] + load["rows_quarantined"] for load in loads] == [pq.read_metadata(path).num_rows for path in files]
        first, again = (sent(path, key, column) for path in files)
        assert not (first.keys() - again.keys()) & held.keys()
        here = again.keys() & held.keys()
        assert store.rows_by_month(feed)[Month.parse(month)] == loads[-1]["rows_loaded"] == len(here)
        assert all(str(held[ident][column]) == str(again[ident]) for ident in here)
