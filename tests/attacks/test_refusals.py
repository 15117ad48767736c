"""Refusals: what an attacker reads of a question that was refused, in the message, in its traceback, in the ledger and in logs.

Not attacked yet: that a question is refused at all, and how long that takes, which both tell something of the figures; the work paths of
the release service (padded replies, queues); and what many refusals tell together.
"""

import json
import logging
import traceback

import pytest

from farr.lab.disclosure.attack import AuditError
from farr.lab.disclosure.gate import Refused
from farr.lab.disclosure.tables.cells import CellsError

from .attacker.gated import MONEY, PART, WHOLE, ledger_of, pair_rows, question, through_gate
from .attacker.printed import TOTAL

PARENTS = {"P0": "R", "P1": "R", "R": TOTAL}
PLANTED = 48713
PAIRS = [
    {"P0": (3, 9), "P1": (PLANTED, 2 * PLANTED)},
    {"P0": (PLANTED, PLANTED + 2), "P1": (PLANTED, 3 * PLANTED)},
    {"P0": (0, 1), "P1": (1, 1)},
]


def rows_of(pairs):
    whole = tuple(sum(each) for each in zip(*pairs.values(), strict=True))
    return pair_rows({**pairs, "R": whole, TOTAL: whole}, PARENTS)


def fails_with(error):
    def protect(cells, *_, **__):
        raise error(f"{cells.name}: { {name: values.tolist() for name, values in cells.values.items()} }")

    return protect


def refused(rows, asked, tmp_path, monkeypatch, policy="hes_legacy"):
    """The refusal, what its traceback prints, and the ledger's last entry."""
    with pytest.raises(Refused) as caught:
        through_gate(asked, rows, policy, tmp_path, monkeypatch)
    trace = "".join(traceback.format_exception(caught.value, chain=True))
    return caught.value, trace, ledger_of(tmp_path, asked).read_text().splitlines()[-1]


def digits(text):
    return [letter for letter in text if letter.isdigit()]


def test_every_unsafe_table_is_refused_in_the_same_words(tally, tmp_path, monkeypatch):
    counted = tally("refusals of unsafe tables")
    monkeypatch.setattr("farr.lab.disclosure.suppress.protection.protect", fails_with(AuditError))
    told, written = set(), set()
    for at, pairs in enumerate(PAIRS):
        error, trace, line = refused(rows_of(pairs), question(PART, WHOLE), tmp_path, monkeypatch)
        entry = json.loads(line)
        entry = entry.get("content", entry)
        told.add(str(error))
        written.add(json.dumps({name: entry[name] for name in ("outcome", "question_identity", "reason", "agreement")}))
        counted.tables += 1
        counted.count(recovered=str(PLANTED) in trace + line, narrowed=bool(digits(str(error))), example=(at, str(error)))
    assert (len(told), len(written)) == (1, 1)
    counted.assert_withstood()


@pytest.mark.parametrize(
    "error", [AuditError, ValueError, ZeroDivisionError, MemoryError, KeyError, AssertionError], ids=lambda e: e.__name__
)
def test_no_failure_inside_carries_a_figure_outside(error, tally, tmp_path, monkeypatch, caplog, capfd):
    """Whatever fails: not in the message, nor its cause, nor the frames, nor the ledger, nor a log, nor what is written to the screen."""
    counted = tally("failures inside the gate")
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("farr.lab.disclosure.suppress.protection.protect", fails_with(error))
    raised, trace, line = refused(rows_of(PAIRS[0]), question(PART, WHOLE), tmp_path, monkeypatch)
    printed = "".join([str(raised), trace, line, caplog.text, *capfd.readouterr()])
    counted.tables += 1
    counted.count(recovered=str(PLANTED) in printed, narrowed=bool(digits(str(raised))), example=str(raised))
    assert raised.__context__ is None and raised.__cause__ is None
    counted.assert_withstood()


