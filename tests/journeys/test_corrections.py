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


def sent(path, *columns):
    return pq.read_table(path, columns=list(columns)).to_pylist()


@pytest.mark.parametrize("feed", list(KEYS))
def test_loaded_in_order_a_corrected_month_is_held_as_it_was_sent_last(nation, corrections, all_rows, feed):
    key, store = KEYS[feed], Store(nation.home / "stores" / "nation")
    held = {str(row[key]): row for row in all_rows(nation.home, feed, "nation").to_pylist()}
    for correction in corrections:
        month, said = correction["month"], correction["feeds"][feed]
        first, again = (place / f"{feed}_{month}.clean.parquet" for place in (nation.clean, nation.clean / "resent"))
        loads = [load for load in store.history(feed) if load["months"] == [month]]
        assert [load["rows_loaded"] + load["rows_quarantined"] for load in loads] == [
            pq.read_metadata(path).num_rows for path in (first, again)
        ]
        kept = {row[key] for row in sent(again, key)}
        withdrawn = {row[key] for row in sent(first, key)} - kept
        assert len(withdrawn) == said["withdrawn"]
        assert len(kept - {row[key] for row in sent(first, key)}) == said["added"]
        assert not withdrawn & held.keys()
        assert store.rows_by_month(feed)[Month.parse(month)] == loads[-1]["rows_loaded"] == len(kept & held.keys())
        if "column" in said:
            column = said["column"]
            before = {row[key]: row[column] for row in sent(first, key, column)}
            now = {row[key]: row[column] for row in sent(again, key, column)}
            changed = {ident for ident in before.keys() & now.keys() if before[ident] != now[ident]}
            assert len(changed) == said["corrected"]
            assert {before[ident] for ident in changed} == {said["first_sent_as"]}
            assert all(held[ident][column] == now[ident] for ident in changed & held.keys())
