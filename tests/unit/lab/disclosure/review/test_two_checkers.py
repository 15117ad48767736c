"""Where an agreement asks for two checkers: nothing comes out by one, and the second does not know of the first."""

import json
import threading
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.disclosure.gate import Refused
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.review.decision import check_apart
from farr.lab.disclosure.review.docket import State
from farr.lab.disclosure.review.held import looked_at, waiting
from farr.lab.disclosure.review.item import Asking, ReviewError
from farr.lab.disclosure.review.near import near
from farr.lab.model.durable.chain import Chain, ChainError


@pytest.fixture
def two(desk):
    desk.asking = Asking(who="A. Lee", why="For the frailty paper", login="alee")
    desk.keys |= {name: Ed25519PrivateKey.generate() for name in ("C. Roe", "A. Lee", "D. Fox")}
    return desk


@pytest.fixture
def approve(two):
    def given(id, by="B. Shah", login="bshah", need=2, policy="hes_2018", **more):
        return two.approve(two.decision(id, by=by, login=login, **more), policy, need)

    return given


def outcomes(desk) -> list[str]:
    return [line["outcome"] for line in desk.lines]


def test_one_approval_releases_nothing_and_what_it_is_of_waits_on(two, busy, approve):
    id = two.held(two.own(), busy())
    assert approve(id) is None and outcomes(two) == ["held", "approved first"]
    assert two.ledger.docket().entry(id).state is State.WAITING and two.shelf.ids() == [id]
    assert [each.manifest.name for each in waiting(two.ledger, two.shelf, "apc_spell")] == ["own"]
    assert two.held(two.own(), busy()) == id and two.ledger.released_of("apc_spell") == []
    assert set(two.lines[-1]) == {"outcome", "review"} and "values" not in json.dumps(two.lines)
    assert Ledger(two.ledger.path).docket().all() == two.ledger.docket().all()


def test_the_second_releases_and_the_release_names_both_with_their_reasons(two, busy, approve):
    id = two.held(two.own(), busy())
    _, kept = looked_at(id, two.ledger, two.shelf)
    approve(id)
    released = approve(id, "C. Roe", "croe", reason="Nothing nests")
    assert released.table.equals(kept.table) and released.manifest.approvers == ("B. Shah", "C. Roe")
    said = "approved by B. Shah on 2026-11-29: Large groups; and by C. Roe on 2026-11-29: Nothing nests"
    assert released.manifest.checks[-1] == ("reviewed", said)
    line = two.lines[-1]
    assert (line["first"]["checker"], line["review"]["checker"]) == ("B. Shah", "C. Roe")
    entry = Ledger(two.ledger.path).docket().entry(id)
    assert entry.state is State.APPROVED and (entry.first, entry.decision) == (line["first"], line["review"])
    assert two.shelf.ids() == [] and two.ask(two.own(), busy()).manifest == released.manifest and two.ledger.verify() == 3


@pytest.mark.parametrize(
    ("by", "login", "message"),
    [
        ("B. Shah", "bshah", "you approved .* already"),
        ("B. Shah", "other", "you approved .* already"),
        ("C. Roe", "bshah", "'bshah' is not yours alone; approve it logged in by another account"),
        ("C. Roe", "", "which is yours is not known"),
        ("A. Lee", "other", "was asked for by A. Lee, who cannot decide on it"),
        ("C. Roe", "alee", "was asked for by A. Lee from the account 'alee'"),
    ],
)
def test_the_second_is_another_person_by_another_account_who_did_not_ask(two, busy, approve, by, login, message):
    id = two.held(two.own(), busy())
    approve(id)
    with pytest.raises(ReviewError, match=message):
        approve(id, by, login)
    assert outcomes(two) == ["held", "approved first"] and two.ledger.docket().entry(id).state is State.WAITING


def test_one_name_or_one_key_is_one_person(two, busy, approve):
    id = two.held(two.own(), busy())
    approve(id)
    two.keys |= {name: Ed25519PrivateKey.generate() for name in ("Shah, B.", "bshah")}
    for by, login in (("Shah, B.", "croe"), ("bshah", "croe"), ("C. Roe", "b shah")):
        with pytest.raises(ReviewError, match="you approved"):
            approve(id, by, login)
    with pytest.raises(ReviewError, match="you approved"):
        check_apart(two.decision(id, name="C. Roe", login="croe"), two.decision(id, login="bshah"))


def test_nor_can_the_first_have_asked(two, busy, approve):
    id = two.held(two.own(), busy())
    for by, login, message in (
        ("A. Lee", "x", "who cannot decide"),
        ("B. Shah", "alee", "from the account 'alee'"),
        ("B. Shah", "", "log in"),
    ):
        with pytest.raises(ReviewError, match=message):
            approve(id, by, login)
    assert outcomes(two) == ["held"]


def test_a_first_approval_counts_no_more_once_its_checker_asks_or_is_not_trusted(two, busy, approve):
    id = two.held(two.own(), busy())
    approve(id)
    two.asking = Asking(who="B. Shah", why="For a paper of my own", login="bshah")
    assert two.held(two.own(), busy()) == id
    assert approve(id, "C. Roe", "croe") is None  # the first that counts
    del two.keys["C. Roe"]
    assert approve(id, "D. Fox", "dfox") is None
    two.keys["E. Day"] = Ed25519PrivateKey.generate()
    assert approve(id, "E. Day", "eday").manifest.approvers == ("D. Fox", "E. Day")
    assert outcomes(two).count("approved first") == 3