def broken(rows, how):
    if how == "adds up to another total":
        rows[-1]["denominator"] += 1
    elif how == "a numerator above its denominator":
        rows[0]["numerator"], rows[0]["denominator"] = rows[1]["numerator"], 1
    elif how == "below nothing":
        rows[0]["numerator"] = -PLANTED
    else:
        rows[0]["numerator__persons"] = None
    return rows


@pytest.mark.parametrize("how", ["adds up to another total", "a numerator above its denominator", "below nothing", "nobody counted"])
def test_tables_that_are_not_as_declared_are_refused_without_a_figure(how, tally, tmp_path, monkeypatch):
    counted = tally("refusals of broken tables")
    raised, trace, line = refused(broken(rows_of(PAIRS[0]), how), question(PART, WHOLE), tmp_path, monkeypatch)
    counted.tables += 1
    counted.count(recovered=str(PLANTED) in trace + line, narrowed=bool(digits(str(raised))), example=str(raised))
    counted.assert_withstood()


def test_money_beyond_what_may_be_rounded_is_refused_without_a_figure(tally, tmp_path, monkeypatch):
    counted, asked = tally("refusals of broken tables"), question(MONEY, WHOLE)
    figures = {"numerator": PLANTED * 1e6, "numerator__persons": 90, "numerator__top1": 1e9, "numerator__top2": 9e8}
    rows = [row | figures | {"denominator": 90, "denominator__persons": 90} for row in rows_of({"P0": (90, 90)})]
    raised, trace, line = refused(rows, asked, tmp_path, monkeypatch, "nhsd_central")
    counted.tables += 1
    counted.count(recovered=str(PLANTED) in trace + line, narrowed=str(PLANTED) in str(raised), example=str(raised))
    counted.assert_withstood()


def test_a_gate_that_quotes_what_failed_would_be_seen(tally, tmp_path, monkeypatch):
    """The same search, in an error that quotes the cells."""
    counted = tally("an error that quotes the cells", "control")
    with pytest.raises(CellsError) as caught:
        fails_with(CellsError)(_cells(tmp_path, monkeypatch))
    text = "".join(traceback.format_exception(caught.value))
    counted.tables += 1
    counted.count(recovered=str(PLANTED) in text, narrowed=bool(digits(str(caught.value))))
    counted.assert_bites()


def _cells(tmp_path, monkeypatch):
    seen = []

    def protect(cells, *_, **__):
        seen.append(cells)
        raise AuditError("seen")

    monkeypatch.setattr("farr.lab.disclosure.suppress.protection.protect", protect)
    refused(rows_of(PAIRS[0]), question(PART, WHOLE), tmp_path, monkeypatch)
    return seen[0]


# Whatever prints the locals of a traceback (the standard library's capture_locals, rich and typer with show_locals, pytest --showlocals,
# collectors of errors) prints those of the frame in which a refusal is raised.


@pytest.mark.parametrize("error", [AuditError, ValueError, CellsError], ids=lambda error: error.__name__)
def test_no_frame_of_the_gate_holds_the_cells_of_a_refusal(error, tally, tmp_path, monkeypatch):
    counted = tally("locals in the traceback of a refusal", "Farr")
    monkeypatch.setattr("farr.lab.disclosure.suppress.protection.protect", fails_with(error))
    raised, *_ = refused(rows_of(PAIRS[0]), question(PART, WHOLE), tmp_path, monkeypatch)
    told = "".join(traceback.TracebackException.from_exception(raised, capture_locals=True).format())
    held = [line.strip()[:40] for line in told.splitlines() if line.strip().startswith("contents = ")]
    counted.tables += 1
    counted.count(recovered=bool(held) and str(PLANTED) in in_the_gate(raised), narrowed=False)
    assert counted.recovered == 0


def in_the_gate(error):
    """The locals of every frame of the gate, written out."""
    held, step = [], error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        held += [repr(step.tb_frame.f_locals)] if "/farr/lab/disclosure/" in code.co_filename else []
        step = step.tb_next
    return "".join(held)
