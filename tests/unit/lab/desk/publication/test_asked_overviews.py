"""The service gives an overview of a practice, and its pages over the year that was published, without anything being released for it."""

import base64
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.service.answer import Answer, Service
from farr.lab.desk.service.clients import Clients
from farr.lab.desk.service.server import on_unix_socket
from farr.lab.desk.showing.parts import summary
from farr.lab.disclosure.released import read_published
from farr.lab.model.asking.client import ServiceRefused, ask, ask_overview, ask_page, over_unix_socket
from farr.lab.model.asking.envelope import Asked, Form, sealed_envelope
from farr.lab.model.durable.chain import Chain
from farr.lab.model.request import BenchmarkRequest, OverviewRequest
from farr.lab.model.showing.page import Overview, Page
from farr.lab.model.showing.signed import NotSigned, asked_overview_about, overview_about, read_signed
from tests.unit.lab.desk.publication.conftest import NAMES, Tiny

PRACTICE, YEAR = OverviewRequest(organisation="A81001", level="practice"), "2024-01..2024-12"
STAY = BenchmarkRequest(organisation="A81001", level="practice", measure="length_of_stay", period=YEAR)
ASKED = {"agreement": "tiny", "purpose": "benchmarking", "user": "A. Nurse"}


@dataclass
class Asking:
    """A service on a home, and a client of it."""

    home: Tiny
    service: Service
    key: Ed25519PrivateKey
    number: int = 0

    def ask(self, request=PRACTICE, form: Form = Form.OVERVIEW, **changes) -> Answer:
        return self.service.respond(self.sign(request, **changes), form)

    def sign(self, request, **changes) -> bytes:
        self.number += 1
        given = {"request": request, "expires": datetime.now(UTC) + timedelta(minutes=5), "nonce": f"{self.number:032x}", **ASKED}
        return sealed_envelope(Asked(**{**given, **changes}), self.key).model_dump_json().encode()

    def read(self, answer: Answer, request=PRACTICE, nonce: str | None = None) -> Overview:
        about = asked_overview_about(request.model_dump(mode="json"), f"{self.number:032x}" if nonce is None else nonce)
        return read_signed(base64.b64decode(answer.body["overview"]), Overview, about, self.home.keys, "o")

    @property
    def ledger(self) -> bytes:
        return self.home.home.ledger("tiny").path.read_bytes()


def asking_of(home: Tiny) -> Asking:
    key = Ed25519PrivateKey.generate()
    Clients(home.home.folder).add("portal", key, ("tiny", "other"))
    return Asking(home=home, service=Service(home.home), key=key)


@pytest.fixture
def asking(public) -> Asking:
    return asking_of(public)


def test_an_overview_says_of_each_measure_what_the_desk_answers_for_the_year_published(asking):
    found = asking.read(asking.ask())
    assert (found.organisation, found.organisation_name, found.level_title) == ("A81001", "Place A81001", "Practice")
    assert (found.agreement, found.norm, found.left_out) == ("tiny", "national", ())
    assert {each.measure for each in found.summaries} == set(NAMES)
    desk = asking.home.desk()
    for each in found.summaries:
        assert each == summary(desk.answer(STAY.model_copy(update={"measure": each.measure})))


def test_what_was_published_serves_every_practice_and_nothing_is_released_for_it(asking):
    before, written = asking.ledger, {path.name for path in asking.home.home.published.iterdir()}
    for at in range(4):
        request = PRACTICE.model_copy(update={"organisation": f"A8100{at}"})
        assert len(asking.read(asking.ask(request), request).summaries) == len(NAMES)
    assert {path.name for path in asking.home.home.published.iterdir()} == written
    for name in NAMES:
        assert asking.ask(STAY.model_copy(update={"measure": name}), Form.PAGE, nothing_new=True).code == 200
    assert asking.ledger == before


def test_the_audit_names_what_an_overview_rests_on(asking):
    answer = asking.ask()
    received, answered = (link.content for link in Chain(asking.home.home.folder / "audit" / "service.jsonl").links())
    assert (received["user"], received["request"]) == ("A. Nurse", PRACTICE.model_dump())
    assert answered["releases"] == list(answer.releases) and answer.releases
    of_the_year = {name for each in asking.home.catalogue.entries if each.level == "practice" for name in each.releases}
    assert of_the_year <= set(answer.releases)
    assert all(read_published(asking.home.home.published / name, asking.home.keys) for name in of_the_year)


def test_an_overview_is_signed_for_its_request_and_nonce_alone(asking):
    answer = asking.ask()
    with pytest.raises(NotSigned, match="about something else"):
        asking.read(answer, PRACTICE.model_copy(update={"organisation": "A81002"}))
    with pytest.raises(NotSigned, match="about something else"):
        asking.read(answer, nonce="f" * 32)
    raw = base64.b64decode(answer.body["overview"])
    with pytest.raises(NotSigned, match="about something else"):
        read_signed(raw, Overview, overview_about("practice", "A81001", "national"), asking.home.keys, "o")
    with pytest.raises(NotSigned, match="not trusted here"):
        read_signed(raw, Overview, {}, {"another"}, "o")