@pytest.mark.parametrize("by", ["B. Shah", "C. Roe"])
def test_a_refusal_after_a_first_approval_refuses_at_once(two, busy, approve, by):
    id = two.held(two.own(), busy())
    approve(id)
    two.refuse(two.decision(id, approved=False, by=by, reason="Ask by age band", login="bshah"))
    entry, item = looked_at(id, two.ledger, two.shelf)
    assert entry.state is State.REFUSED and item is None and two.shelf.ids() == []
    assert (entry.first["checker"], entry.decision["checker"]) == ("B. Shah", by)  # both are told now
    with pytest.raises(Refused, match=f"was refused by the output checker {by}: Ask by age band"):
        two.ask(two.own(), busy())
    with pytest.raises(ReviewError, match="was refused before"):
        approve(id, "D. Fox", "dfox")


def test_the_second_sees_what_the_first_saw(two, busy, approve):
    id = two.held(two.own(), busy())
    before = looked_at(id, two.ledger, two.shelf)[0]
    approve(id)
    after, item = looked_at(id, two.ledger, two.shelf)
    assert after == before and after.first is None and item is not None
    beside = near(replace(two.own(), name="other").canonical(), [], two.ledger.docket().beside("apc_spell"))
    assert [each.came_of for each in beside] == ["held for review"]


def test_what_was_changed_between_is_refused_as_for_one(two, busy, approve):
    id = two.held(two.own(), busy())
    approve(id)
    with pytest.raises(ReviewError, match="now hes_2018 \\+ opensafely applies"):
        approve(id, "C. Roe", "croe", policy="opensafely")
    path = two.shelf.folder / f"{id}.held"
    kept = path.read_bytes()
    path.write_bytes(kept + b" ")
    with pytest.raises(ReviewError, match="was changed since it was held"):
        approve(id, "C. Roe", "croe")
    path.write_bytes(kept)
    two.ledger.record_held_destroyed(id, "certificate")
    with pytest.raises(ReviewError, match="were destroyed since"):
        approve(id, "C. Roe", "croe")
    assert outcomes(two) == ["held", "approved first", "held destroyed"]


def test_terms_that_ask_for_one_now_count_what_was_given(two, busy, approve):
    first, other = two.held(two.own(), busy()), two.held(two.own(two.rig.mean()), busy())
    approve(first), approve(other)
    released = approve(first, "C. Roe", "croe", need=1)
    assert released.manifest.approvers == ("B. Shah", "C. Roe") and two.lines[-1]["first"]["checker"] == "B. Shah"
    again = approve(other, need=1)
    assert again.manifest.approvers == ("B. Shah",) and "first" not in two.lines[-1]
    assert two.ledger.docket().entry(other).first is None


@pytest.mark.parametrize(
    "change",
    [
        {"checker": None}, {"approved": False}, {"approved": "yes"}, {"held": "review-0"}, {"sha256": "0"}, {"signature": "none"},
        {"signature": {"public_key": []}}, {"figure": 7.5},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("line", ["approved first", "released"])
def test_a_first_approval_that_cannot_be_read_is_an_error(two, busy, approve, change, line):
    id = two.held(two.own(), busy())
    said = two.decision(id, login="bshah").as_dict()
    if line == "released":
        approve(id, need=1)
        released = two.lines[-1]
        two.ledger.path.write_text(two.ledger.path.read_text().splitlines()[0] + "\n")
        content = {**released, "first": {**said, **change}}
    else:
        content = {"outcome": line, "review": {**said, **change}}
    Chain(two.ledger.path).append(content)
    ledger = Ledger(two.ledger.path)
    with pytest.raises(ChainError, match="line 2 of the ledger cannot be read"):
        ledger.docket()


def test_a_first_approval_of_what_does_not_wait_is_an_error(two, busy, approve):
    id = two.held(two.own(), busy())
    approve(id, need=1)
    two.ledger.record_first_approval(two.decision(id, by="C. Roe", login="croe").as_dict())
    with pytest.raises(ChainError, match="line 3 of the ledger cannot be read"):
        two.ledger.docket()


def test_a_first_approval_that_nobody_signed_or_from_no_known_account_does_not_count(two, busy, approve):
    id = two.held(two.own(), busy())
    said = two.decision(id, by="D. Fox", login="dfox").as_dict()
    two.ledger.record_first_approval({**said, "reason": "Other words"})
    assert approve(id, "C. Roe", "croe") is None
    two.ledger.record_first_approval(two.decision(id, by="D. Fox").as_dict())  # by nobody knows which account
    assert approve(id) is None and approve(id, "C. Roe", "croe").manifest.approvers == ("B. Shah", "C. Roe")


@pytest.mark.parametrize("people", [("B. Shah", "B. Shah"), ("B. Shah", "C. Roe")])
def test_of_two_at_once_one_is_first(two, busy, people):
    id = two.held(two.own(), busy())
    decisions = [two.decision(id, by=by, login=by) for by in people]
    together, found = threading.Barrier(2), []

    def decide(decision):
        own = type(two)(rig=type("Own", (), {"ledger": Ledger(two.ledger.path)})(), folder=two.folder, keys=two.keys)
        together.wait()
        try:
            found.append(own.approve(decision, need=2))
        except ReviewError as error:
            found.append(str(error))

    threads = [threading.Thread(target=decide, args=(each,)) for each in decisions]
    [each.start() for each in threads], [each.join() for each in threads]
    assert len(found) == 2 and None in found
    (other,) = [each for each in found if each is not None]
    if len(set(people)) == 1:
        assert "you approved" in other and outcomes(two) == ["held", "approved first"]
    else:
        assert set(other.manifest.approvers) == set(people) and outcomes(two) == ["held", "approved first", "released"]
