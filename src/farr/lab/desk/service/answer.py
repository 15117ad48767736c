"""What the release service makes of a request: write it down, authorise, ask, release, publish, answer, and write down what came of it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from farr.lab.desk.desk import Desk
from farr.lab.desk.figures import releases
from farr.lab.desk.files import as_json
from farr.lab.desk.home import Home
from farr.lab.desk.service.audit import Audit, Receipt
from farr.lab.desk.service.clients import Client, ClientError, Clients
from farr.lab.desk.service.envelope import Asked, EnvelopeError, read_envelope, signed_answer
from farr.lab.disclosure.released import publish
from farr.lab.disclosure.review.held import Held
from farr.lab.engine.errors import EngineFailed
from farr.lab.model.agreement import AgreementError, Terms
from farr.lab.model.errors import FarrError


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An HTTP status and what to send: {"status": "ok", "benchmark": …, "signed": …}, {"status": "refused", "reason": …}, or
    {"status": "held", "held": …, "reason": …} where an output checker must decide first. `releases` are the ids of those that the
    benchmark rests on."""

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


class Service:
    """Answers requests on one home folder, one at a time: a session answers one question at a time, and what is released is kept.

    Raises ChainError where the audit is not whole: nothing is answered without one."""

    def __init__(self, home: Home, open_desk: Callable[[Home, str, str], Desk] = Desk) -> None:
        self._home = home
        self._open_desk = open_desk
        self._clients = Clients(home.folder)
        self._audit = Audit(home.folder / "audit" / "service.jsonl")
        self._desks: dict[tuple[str, str], _Held] = {}
        self._turn = threading.Lock()
        self._is_stopped = False

    def respond(self, raw: bytes) -> Answer:
        """Never raises: what goes wrong is told in words that hold no figure."""
        try:
            return self._responded(raw)
        except Exception as error:  # the audit cannot be written, or the clients not be read
            return _refusal(500, f"the service failed ({type(error).__name__}); nothing is answered that cannot be recorded")

    def stop(self) -> None:
        """Has those that wait their turn, and later ones, refused; the one that is being answered is answered."""
        self._is_stopped = True

    def _responded(self, raw: bytes) -> Answer:
        receipt: Receipt | None = None
        try:
            # Before its turn: what is not signed by a client never keeps others waiting.
            envelope = read_envelope(raw)
            client = self._clients.by_key(envelope.public_key)
        except (EnvelopeError, ClientError) as error:
            answer = _refusal(401, str(error))
        else:
            receipt = self._audit.received(envelope.asked, client)
            answer = self._in_turn(envelope.asked, client, receipt)
        self._audit.ended(receipt, answer.code, answer.reason, list(answer.releases))
        return answer

    def _in_turn(self, asked: Asked, client: Client, receipt: Receipt) -> Answer:
        with self._turn:
            if self._is_stopped:
                return _refusal(503, "the service is being stopped; sign the request again when it is back")
            try:
                _check(asked, client, receipt)
                return self._answered(asked)
            except Held as held:
                return Answer(code=202, body={"status": "held", "held": list(held.ids), "reason": str(held)})
            except AgreementError as error:
                return _refusal(403, str(error))
            except FarrError as error:
                self._forget(asked, error)
                return _refusal(422, str(error))
            except Exception as error:  # whatever fails in here may name a figure
                return _refusal(500, f"the service failed ({type(error).__name__}); nothing was released")

    def _answered(self, asked: Asked) -> Answer:
        found = self._desk(asked).answer(asked.request, asked.user, login=asked.user)
        key = self._home.release_key()
        for released in releases(found):
            publish(released, self._home.published, key)
        ids = tuple(released.manifest.release_id for released in releases(found))
        benchmark = as_json(found)
        return Answer(
            code=200, body={"status": "ok", "benchmark": benchmark, "signed": signed_answer(benchmark, asked.nonce, key)}, releases=ids
        )

    def _desk(self, asked: Asked) -> Desk:
        # Read anew each time: since the desk was opened, the agreement may have ended, or been approved on other terms.
        agreement = self._home.agreement(asked.agreement)
        agreement.check_purpose(asked.purpose)
        key = (asked.agreement, asked.purpose)
        held = self._desks.get(key)
        if held is None or held.terms != agreement.terms:
            held = self._desks[key] = _Held(terms=agreement.terms, desk=self._open_desk(self._home, *key))
        return held.desk

    def _forget(self, asked: Asked, error: FarrError) -> None:
        """A desk keeps why a question has no answer; a failure of the engine may pass, and is not kept."""
        if isinstance(error, EngineFailed):
            self._desks.pop((asked.agreement, asked.purpose), None)


def _check(asked: Asked, client: Client, receipt: Receipt) -> None:
    if receipt.is_repeat:
        raise AgreementError("this very request was sent before; sign a new one")
    if asked.agreement not in client.agreements:
        raise AgreementError(f"the client '{client.name}' may not ask under agreement '{asked.agreement}'")


def _refusal(code: int, reason: str) -> Answer:
    return Answer(code=code, body={"status": "refused", "reason": reason})
