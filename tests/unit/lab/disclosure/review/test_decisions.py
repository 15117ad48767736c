"""Who decides: a named checker who is not the asker, of this very table, once."""

import re
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.disclosure.gate import Refused, release, release_held
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.review import item
from farr.lab.disclosure.review.docket import State
from farr.lab.disclosure.review.held import Review, looked_at
from farr.lab.disclosure.review.item import Asking, ReviewError, is_same_person
from farr.lab.disclosure.review.near import near
from farr.lab.model.durable.chain import ChainError
from farr.lab.model.signing import signed
from farr.lab.model.tables.sus import APC_SPELL

AGE = APC_SPELL.unbound.Age


def test_approved_it_is_the_very_table_that_was_held(busy, desk):
    question = desk.own()
    id = desk.held(question, busy())
    _, kept = looked_at(id, desk.ledger, desk.shelf)
    released = desk.approve(desk.decision(id))
    assert released.table.equals(kept.table) and released.manifest.table_sha256 == kept.manifest.table_sha256
    assert released.manifest.approvers == ("B. Shah",)
    assert ("reviewed", "approved by B. Shah on 2026-11-29: Large groups (a second checker is not required)") in released.manifest.checks
    assert released.manifest.checks[:-1] == kept.manifest.checks and ("attacker audit" in dict(released.manifest.checks))
    again = desk.ask(question, busy())
    assert again.manifest == released.manifest and again.table.equals(released.table)
    assert desk.shelf.ids() == [] and desk.ledger.docket().entry(id).state is State.APPROVED
    assert desk.lines[-1]["review"]["checker"] == "B. Shah" and desk.ledger.verify() == 2
    assert Ledger(desk.ledger.path).docket().all() == desk.ledger.docket().all()


def test_on_newer_data_an_approved_question_is_another(rig, busy, desk):
    newer = busy() + rig.spells("N9", "N", 100, 40)
    id = desk.held(desk.own(), busy())
    later = desk.held(desk.own(), newer, versions={"apc_spell": 2})
    released = desk.approve(desk.decision(id))  # the table is as it was
    assert released.manifest.store_versions == {"apc_spell": 1}
    assert desk.held(desk.own(), newer, versions={"apc_spell": 2}) == later


def test_what_was_approved_and_would_print_the_same_of_the_same_records_needs_no_second_look(busy, desk):
    first = desk.approve(desk.decision(desk.held(desk.own(), busy())))
    desk.asking = None
    again = desk.ask(desk.own(), busy(), versions={"apc_spell": 2})  # built again, of the same records
    assert again.table.equals(first.table) and again.manifest.approvers == ("B. Shah",)
    assert again.manifest.store_versions == {"apc_spell": 2} and again.manifest.checks == first.manifest.checks


def test_what_another_agreement_released_meanwhile_was_not_known_when_it_was_held(rig, busy, desk, tmp_path):
    folder = tmp_path / "ledgers"
    folder.mkdir()
    rig.ledger = Ledger(folder / "one.jsonl", beside=folder)
    id, other_id = desk.held(desk.own(), busy()), desk.held(desk.own(replace(rig.mean(), where=AGE < 150)), busy())
    other = type(desk)(rig=type(rig)(tmp_path), folder=tmp_path / "other", asking=None)
    other.rig.ledger = Ledger(folder / "two.jsonl", beside=folder)

    class Named:
        def put(self, question):
            yield question

    question = replace(desk.own(), name="theirs")
    sealed = rig.sealed_of(question, rig.cells_of(question, busy()), records=busy())
    release(sealed, other.ledger, Review(registry=Named()))
    for each in (id, other_id):  # the other is of another cohort, of which nobody knows how it lies to theirs
        with pytest.raises(ReviewError, match="about the same records were released under another agreement, beside which it was not"):
            desk.approve(desk.decision(each))
        assert desk.ledger.docket().entry(each).state is State.WAITING
    desk.refuse(desk.decision(id, approved=False, reason="Ask again"))