@pytest.mark.parametrize(
    ("changes", "code", "reason"),
    [
        ({"agreement": "hull"}, 403, "may not ask under agreement 'hull'"),
        ({"agreement": "other"}, 403, "there is no agreement"),
        ({"purpose": "research"}, 403, "is not for the purpose 'research'"),
        ({"form": Form.PAGE}, 422, "asked for by organisation and measure"),
        ({"form": Form.BENCHMARK}, 422, "asked for by organisation and measure"),
        ({"request": STAY}, 422, "without a measure"),
        ({"request": PRACTICE.model_copy(update={"norm": "similar_ten"})}, 422, "is not made at level practice"),
        ({"request": PRACTICE.model_copy(update={"norm": "no_such"})}, 422, "there is no norm 'no_such'"),
        ({"request": PRACTICE.model_copy(update={"organisation": "X1"})}, 422, "nothing can be shown of 'X1': 'X1' has no row"),
        ({"request": PRACTICE.model_copy(update={"level": "parish"})}, 422, "is not made at level parish"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_in_words_and_nothing_is_released(asking, changes, code, reason):
    before = asking.ledger
    answer = asking.ask(**changes)
    assert (answer.code, answer.body["status"]) == (code, "refused") and reason in answer.reason
    assert asking.ledger == before


def test_of_what_was_not_published_nothing_is_shown_and_nothing_released(tiny):
    asking = asking_of(tiny)
    assert "nothing is published under the agreement 'tiny'; type: farr publish" in asking.ask().reason
    answer = asking.ask(STAY, Form.PAGE, nothing_new=True)
    assert answer.code == 422 and "was not released from the records as they are held now" in answer.reason
    assert not tiny.home.ledger("tiny").path.exists()
    assert asking.ask(STAY, Form.PAGE).code == 200  # who may ask for more, does


def test_records_that_came_after_it_was_published_are_not_released_for_a_reader(asking):
    asking.home.resend([asking.home.store.months("apc_spell")[-1]], 450)
    before = asking.ledger
    for answer in (asking.ask(), asking.ask(STAY, Form.PAGE, nothing_new=True)):
        assert answer.code == 422 and "shown once they are published" in answer.reason
    assert asking.ledger == before
    asking.home.publish()
    assert asking.ask().code == 200 and asking.ask(STAY, Form.PAGE, nothing_new=True).code == 200


def test_a_year_that_was_not_published_needs_somebody_who_may_ask(asking):
    before, other = asking.ledger, STAY.model_copy(update={"period": "2024-02..2025-01"})
    assert asking.ask(other, Form.PAGE, nothing_new=True).code == 422 and asking.ledger == before
    assert asking.ask(other, Form.PAGE).code == 200 and asking.ledger != before


def test_measures_that_were_not_published_are_told_with_the_reason(asking, monkeypatch):
    catalogue = asking.home.catalogue
    entries = [
        each.model_copy(update={"releases": (), "reason": "too few people"})
        if (each.measure, each.level) == ("length_of_stay", "practice") else each
        for each in catalogue.entries
    ]  # fmt: skip
    changed = catalogue.model_copy(update={"entries": tuple(entries)})
    monkeypatch.setattr("farr.lab.desk.service.overview.read_catalogue", lambda *_: changed)
    found = asking.read(asking.ask())
    ((reason, titles),) = found.left_out
    assert reason == "too few people" and len(titles) == 1 and len(found.summaries) == len(NAMES) - 1


def test_over_the_socket_the_client_reads_what_it_asked_for(asking, tmp_path):
    server = on_unix_socket(tmp_path / "s.sock", asking.service.respond)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    path, keys = tmp_path / "s.sock", asking.home.keys
    try:
        found = ask_overview(over_unix_socket(path), PRACTICE, asking.key, trusted=keys, **ASKED)
        assert found.organisation == "A81001"
        page = ask_page(over_unix_socket(path), STAY, asking.key, trusted=keys, nothing_new=True, **ASKED)
        assert isinstance(page, Page) and page.summary in found.summaries and page.request.period == YEAR
        with pytest.raises(NotSigned, match="not trusted here"):
            ask_overview(over_unix_socket(path), PRACTICE, asking.key, trusted={"another"}, **ASKED)
        with pytest.raises(ServiceRefused, match="there is no norm 'x'"):
            ask_overview(over_unix_socket(path), PRACTICE.model_copy(update={"norm": "x"}), asking.key, trusted=keys, **ASKED)
        assert ask(over_unix_socket(path), STAY, asking.key, trusted=keys, **ASKED)["level"] == "practice"
        answer = asking.ask()
        server.respond = lambda *_: answer  # of the same question, asked before
        with pytest.raises(NotSigned, match="about something else"):
            ask_overview(over_unix_socket(path), PRACTICE, asking.key, trusted=keys, **ASKED)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
