"""The ledger: what was released and refused, found again by question and by overlap."""

from dataclasses import replace

import pytest

from farr.lab.disclosure.gate import Refused
from farr.lab.model.durable.chain import ChainError
from farr.lab.model.period import Period
from tests.registered import release


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


def sealed_under(rig, question, records, agreed):
    return rig.sealed_of(question, rig.cells_of(question, records), agreed=agreed)


def test_no_more_different_questions_are_answered_than_were_agreed(rig, busy):
    question, other = rig.proportion(), replace(rig.proportion(), name="another")
    first = release(sealed_under(rig, question, busy(), 1), rig.ledger)
    with pytest.raises(Refused, match="allows 1 different questions, and all of them were asked"):
        release(sealed_under(rig, other, busy(), 1), rig.ledger)
    assert rig.ledger.related(other) == [first.manifest]  # what was not asked is no release
    # The one that was asked is answered again, on newer data too; and with a larger number the other one as well.
    newer = rig.sealed_of(question, rig.cells_of(question, busy()), versions={"apc_spell": 2}, agreed=1)
    assert release(newer, rig.ledger).table.equals(first.table)
    with pytest.raises(Refused, match="all of them were asked"):
        release(sealed_under(rig, other, busy(), 1), rig.ledger)
    assert release(sealed_under(rig, other, busy(), 2), rig.ledger).name == "another"


def test_a_refused_question_counts_as_asked(rig, busy):
    question, other = rig.proportion(), replace(rig.proportion(), name="another")
    broken = rig.cells_of(question, busy()).drop_columns(["denominator__persons"])
    with pytest.raises(Refused, match="no column"):
        release(rig.sealed_of(question, broken, agreed=1), rig.ledger)
    with pytest.raises(Refused, match="all of them were asked"):
        release(sealed_under(rig, other, busy(), 1), rig.ledger)
    assert release(sealed_under(rig, question, busy(), 1), rig.ledger).name == "example"