def test_refused_the_asker_reads_the_checkers_words_and_no_figure(busy, desk):
    question = desk.own()
    id = desk.held(question, busy())
    desk.refuse(desk.decision(id, approved=False, reason="Ask by age band instead"))
    assert desk.shelf.ids() == []
    with pytest.raises(Refused) as refused:
        desk.ask(question, busy())
    assert "was refused by the output checker B. Shah: Ask by age band instead" in str(refused.value)
    assert not re.search(r"\d", str(refused.value)) and refused.value.__context__ is None
    assert not any("values" in line for line in desk.lines)
    with pytest.raises(ReviewError, match="was refused before"):
        desk.approve(desk.decision(id))


@pytest.mark.parametrize("reason", ["It shows 12 men", "Ward ٣", "half is ½"])
@pytest.mark.parametrize("approved", [True, False])
def test_the_reason_of_a_decision_holds_no_digits(busy, desk, reason, approved):
    id = desk.held(desk.own(), busy())
    with pytest.raises(ReviewError, match="without digits"):
        (desk.approve if approved else desk.refuse)(desk.decision(id, approved=approved, reason=reason))
    assert desk.ledger.docket().entry(id).state is State.WAITING


@pytest.mark.parametrize("name", ["A. Lee", "a.  LEE", " A. Lee ", "Ａ. Lee", "A.Lee", "A Lee", "Lee, A.", "А. Lеe", "Á. Lée"])
def test_nobody_decides_on_what_they_asked_for(busy, desk, name):
    desk.keys = {name: Ed25519PrivateKey.generate(), "B. Shah": Ed25519PrivateKey.generate()}
    id = desk.held(desk.own(), busy())
    for approved, decide in ((True, desk.approve), (False, desk.refuse)):
        with pytest.raises(ReviewError, match="who cannot decide on it"):
            decide(desk.decision(id, approved=approved, by=name))
    assert is_same_person(name, "A. Lee") and not is_same_person("B. Shah", "A. Lee")


def test_a_decision_needs_a_key_that_is_trusted_for_that_name(busy, desk):
    id = desk.held(desk.own(), busy())
    trusted = desk.checkers
    desk.keys["Mallory"] = Ed25519PrivateKey.generate()
    for decision in (desk.decision(id, by="Mallory"), desk.decision(id, by="Mallory", name="B. Shah"), desk.decision(id, name="C. Roe")):
        with pytest.raises(ReviewError, match="is not registered for a checker named"):
            release_held(decision, desk.ledger, desk.shelf, trusted, "hes_2018", 1)
    assert desk.ledger.docket().entry(id).state is State.WAITING and "released" not in {line["outcome"] for line in desk.lines}


@pytest.mark.parametrize("change", [{"reason": "Other"}, {"on": "2027-01-01"}])
def test_a_decision_that_was_changed_after_it_was_signed_is_none(busy, desk, change):
    id = desk.held(desk.own(), busy())
    with pytest.raises(ReviewError, match="was changed after it was signed"):
        desk.approve(replace(desk.decision(id), **change))


def test_a_refusal_is_not_turned_into_an_approval(busy, desk):
    id = desk.held(desk.own(), busy())
    no = desk.decision(id, approved=False)
    with pytest.raises(ReviewError, match="says the opposite"):
        desk.approve(no)
    with pytest.raises(ReviewError, match="was changed after it was signed"):
        desk.approve(replace(no, approved=True))
    with pytest.raises(ReviewError, match="says the opposite"):
        desk.refuse(desk.decision(id))


def test_a_signature_under_something_else_is_no_decision(busy, desk):
    id = desk.held(desk.own(), busy())
    decision = desk.decision(id)
    other = {name: value for name, value in decision.content().items() if name != "what"}
    with pytest.raises(ReviewError, match="was changed after it was signed"):
        desk.approve(replace(decision, signature=signed(other, desk.keys["B. Shah"])))


