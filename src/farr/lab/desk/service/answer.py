"""What the release service makes of a request: authorise, ask, release, publish, answer; and a line of audit for each."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from farr.lab.desk.desk import Desk
from farr.lab.desk.figures import releases
from farr.lab.desk.files import as_json
from farr.lab.desk.home import Home
from farr.lab.desk.service.clients import Client, ClientError, Clients
from farr.lab.desk.service.envelope import Asked, EnvelopeError, read_envelope
from farr.lab.disclosure.released import publish
from farr.lab.model.agreement import AgreementError
from farr.lab.model.chain import Chain
from farr.lab.model.errors import FarrError

_NONCES = 100_000


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An HTTP status and what to send: {"status": "ok", "benchmark": …} or {"status": "refused", "reason": …}."""

    code: int
    body: dict[str, Any]


class Service:
    """Answers requests on one home folder, one at a time: a session answers one question at a time, and what is released is kept."""

    def __init__(self, home: Home, open_desk: Callable[[Home, str, str], Desk] = Desk) -> None:
        self._home = home
        self._open_desk = open_desk
        self._clients = Clients(home.folder)
        self._audit = Chain(home.folder / "audit" / "service.jsonl")
        self._desks: dict[tuple[str, str], Desk] = {}
        self._seen: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def respond(self, raw: bytes) -> Answer:
        """Never raises: what goes wrong is told in words that hold no figure."""
        with self._lock:
            try:
                return self._answered(raw)
            except (EnvelopeError, ClientError) as error:
                return self._refused(401, str(error), None, None)
            except Exception as error:  # whatever fails in here may name a figure
                return self._refused(500, f"the service failed ({type(error).__name__}); nothing was released", None, None)

    def _answered(self, raw: bytes) -> Answer:
        envelope = read_envelope(raw)
        asked, client = envelope.asked, self._clients.by_key(envelope.public_key)
        try:
            self._check(asked, client)
            found = self._desk(asked).answer(asked.request)
            for released in releases(found):
                publish(released, self._home.published, self._home.release_key())
        except AgreementError as error:
            return self._refused(403, str(error), asked, client)
        except FarrError as error:
            return self._refused(422, str(error), asked, client)
        self._record(asked, client, "answered", [released.manifest.release_id for released in releases(found)])
        return Answer(code=200, body={"status": "ok", "benchmark": as_json(found)})

    def _check(self, asked: Asked, client: Client) -> None:
        if asked.nonce in self._seen:
            raise AgreementError("this very request was answered before; sign a new one")
        self._seen[asked.nonce] = asked.expires
        while len(self._seen) > _NONCES or (self._seen and next(iter(self._seen.values())) < datetime.now(UTC)):
            self._seen.popitem(last=False)
        if asked.agreement not in client.agreements:
            raise AgreementError(f"the client '{client.name}' may not ask under agreement '{asked.agreement}'")

    def _desk(self, asked: Asked) -> Desk:
        key = (asked.agreement, asked.purpose)
        self._home.agreement(asked.agreement).check_purpose(asked.purpose)  # it may have ended since the desk was opened
        if key not in self._desks:
            self._desks[key] = self._open_desk(self._home, *key)
        return self._desks[key]

    def _refused(self, code: int, reason: str, asked: Asked | None, client: Client | None) -> Answer:
        self._record(asked, client, "refused", [])
        return Answer(code=code, body={"status": "refused", "reason": reason})

    def _record(self, asked: Asked | None, client: Client | None, outcome: str, released: list[str]) -> None:
        said = {} if asked is None else {"user": asked.user, "agreement": asked.agreement, "purpose": asked.purpose}
        request = {} if asked is None else asked.request.model_dump(mode="json", exclude_defaults=True)
        self._audit.append(
            {"outcome": outcome, "client": client.name if client else None, **said, "request": request, "releases": released}
        )
