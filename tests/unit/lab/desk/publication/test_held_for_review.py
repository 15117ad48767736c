"""Questions of one's own at a desk: held, looked at, and released or refused; choices of codes; and the service."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console

from farr.lab.desk.answering.releases import Releases
from farr.lab.desk.home import make_key
from farr.lab.desk.reviewing.checkers import Checkers
from farr.lab.desk.reviewing.deciding import Checking
from farr.lab.desk.reviewing.screen import listed, shown
from farr.lab.desk.service.answer import Service
from farr.lab.desk.service.clients import Clients
from farr.lab.disclosure.gate import Refused, Unregistered
from farr.lab.disclosure.released import read_published
from farr.lab.disclosure.review.held import Held
from farr.lab.disclosure.review.item import ReviewError
from farr.lab.engine.session import Session
from farr.lab.measures.estimators import ESTIMATORS
from farr.lab.measures.questions import questions
from farr.lab.model.agreement import Agreement, AgreementError, Signatory, write_agreement
from farr.lab.model.asking.envelope import Asked, sealed_envelope
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.tables.sus import APC_SPELL

SPELL = APC_SPELL.unbound
CODES = BenchmarkRequest(
    organisation="RA1", measure="procedure_for_diagnosis", choices={"diagnosis": "K80 K81", "procedure": "J18"}, all_months=True,
    period="2024-02..2025-01",
)  # fmt: skip
WHY = "For the frailty paper"


def own(**changes) -> Question:
    rows = SPELL.Spell_Key.notnull()
    asked = {
        "name": "own", "table": APC_SPELL, "period": Period.parse("2024-02..2025-01"), "where": rows, "groupings": (Grouping(),),
        "aggregates": (Aggregate(name="spells", kind=AggregateKind.COUNT, where=rows & (SPELL.Sex != "9")),),
    }  # fmt: skip
    return Question(**{**asked, **changes})


@pytest.fixture
def checking(tiny, tmp_path, monkeypatch):
    """What the checker B. Shah does in the tiny home, by an account of their own."""
    monkeypatch.setattr("farr.lab.desk.reviewing.deciding.login", lambda: "bshah")
    home, keys = tiny.home, [make_key(tmp_path / f"{name}.pem") for name in ("guardian", "shah")]
    home.trust(Signatory.GUARDIAN, "guardian", keys[0])
    Checkers(home).trust("B. Shah", keys[1], role=Signatory.GUARDIAN, vouching=keys[0])

    class Hands:
        key = keys[1]

        def approve(self, id):
            return Checking(home, "tiny").approve(id, checker="B. Shah", key=keys[1], reason="Large groups", all_rows_seen=True)

        def refuse(self, id):
            return Checking(home, "tiny").refuse(id, checker="B. Shah", key=keys[1], reason="Ask by age band")

    return Hands()


def held(desk, question) -> str:
    with pytest.raises(Held) as waiting:
        desk.ask(question, why=WHY, asker="A. Lee")
    return waiting.value.id


def test_a_question_of_ones_own_comes_out_once_it_is_approved(tiny, checking):
    desk = tiny.desk()
    with pytest.raises(Unregistered, match=r"Desk.ask\(question, why=…\)"):
        desk.released(own())
    id = held(desk, own())
    released, path = checking.approve(id)
    assert read_published(path, tiny.keys).manifest == released.manifest
    for again in (desk.ask(own(), why=WHY), desk.released(own()), tiny.desk().released(own())):
        assert again.manifest.release_id == released.manifest.release_id and again.table.equals(released.table)


def test_refused_it_stays_refused_also_for_a_desk_that_was_open_all_along(tiny, checking):
    desk = tiny.desk()
    checking.refuse(held(desk, own()))
    for other in (desk, tiny.desk()):
        with pytest.raises(Refused, match="was refused by the output checker B. Shah: Ask by age band"):
            other.ask(own(), why=WHY, asker="A. Lee")


def test_what_rests_on_data_that_changed_may_be_approved_as_it_was(tiny, checking):
    id = held(tiny.desk(), own())
    tiny.resend([Month(2024, 5)], 850)
    assert held(tiny.desk(), own()) != id
    released, _ = checking.approve(id)
    assert released.manifest.store_versions != tiny.desk().releases.basis_of(APC_SPELL)
    with pytest.raises(Held):
        tiny.desk().ask(own(), why=WHY, asker="A. Lee")


def test_nobody_is_asked_to_decide_what_a_measure_puts(tiny):
    desk = tiny.desk()
    measure = desk.measure("length_of_stay")
    (question,) = questions(measure, level="provider", period=desk.latest_year(measure), trend=None, verdict=True)
    assert desk.ask(question, why=WHY).name == "length_of_stay"
    changed = replace(question, where=question.where & (SPELL.Sex != "9"))
    with pytest.raises(Unregistered):
        desk.released(changed)


def test_a_measure_that_only_a_desk_was_told_of_is_not_registered(tiny):
    desk = tiny.desk()
    made_up = replace(desk.measure("length_of_stay"), name="made_up")
    desk.measures["made_up"] = made_up
    desk.measures["length_of_stay"] = replace(made_up, name="length_of_stay", denominator=SPELL.Sex.isnull())
    for name in ("made_up", "length_of_stay"):
        with pytest.raises(Unregistered):
            desk.benchmark(organisation="RA1", measure=name)


def test_releases_made_by_hand_know_nothing_as_registered(tiny):
    desk, terms = tiny.desk(), tiny.home.agreement("tiny").terms
    by_hand = Releases(Session(tiny.store, terms, ESTIMATORS, "1"), tiny.home.ledger("tiny"), terms, "1")
    measure = desk.measure("length_of_stay")
    with pytest.raises(Unregistered):
        by_hand.of(questions(measure, level="provider", period=desk.latest_year(measure), trend=None, verdict=True)[0])


def test_codes_of_ones_own_are_held_and_single_categories_are_not(tiny, checking):
    single = CODES.model_copy(update={"choices": {"diagnosis": "K80", "procedure": "J18"}})
    carried = CODES.model_copy(update={"choices": {"diagnosis": "gallstones", "procedure": "gallbladder_removal"}})
    for request in (single, carried):
        assert tiny.desk().answer(request).organisation == "RA1"
    with pytest.raises(Unregistered, match="--why"):
        tiny.desk().answer(CODES)
    with pytest.raises(Held) as waiting:
        tiny.desk().answer(CODES.model_copy(update={"why": WHY}), "A. Lee")
    assert len(waiting.value.ids) == 2  # the year and its months
    entries = Checking(tiny.home, "tiny").entries()
    assert [each.id for each in entries] == list(waiting.value.ids) and {each.asking.who for each in entries} == {"A. Lee"}
    for id in waiting.value.ids:
        checking.approve(id)
    assert tiny.desk().answer(CODES).rows.manifest.derived_from[0] in {
        path.parent.name for path in tiny.home.published.glob("*/manifest.json")
    }


def test_from_the_account_that_asked_nothing_is_approved(tiny, checking, monkeypatch):
    id = held(tiny.desk(), own())
    monkeypatch.undo()
    with pytest.raises(ReviewError, match="logged in by another account"):
        checking.approve(id)
    for nothing in ("", " "):
        with pytest.raises(ReviewError, match="must say why"):
            tiny.desk().ask(own(), why=nothing)


def test_the_service_holds_as_the_desk_does(tiny):
    key = Ed25519PrivateKey.generate()
    Clients(tiny.home.folder).add("portal", key, ("tiny",))
    service = Service(tiny.home)

    def respond(request, nonce):
        expires = datetime.now(UTC) + timedelta(minutes=5)
        asked = Asked(request=request, agreement="tiny", purpose="benchmarking", user="A. Lee", expires=expires, nonce=nonce * 32)
        return service.respond(sealed_envelope(asked, key).model_dump_json().encode())

    refused = respond(CODES, "0")
    assert refused.code == 422 and "no registered measure puts it" in refused.body["reason"]
    answer = respond(CODES.model_copy(update={"why": WHY}), "1")
    assert (answer.code, answer.body["status"]) == (202, "held") and "benchmark" not in answer.body
    first, *_ = Checking(tiny.home, "tiny").entries()
    assert first.id in answer.body["held"] and (first.asking.who, first.asking.why, first.asking.login) == ("A. Lee", WHY, "A. Lee")
    assert not list(tiny.home.published.glob("*/manifest.json"))


def test_an_askers_words_do_nothing_to_a_checkers_screen(tiny):
    trick = "\x1b\u202e[b]x[/]"  # short: the list folds longer names
    rows = SPELL.Sex.isnull() | (SPELL.Sex != trick)
    id = held(tiny.desk(), own(name=trick, where=rows, groupings=(Grouping(dimensions=("provider",)),)))
    console = Console(width=200, file=io.StringIO(), force_terminal=False)
    checking = Checking(tiny.home, "tiny")
    for part in (listed(checking.entries()), *shown(checking.look(id))):
        console.print(part)
    said = console.file.getvalue()
    assert "\x1b" not in said and "\u202e" not in said and said.count("[b]x[/]") >= 3


def test_an_agreement_that_covers_the_months_no_more_releases_nothing(tiny, checking):
    id = held(tiny.desk(), own())
    agreement = tiny.home.agreement("tiny")
    shorter = Agreement(terms=agreement.terms.model_copy(update={"period_last": "2024-12"}))
    for role in Signatory:
        key = Ed25519PrivateKey.generate()
        tiny.home.trust(role, f"new {role.value}", key)
        shorter = shorter.signed_by(role, role.value, key, agreement.terms.starts)
    write_agreement(shorter, tiny.home.agreement_path("tiny"))
    with pytest.raises(AgreementError, match="covers 2024-01..2024-12"):
        checking.approve(id)