def test_a_decision_fits_one_table(busy, desk):
    first, other = desk.held(desk.own(), busy()), desk.held(desk.own(desk.rig.mean()), busy())
    decision = desk.decision(first)
    with pytest.raises(ReviewError, match="was changed after it was signed"):
        desk.approve(replace(decision, held=other, sha256=desk.ledger.docket().entry(other).sha256))
    with pytest.raises(ReviewError, match="is about another table"):
        desk.approve(replace(decision, sha256=desk.ledger.docket().entry(other).sha256))
    with pytest.raises(ReviewError, match="is about another table"):
        desk.approve(replace(decision, agreement="other"))
    paths = [desk.shelf.folder / f"{id}.held" for id in (first, other)]
    mine, others = (path.read_bytes() for path in paths)
    paths[0].write_bytes(others)  # the file of the other in its place
    with pytest.raises(ReviewError, match="was changed since it was held"):
        desk.approve(decision)
    paths[0].write_bytes(mine)
    assert desk.approve(decision).name == "own"


def test_a_decision_is_made_once(busy, desk):
    id = desk.held(desk.own(), busy())
    decision = desk.decision(id)
    desk.approve(decision)
    for again in (decision, desk.decision(id)):
        with pytest.raises(ReviewError, match="was approved before"):
            desk.approve(again)
    with pytest.raises(ReviewError, match="was approved before"):
        desk.refuse(desk.decision(id, approved=False))
    assert [line["outcome"] for line in desk.lines] == ["held", "released"]


def test_what_was_destroyed_is_not_approved(busy, desk):
    id = desk.held(desk.own(), busy())
    desk.ledger.record_held_destroyed(id, "certificate")
    with pytest.raises(ReviewError, match="rests on records that were destroyed since"):
        desk.approve(desk.decision(id))
    assert desk.ask(desk.rig.proportion(), busy()).name == "example"  # and it no longer counts


def test_under_another_policy_than_it_was_protected_by_it_is_not_released(busy, desk):
    id = desk.held(desk.own(), busy())
    with pytest.raises(ReviewError, match="was protected under hes_2018, and now hes_2018 \\+ opensafely applies"):
        desk.approve(desk.decision(id), "opensafely")
    assert desk.approve(desk.decision(id), "hes_2018").name == "own"


def test_nothing_is_decided_without_a_reason_or_of_what_was_never_held(busy, desk):
    id = desk.held(desk.own(), busy())
    with pytest.raises(ReviewError, match="needs a reason"):
        desk.approve(desk.decision(id, reason="  "))
    with pytest.raises(ReviewError, match="nothing is held as 'review-0'"):
        desk.approve(replace(desk.decision(id), held="review-0"))


def test_a_ledger_that_was_edited_decides_nothing(busy, desk):
    id = desk.held(desk.own(), busy())
    decision = desk.decision(id)
    desk.ledger.path.write_text(desk.ledger.path.read_text().replace("A. Lee", "C. Roe"))
    with pytest.raises(ChainError):
        release_held(decision, Ledger(desk.ledger.path), desk.shelf, desk.checkers, "hes_2018", 1)


def test_another_asker_of_the_same_question_waits_for_the_same_decision(busy, desk):
    id = desk.held(desk.own(), busy())
    desk.asking = Asking(who="C. Roe", why="For the same paper")
    assert desk.held(desk.own(), busy()) == desk.held(desk.own(), busy()) == id
    assert [each.who for each in desk.ledger.docket().entry(id).askings] == ["A. Lee", "C. Roe"]
    desk.keys["C. Roe"] = Ed25519PrivateKey.generate()
    with pytest.raises(ReviewError, match="was asked for by C. Roe, who cannot decide on it"):
        desk.approve(desk.decision(id, by="C. Roe"))


def test_from_the_account_that_asked_nothing_is_approved_whatever_names_are_given(busy, desk):
    desk.asking = Asking(who="A. Lee", why="For the frailty paper", login="alee")
    id = desk.held(desk.own(), busy())
    for login, by in (("alee", "B. Shah"), ("", "alee")):
        desk.keys["alee"] = Ed25519PrivateKey.generate()
        with pytest.raises(ReviewError, match="was asked for by A. Lee"):
            desk.approve(desk.decision(id, by=by, login=login))
    with pytest.raises(ReviewError, match="was changed after it was signed"):
        desk.approve(replace(desk.decision(id, login="alee"), login="bshah"))
    desk.approve(desk.decision(id, login="bshah"))
    assert desk.lines[-1]["review"]["login"] == "bshah"


