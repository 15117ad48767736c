"""The ledger: what was released and refused, found again by question and by overlap."""

from dataclasses import replace

import pytest

from farr.lab.disclosure.gate import Refused, release
from farr.lab.model.durable.chain import ChainError
from farr.lab.model.period import Period


def test_overlapping_releases_are_related(rig, busy):
    question = rig.proportion()
    first = rig.release(question, busy())
    assert rig.ledger.related(question) == [first.manifest]
    assert rig.ledger.related(replace(question, period=Period.parse("2024-02..2024-03"))) == [first.manifest]
    assert rig.ledger.related(replace(question, period=Period.parse("2024-03"))) == []


def test_the_earlier_release_is_found_on_the_same_terms_only(rig, busy):
    question = rig.proportion()
    released = rig.release(question, busy())
    same = {
        "identity": question.identity,
        "agreement": "example-2024",
        "policy": "hes_2018",
        "store_versions": {"apc_spell": 1},
        "code_version": "0.1.0",
    }
    found = rig.ledger.earlier(**same)
    assert found is not None and found[0] == released.manifest and found[1].equals(released.table)
    for change in ({"identity": "0"}, {"agreement": "x"}, {"policy": "x"}, {"store_versions": {"apc_spell": 2}}, {"code_version": "0.2.0"}):
        assert rig.ledger.earlier(**(same | change)) is None


def test_an_edited_ledger_releases_nothing_more(rig, busy):
    rig.release(rig.proportion(), busy())
    rig.ledger.path.write_text(rig.ledger.path.read_text().replace("released", "refused", 1))
    with pytest.raises(ChainError):
        rig.ledger.verify()
    with pytest.raises((Refused, ChainError)):
        rig.release(rig.proportion(), busy())


def test_a_refusal_names_the_question_and_no_figure(rig):
    question = rig.proportion()
    cells = rig.cells_of(question, rig.spells("A", "N", 4711)).drop_columns(["denominator__persons"])
    with pytest.raises(Refused):
        release(rig.sealed_of(question, cells), rig.ledger)
    written = rig.ledger.path.read_text()
    assert '"refused"' in written and "4711" not in written and rig.ledger.related(question) == []
