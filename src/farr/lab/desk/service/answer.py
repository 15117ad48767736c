"""What the release service makes of a request: write it down, authorise, ask, release, publish, answer, and write down what came of it."""

import base64
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.desk import Desk
from farr.lab.desk.figures import releases
from farr.lab.desk.files import as_json
from farr.lab.desk.home import Home
from farr.lab.desk.service.audit import Audit, Receipt
from farr.lab.desk.service.clients import Client, ClientError, Clients
from farr.lab.desk.service.overview import answered as overview_answered
from farr.lab.desk.showing.page import page_of
from farr.lab.disclosure.released import publish
from farr.lab.disclosure.review.held import Held
from farr.lab.engine.errors import EngineFailed
from farr.lab.model.agreement import AgreementError, Terms
from farr.lab.model.asking.envelope import Asked, EnvelopeError, Form, read_envelope, signed_answer
from farr.lab.model.durable.chain import ChainError
from farr.lab.model.durable.disk import DiskFull
from farr.lab.model.errors import FarrError
from farr.lab.model.request import BenchmarkRequest, OverviewRequest
from farr.lab.model.showing.page import Overview, Page
from farr.lab.model.showing.signed import asked_overview_about, page_about, write_signed


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An HTTP status and what to send: {"status": "ok"} with "benchmark" and "signed", with "page" or "overview" by the form asked for;
    {"status": "refused", "reason": …}, or {"status": "held", "held": …, "reason": …} where an output checker must decide first. `releases`
    are the ids of those that the answer rests on."""

    code: int
    body: dict[str, Any]
    releases: tuple[str, ...] = ()

    @property
    def reason(self) -> str | None:
        return self.body.get("reason")


@dataclass(frozen=True, kw_only=True)
class _Held:
    """A desk that stays open between requests, and the terms it was opened under."""

    terms: Terms
    desk: Desk = field(repr=False)


class _Stopped(FarrError):
    """The service is being stopped."""


class Service:
    """Answers requests on one home folder. What needs something new is answered one at a time: a session answers one question at a time,
    and what is released is kept. What was released before is answered meanwhile, one at a time too, on desks of its own that release
    nothing: those who read do not wait for those who ask.

    Raises ChainError where the audit is not whole: nothing is answered without one."""

    def __init__(self, home: Home, open_desk: Callable[[Home, str, str], Desk] = Desk) -> None:
        self._home = home
        self._open_desk = open_desk
        self._clients = Clients(home.folder)
        self._audit = Audit(home.folder / "audit" / "service.jsonl")
        self._desks: dict[tuple[str, str], _Held] = {}
        self._readers: dict[tuple[str, str], _Held] = {}
        self._turn, self._reading, self._publishing = threading.Lock(), threading.Lock(), threading.Lock()
        self._is_stopped = False

    def respond(self, raw: bytes, form: Form = Form.BENCHMARK) -> Answer:
        """Never raises: what goes wrong is told in words that hold no figure."""
        try:
            return self._responded(raw, form)
        except Exception as error:  # the audit cannot be written, or the clients not be read
            return _refusal(500, f"the service failed ({type(error).__name__}); nothing is answered that cannot be recorded")

    def stop(self) -> None:
        """Has those that wait their turn, and later ones, refused; the one that is being answered is answered."""
        self._is_stopped = True

    def _responded(self, raw: bytes, form: Form) -> Answer:
        receipt: Receipt | None = None
        try:
            # Before its turn: what is not signed by a client never keeps others waiting.
            envelope = read_envelope(raw)
            client = self._clients.by_key(envelope.public_key)
        except (EnvelopeError, ClientError) as error:
            answer = _refusal(401, str(error))
        else:
            receipt = self._audit.received(envelope.asked, client)
            answer = self._told(envelope.asked, client, receipt, form)
        self._audit.ended(receipt, answer.code, answer.reason, list(answer.releases))
        return answer

    def _told(self, asked: Asked, client: Client, receipt: Receipt, form: Form) -> Answer:
        try:
            _check(asked, client, receipt, form)
            return self._answered(asked, form)
        except _Stopped:
            return _refusal(503, "the service is being stopped; sign the request again when it is back")
        except Held as held:
            return Answer(code=202, body={"status": "held", "held": list(held.ids), "reason": str(held)})
        except AgreementError as error:
            return _refusal(403, str(error))
        except FarrError as error:
            return _refused(error)
        except Exception as error:  # whatever fails in here may name a figure
            return _refusal(500, f"the service failed ({type(error).__name__}); nothing was released")

    def _answered(self, asked: Asked, form: Form) -> Answer:
        request = asked.request
        with self._one_at_a_time(self._reading, self._readers, asked) as desk:
            if isinstance(request, OverviewRequest):
                return _overview(desk, request, asked.nonce, self._home.release_key())
            found = _released_before(desk, request, asked)
        if found is None:
            with self._one_at_a_time(self._turn, self._desks, asked) as desk:
                found = desk.answer(request, asked.user, login=asked.user)
        return self._published(found, request, asked.nonce, form)

    @contextmanager
    def _one_at_a_time(self, turn: threading.Lock, desks: dict[tuple[str, str], _Held], asked: Asked) -> Generator[Desk]:
        """The desk that answers, once it is free. Raises _Stopped, and AgreementError where the agreement is not live."""
        with turn:
            if self._is_stopped:
                raise _Stopped
            try:
                yield self._desk(desks, asked)
            except EngineFailed:
                # A desk keeps why a question has no answer; a failure of the engine may pass, and is not kept.
                desks.pop((asked.agreement, asked.purpose), None)
                raise

    def _published(self, found: Benchmark, request: BenchmarkRequest, nonce: str, form: Form) -> Answer:
        key = self._home.release_key()
        with self._publishing:
            for released in releases(found):
                publish(released, self._home.published, key)
        ids = tuple(released.manifest.release_id for released in releases(found))
        body = _as_page(found, request, nonce, key) if form is Form.PAGE else _as_benchmark(found, nonce, key)
        return Answer(code=200, body={"status": "ok", **body}, releases=ids)

    def _desk(self, desks: dict[tuple[str, str], _Held], asked: Asked) -> Desk:
        # Read anew each time: since the desk was opened, the agreement may have ended, or been approved on other terms.
        if asked.agreement not in self._home.agreement_ids():
            raise AgreementError(f"there is no agreement '{asked.agreement}' in this lab")
        agreement = self._home.agreement(asked.agreement)
        agreement.check_purpose(asked.purpose)
        key = (asked.agreement, asked.purpose)
        held = desks.get(key)
        if held is None or held.terms != agreement.terms:
            held = desks[key] = _Held(terms=agreement.terms, desk=self._open_desk(self._home, *key))
        return held.desk


def _as_benchmark(found: Benchmark, nonce: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    benchmark = as_json(found)
    return {"benchmark": benchmark, "signed": signed_answer(benchmark, nonce, key)}


def _as_page(found: Benchmark, request: BenchmarkRequest, nonce: str, key: Ed25519PrivateKey) -> dict[str, Any]:
    page = page_of(found, request, made_at=datetime.now(UTC).isoformat(timespec="seconds"))
    return {"page": _signed(page, page_about(request.model_dump(mode="json"), nonce), key)}


def _overview(desk: Desk, request: OverviewRequest, nonce: str, key: Ed25519PrivateKey) -> Answer:
    """What it rests on was published already, and its figures stand in it: nothing is written of it, as of those made ahead."""
    found = overview_answered(desk, request)
    signed = _signed(found.overview, asked_overview_about(request.model_dump(mode="json"), nonce), key)
    return Answer(code=200, body={"status": "ok", "overview": signed}, releases=found.releases)


def _released_before(desk: Desk, request: BenchmarkRequest, asked: Asked) -> Benchmark | None:
    """The benchmark, made of what was released before; None where something new is needed for it, and may be released. Raises what has
    nothing to do with that, as if it were asked anew."""
    with desk.releases.nothing_new() as missing:
        try:
            found = desk.answer(request, asked.user, login=asked.user)
        except FarrError:
            if asked.nothing_new or not missing.questions:
                raise
            return None
    # Where something was missing, it may say less than it could.
    return found if asked.nothing_new or not missing.questions else None


def _signed(document: Page | Overview, about: dict[str, Any], key: Ed25519PrivateKey) -> str:
    return base64.b64encode(write_signed(document, about, key)).decode()


def _check(asked: Asked, client: Client, receipt: Receipt, form: Form) -> None:
    if receipt.is_repeat:
        raise AgreementError("this very request was sent before; sign a new one")
    if asked.agreement not in client.agreements:
        raise AgreementError(f"the client '{client.name}' may not ask under agreement '{asked.agreement}'")
    is_overview = isinstance(asked.request, OverviewRequest)
    if is_overview and form is not Form.OVERVIEW:
        raise EnvelopeError("a benchmark or a page is asked for by organisation and measure")
    if form is Form.OVERVIEW and not is_overview:
        raise EnvelopeError("an overview is asked for by organisation, level and norm, without a measure")


def _refused(error: FarrError) -> Answer:
    """What is told of an error. One of the lab's own files is named to whoever runs the lab, and not to those who ask."""
    if isinstance(error, ChainError | DiskFull):
        return _refusal(500, f"the lab cannot answer just now ({type(error).__name__}), and its operator must look; nothing was released")
    return _refusal(422, str(error))


def _refusal(code: int, reason: str) -> Answer:
    return Answer(code=code, body={"status": "refused", "reason": reason})
