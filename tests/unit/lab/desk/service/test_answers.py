"""What the service answers: to whom, under which agreement, once; and what it writes down of it."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.files import as_json
from farr.lab.desk.service.answer import Service, _refused
from farr.lab.desk.service.clients import Clients
from farr.lab.disclosure.released import read_published
from farr.lab.engine.errors import EngineFailed
from farr.lab.model.asking.envelope import EnvelopeError, check_answer
from farr.lab.model.durable.chain import Chain, ChainError
from farr.lab.model.durable.disk import DiskFull
from farr.lab.model.errors import FarrError
from farr.lab.model.request import BenchmarkRequest


def test_a_client_is_answered_with_the_benchmark_and_its_releases_are_published(rig, make):
    answer = rig.ask()
    assert answer.code == 200 and answer.body["status"] == "ok" and answer.body["benchmark"] == as_json(make())
    released = read_published(rig.home.published / answer.releases[0], {rig.home.public_key()})
    assert released.table.equals(make().rows.table)


def test_an_answer_is_signed_for_its_request_alone(rig):
    body = rig.ask().body
    check_answer(body["benchmark"], "0" * 32, body["signed"], {rig.home.public_key()})
    for benchmark, nonce, signed in (
        ({**body["benchmark"], "level": "practice"}, "0" * 32, body["signed"]),
        (body["benchmark"], "1" * 32, body["signed"]),
        (body["benchmark"], "0" * 32, None),
        (body["benchmark"], "0" * 32, {"public_key": "AAAA", "signature": "AAAA"}),
    ):
        with pytest.raises(EnvelopeError, match="changed on its way, or answers another request"):
            check_answer(benchmark, nonce, signed, None)
    with pytest.raises(EnvelopeError, match="not trusted here"):
        check_answer(body["benchmark"], "0" * 32, body["signed"], {"another"})


def test_a_key_nobody_registered_is_not_answered(rig):
    assert rig.ask(key=Ed25519PrivateKey.generate()).code == 401
    assert rig.desk.opened == []


def test_a_removed_client_is_answered_no_more(rig):
    assert rig.ask().code == 200
    Clients(rig.home.folder).remove("portal")
    assert rig.ask(nonce="1" * 32).code == 401


def test_nothing_unsigned_is_answered(rig):
    unsigned = json.loads(rig.sign())
    for raw in (b"", b"{}", json.dumps({**unsigned, "signature": ""}).encode(), json.dumps(unsigned["asked"]).encode()):
        assert rig.service.respond(raw).code == 401
    assert rig.desk.opened == [] and rig.desk.asked == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"agreement": "hull"}, "may not ask under agreement 'hull'"),
        ({"agreement": "york"}, "there is no agreement"),
        ({"purpose": "research"}, "is not for the purpose 'research'"),
    ],
)
def test_what_an_agreement_does_not_allow_is_refused(rig, changes, reason):
    answer = rig.ask(**changes)
    assert answer.code == 403 and reason in answer.reason
    assert rig.desk.asked == []


def test_the_same_request_is_answered_once(rig):
    raw = rig.sign()
    assert rig.service.respond(raw).code == 200
    again = rig.service.respond(raw)
    assert again.code == 403 and "sent before" in again.reason


def test_the_same_request_is_answered_once_after_a_restart_and_by_another_process(rig):
    other = rig.restarted()
    raw = rig.sign()
    assert rig.service.respond(raw).code == 200
    assert [service.respond(raw).code for service in (other, rig.restarted())] == [403, 403]


def test_the_same_request_at_once_is_answered_once(rig):
    raw, services = rig.sign(), [rig.service, rig.restarted()]
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda at: services[at % 2].respond(raw).code, range(16)))
    assert sorted(codes) == [200, *[403] * 15]
    assert Chain(rig.audit).verify() == 32


def test_a_request_that_was_refused_cannot_be_sent_again_later(rig):
    raw = rig.sign(agreement="hull")
    rig.service.respond(raw)
    assert "sent before" in rig.service.respond(raw).reason


def test_the_desk_stays_open_until_the_terms_change(rig):
    rig.ask()
    rig.ask(nonce="1" * 32)
    assert rig.desk.opened == [("leeds", "benchmarking")] * 2, "one for what was released before, and one for what is new"
    rig.approve(rig.terms.model_copy(update={"period_last": "2024-06"}))
    rig.ask(nonce="2" * 32)
    assert len(rig.desk.opened) == 4


def test_an_agreement_that_ended_answers_no_more(rig):
    rig.ask()
    rig.approve(rig.terms.model_copy(update={"ends": date(2024, 1, 2)}))
    answer = rig.ask(nonce="1" * 32)
    assert answer.code == 403 and "nothing runs outside it" in answer.reason and len(rig.desk.asked) == 1


def test_terms_that_nobody_approved_answer_no_more(rig):
    rig.ask()
    path = rig.home.agreement_path("leeds")
    path.write_text(path.read_text().replace("2024-12", "2025-12"))
    answer = rig.ask(nonce="1" * 32)
    assert answer.code == 403 and "was changed after its guardian signed it" in answer.reason


def failing(error: Exception):
    def give(_: BenchmarkRequest):
        raise error

    return give


def test_a_refusal_is_told_in_its_own_words(rig):
    rig.desk.give = failing(FarrError("there is no measure 'made_up'"))
    assert (rig.ask().code, rig.ask(nonce="1" * 32).reason) == (422, "there is no measure 'made_up'")


def test_a_failure_inside_is_answered_without_its_words(rig):
    rig.desk.give = failing(ValueError("patient 4711 has 3 spells"))
    answer = rig.ask()
    assert answer.code == 500 and answer.reason == "the service failed (ValueError); nothing was released"
    assert "4711" not in rig.audit.read_text()


def test_a_failure_of_the_engine_is_not_kept(rig):
    rig.desk.give = failing(EngineFailed("the database could not answer", "question made_up"))
    assert rig.ask().code == 422
    rig.ask(nonce="1" * 32)
    assert len(rig.desk.opened) == 3, "the desk that failed is opened anew"


def test_one_that_waits_is_refused_when_the_service_stops_and_one_begun_is_answered(rig, make):
    begun, finish = threading.Event(), threading.Event()

    def slow(_: BenchmarkRequest):
        begun.set()
        assert finish.wait(10)
        return make()

    rig.desk.give = slow
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(rig.ask)
        assert begun.wait(10)
        second = pool.submit(rig.ask, nonce="1" * 32)
        rig.service.stop()
        finish.set()
        assert (first.result(10).code, second.result(10).code) == (200, 503)


def test_what_was_released_before_is_answered_while_a_new_question_is_worked_on(rig, make):
    begun, finish = threading.Event(), threading.Event()

    def slow(_: BenchmarkRequest):
        begun.set()
        assert finish.wait(10)
        return make()

    rig.desk.give = slow
    with ThreadPoolExecutor(1) as pool:
        new = pool.submit(rig.ask)
        assert begun.wait(10)
        rig.desk.released = lambda _: make()
        assert rig.ask(nonce="1" * 32).code == 200 and not new.done()
        assert rig.ask(nonce="2" * 32, nothing_new=True).code == 200 and not new.done()
        finish.set()
        assert new.result(10).code == 200


def test_an_answer_that_says_less_than_it_could_is_asked_anew(rig, make):
    """The desk left something out where it may release nothing new: the whole answer is that of the other desk."""
    less, whole = make(name="Less"), make(name="Whole")

    def without(_: BenchmarkRequest):
        (desk,) = [each for each in opened if each.missing is not None]
        desk.missing.questions += 1
        return less

    opened, open_desk = [], rig.service._open_desk
    rig.service._open_desk = lambda *named: opened.append(open_desk(*named)) or opened[-1]
    rig.desk.released, rig.desk.give = without, lambda _: whole
    assert rig.ask().body["benchmark"]["organisation_name"] == "Whole"
    assert rig.ask(nonce="1" * 32, nothing_new=True).body["benchmark"]["organisation_name"] == "Less"


def test_what_is_refused_whatever_is_released_waits_for_nobody(rig, make):
    begun, finish = threading.Event(), threading.Event()

    def slow(_: BenchmarkRequest):
        begun.set()
        assert finish.wait(10)
        return make()

    rig.desk.give = slow
    with ThreadPoolExecutor(1) as pool:
        new = pool.submit(rig.ask)
        assert begun.wait(10)
        rig.desk.released = failing(FarrError("there is no measure 'made_up'"))
        refused = rig.ask(nonce="1" * 32)
        assert (refused.code, refused.reason) == (422, "there is no measure 'made_up'") and not new.done()
        finish.set()
        assert new.result(10).code == 200


def test_the_audit_holds_every_request_whole_and_what_came_of_it(rig):
    rig.ask(user="B. Shah", request=BenchmarkRequest(organisation="C09", measure="made_up", by="sex", count=5))
    rig.ask(agreement="hull", nonce="1" * 32)
    rig.service.respond(b"{")
    received, answered, other, refused, unreadable = rig.lines
    assert received["outcome"] == "received" and received["client"] == "portal" and received["user"] == "B. Shah"
    assert (received["agreement"], received["purpose"], received["nonce"]) == ("leeds", "benchmarking", "0" * 32)
    asked = {"organisation": "C09", "measure": "made_up", "by": "sex", "count": 5, "norm": "national", "all_months": False}
    assert asked.items() <= received["request"].items()
    assert answered == {"outcome": "answered", "of": 1, "code": 200, "reason": None, "releases": ["0123456789abcdef"] * 3}
    assert other["agreement"] == "hull" and (refused["of"], refused["code"]) == (3, 403)
    assert (unreadable["of"], unreadable["code"], unreadable["outcome"]) == (None, 401, "refused")
    assert Chain(rig.audit).verify() == 5


def test_the_audit_holds_no_figure(rig, make):
    rig.desk.give = lambda _: make(unit="% that holds 40.0")
    rig.ask(expires=(datetime.now(UTC) + timedelta(minutes=5)).replace(microsecond=0))  # "…:14.012345" would hold 14.0
    written = rig.audit.read_text()
    figures = {str(row[name]) for row in make().rows.table.to_pylist() for name in ("numerator", "denominator", "value")}
    assert figures - {"None"} and not [figure for figure in figures if figure in written]


def test_without_an_audit_nothing_is_answered(rig):
    rig.audit.parent.mkdir(exist_ok=True)
    rig.audit.write_text("not a chain\n")
    answer = rig.ask()
    assert answer.code == 500 and "nothing is answered that cannot be recorded" in answer.reason
    assert rig.desk.asked == []


def test_a_service_does_not_start_on_an_edited_audit(rig):
    rig.ask()
    rig.audit.write_text(rig.audit.read_text().replace("A. Analyst", "Nobody"))
    with pytest.raises(ChainError, match="line 1 does not follow"):
        Service(rig.home, rig.desk.open)


def test_requests_out_of_date_are_forgotten_and_still_refused(rig):
    raw = rig.sign(expires=datetime.now(UTC) + timedelta(minutes=1))
    rig.service.respond(raw)
    audit = rig.audit.read_text()
    assert rig.service.respond(raw).code == 403
    assert audit in rig.audit.read_text()


def test_files_of_the_lab_are_not_named_to_those_who_ask():
    for error in (ChainError("/srv/lab/ledger.jsonl, line 7 does not follow"), DiskFull("/srv/lab is full")):
        answer = _refused(error)
        assert answer.code == 500 and "/srv" not in (answer.reason or "")
    assert _refused(FarrError("ask for a longer period")).reason == "ask for a longer period"