def test_from_the_account_that_asked_it_can_be_removed(busy, desk):
    desk.asking = Asking(who="A. Lee", why="For the frailty paper", login="shared")
    id = desk.held(desk.own(), busy())
    desk.refuse(desk.decision(id, approved=False, login="shared"))
    assert desk.ledger.docket().entry(id).state is State.REFUSED


def test_who_asks_for_what_waits_and_does_not_say_why_cannot_approve_it_either(busy, desk, monkeypatch):
    id = desk.held(desk.own(), busy())
    monkeypatch.setattr("farr.lab.disclosure.review.item.login", lambda: "bshah")
    desk.asking = None
    assert desk.held(desk.own(), busy()) == desk.held(desk.own(), busy()) == id
    assert [line["outcome"] for line in desk.lines] == ["held", "held, asked again"]
    assert desk.lines[-1]["asking"] == {"who": "bshah", "why": "", "login": "bshah"}
    with pytest.raises(ReviewError, match="was asked for by bshah from the account 'bshah'"):
        desk.approve(desk.decision(id, login="bshah"))
    assert Ledger(desk.ledger.path).docket().all() == desk.ledger.docket().all()


def test_who_asked_the_same_by_another_name_cannot_decide(busy, desk):
    question = desk.own()
    first, *others = question.aggregates
    again = replace(question, name="renamed", aggregates=(replace(first, name="mine"), *others))
    one = desk.held(question, busy())
    desk.asking = Asking(who="C. Roe", why="For my own")
    two, other = desk.held(again, busy()), desk.held(desk.own(desk.rig.mean()), busy())
    desk.keys |= {"C. Roe": Ed25519PrivateKey.generate(), "A. Lee": Ed25519PrivateKey.generate()}
    for id, by in ((one, "C. Roe"), (two, "A. Lee")):
        with pytest.raises(ReviewError, match=f"was asked for by {by}, who cannot decide on it"):
            desk.approve(desk.decision(id, by=by))
    assert desk.approve(desk.decision(other, by="A. Lee")).name == "own"  # which nobody else asked for


def test_an_account_is_the_one_that_was_logged_in_by(monkeypatch):
    monkeypatch.setattr(item.Path, "read_text", lambda *_, **__: str(2**32 - 1))
    monkeypatch.setenv("SUDO_UID", "987654321")
    assert item.login() == "user 987654321"
    monkeypatch.setenv("SUDO_UID", "me")
    assert item.login() == item.pwd.getpwuid(item.os.getuid()).pw_name
    monkeypatch.setattr(item.Path, "read_text", lambda *_, **__: "987654322\n")
    assert item.login() == "user 987654322"


def test_what_a_checker_refused_lies_near_as_well_with_what_was_said(busy, desk):
    id = desk.held(desk.own(), busy())
    desk.refuse(desk.decision(id, approved=False, reason="Ask by age band"))
    waits = desk.held(replace(desk.own(), groupings=desk.own().groupings[:1]), busy())
    found = near(replace(desk.own(), name="other").canonical(), [], desk.ledger.docket().beside("apc_spell"))
    assert {(each.id, each.came_of) for each in found} == {(id, "refused by B. Shah: Ask by age band"), (waits, "held for review")}
    assert desk.ledger.docket().beside("elsewhere") == []


def test_what_lies_near_comes_first(rig, busy, desk):
    question = rig.proportion()
    desk.ask(question, busy())
    desk.ask(replace(rig.mean(), where=question.where), busy())
    manifests = [each.manifest for each in desk.ledger.released_of("apc_spell")]
    found = near(replace(question, name="own", groupings=question.groupings[:1]).canonical(), manifests)
    assert [(each.name, each.shares) for each in found] == [
        ("example", "the same figures of the same rows"), ("mean", "the same rows, some of the same figures"),
    ]  # fmt: skip
    assert near(desk.own().canonical(), manifests)[0].shares == "other rows, some of the same conditions"
    id = desk.held(replace(desk.own(), groupings=question.groupings[:1]), busy())
    beside = near(desk.own().canonical(), manifests, desk.ledger.docket().waiting("apc_spell"))
    assert (beside[0].id, beside[0].shares) == (id, "the same figures of the same rows")
    assert near(replace(question, period=type(question.period).parse("2023-01")).canonical(), manifests) == []
