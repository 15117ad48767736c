"""What a checker is shown of a table: as many rows as they ask for, how many they do not see, and what a figure's status is."""

import io
from types import SimpleNamespace

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console

from farr.lab.desk.reviewing.deciding import ROWS, Checking, Looked
from farr.lab.desk.reviewing.screen import shown
from farr.lab.disclosure.review.docket import HeldEntry
from farr.lab.disclosure.review.item import Asking, Item, ReviewError
from tests.unit.lab.desk.conftest import released

ASKING = Asking(who="A. Lee", why="For the frailty paper")
ENTRY = HeldEntry(
    id="review-1", question={"name": "own", "period": "2024-04..2025-03"}, question_identity="", records="apc_spell", agreement="tiny",
    policy="hes_2018", store_versions={}, code_version="1", asking=ASKING, sha256="", held_at="2026-11-29T10:00:00",
)  # fmt: skip


def row(at, **changes):
    return {"grouping": 0, "month": None, "provider": f"R{at:03d}", "spells": float(at), "spells__status": "shown", **changes}


def looked(rows) -> Looked:
    table = pa.Table.from_pylist(rows, schema=pa.schema({
        "grouping": pa.int64(), "month": pa.string(), "provider": pa.string(), "spells": pa.float64(), "spells__status": pa.string(),
    }))  # fmt: skip
    manifest = released("own", [{"a": 1}]).manifest
    return Looked(entry=ENTRY, item=Item(id="review-1", asking=ASKING, words=(), manifest=manifest, table=table, audit={}), near=())


def said(table, **more) -> str:
    console = Console(width=200, file=io.StringIO(), force_terminal=False)
    for part in shown(looked(table), **more):
        console.print(part)
    return " ".join(console.file.getvalue().split())


def test_what_is_not_shown_is_said_and_can_be_asked_for():
    rows = [row(at) for at in range(ROWS + 3)]
    assert f"3 of {ROWS + 3} rows are not shown here" in said(rows) and "--rows all" in said(rows) and "R062" not in said(rows)
    assert "not shown here" not in said(rows, rows=None) and "R062" in said(rows, rows=None)
    assert f"{ROWS + 1} of {ROWS + 3} rows are not shown" in said(rows, rows=2)


def test_a_column_that_is_null_in_the_rows_shown_is_there_all_the_same():
    rows = [row(at) for at in range(ROWS)]
    assert "month" not in said(rows)
    assert "month" in said([*rows, row(ROWS, month="2024-05")])


def test_what_keeps_an_earlier_figure_is_marked():
    shown_now = said([row(1), row(2, spells__status="earlier"), row(3, spells=None, spells__status="suppressed")])
    assert "R001 1 " in shown_now and "R002 2 (earlier)" in shown_now and "R003 *" in shown_now
    assert "keeps what was released of it before" in shown_now and "keeps what" not in said([row(1)])


def test_a_table_that_was_not_shown_whole_is_not_approved_unless_all_of_it_was_seen():
    checking, decided = object.__new__(Checking), SimpleNamespace(made=0)

    def decision(*_, **__):
        decided.made += 1
        raise ReviewError("decided")

    checking._decision = decision
    said = {"checker": "B. Shah", "key": Ed25519PrivateKey.generate(), "reason": "Large groups"}
    for count, more, message in (
        (ROWS, {}, "^decided"), (ROWS + 1, {}, "--rows all; then add to the approval: --all-rows-seen"),
        (ROWS + 1, {"all_rows_seen": True}, "^decided"),
    ):  # fmt: skip
        checking.look = lambda _, count=count: looked([row(at) for at in range(count)])
        with pytest.raises(ReviewError, match=message):
            checking.approve("review-1", **said, **more)
    assert decided.made == 2
