"""A home with an approved agreement and one client, and a service on it whose desk gives a benchmark made up for the tests."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.answering.releases import Missing, NotReleasedYet
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.home import Home
from farr.lab.desk.service.answer import Answer, Service
from farr.lab.desk.service.clients import Clients
from farr.lab.desk.service.server import Server
from farr.lab.model.agreement import Agreement, OptOuts, Signatory, Terms, write_agreement
from farr.lab.model.asking.envelope import Asked, sealed_envelope
from farr.lab.model.durable.chain import Chain
from farr.lab.model.request import BenchmarkRequest

TERMS = Terms(
    id="leeds", title="t", legal_basis="l", purposes=("benchmarking",), datasets=("apc_episode",), period_first="2024-01",
    period_last="2024-12", starts=date(2024, 1, 1), ends=date(2099, 1, 1), retention_years=5, policy="hes_2018",
    opt_outs=OptOuts.APPLIED, opt_outs_reason="r",
)  # fmt: skip
REQUEST = BenchmarkRequest(organisation="C09", measure="made_up")


@dataclass
class FakeDesk:
    """Gives what `give` gives; counts how often it was opened and asked. What is in `released` it gives when nothing new may be."""

    give: Callable[[BenchmarkRequest], Benchmark]
    released: Callable[[BenchmarkRequest], Benchmark] | None = None
    opened: list[tuple[str, str]] = field(default_factory=list)
    asked: list[BenchmarkRequest] = field(default_factory=list)

    def open(self, _: Home, agreement: str, purpose: str) -> Any:
        self.opened.append((agreement, purpose))
        return OneDesk(self)


@dataclass
class OneDesk:
    """A desk of its own state, as the service opens one for each turn."""

    maker: FakeDesk
    missing: Missing | None = None

    @property
    def releases(self) -> Any:
        return self

    @contextmanager
    def nothing_new(self) -> Iterator[Missing]:
        self.missing = Missing()
        try:
            yield self.missing
        finally:
            self.missing = None

    def answer(self, request: BenchmarkRequest, _asker: str | None = None, **_: object) -> Benchmark:
        if self.missing is not None and self.maker.released is None:
            self.missing.questions += 1
            raise NotReleasedYet("not yet")
        self.maker.asked.append(request)
        return (self.maker.released if self.missing is not None and self.maker.released else self.maker.give)(request)


@dataclass
class Rig:
    """A service with all that is needed to ask it; `sign` makes the bytes of a request."""

    home: Home
    key: Ed25519PrivateKey
    desk: FakeDesk
    service: Service
    signatories: dict[Signatory, Ed25519PrivateKey]

    def sign(self, *, key: Ed25519PrivateKey | None = None, nonce: str = "0" * 32, **changes: Any) -> bytes:
        given = {"request": REQUEST, "agreement": "leeds", "purpose": "benchmarking", "user": "A. Analyst", "nonce": nonce}
        asked = Asked.model_validate({**given, "expires": datetime.now(UTC) + timedelta(minutes=5), **changes})
        return sealed_envelope(asked, key or self.key).model_dump_json().encode()

    def ask(self, **changes: Any) -> Answer:
        return self.service.respond(self.sign(**changes))

    def approve(self, terms: Terms) -> None:
        agreement = Agreement(terms=terms)
        for role, key in self.signatories.items():
            agreement = agreement.signed_by(role, role.value, key, date(2024, 1, 1))
        write_agreement(agreement, self.home.agreement_path(terms.id))

    @property
    def terms(self) -> Terms:
        return TERMS

    def restarted(self) -> Service:
        return Service(self.home, self.desk.open)

    @property
    def audit(self) -> Path:
        return self.home.folder / "audit" / "service.jsonl"

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [link.content for link in Chain(self.audit).links()]


@pytest.fixture
def rig(tmp_path, make) -> Rig:
    home = Home.open(tmp_path / "home")
    signatories = {role: Ed25519PrivateKey.generate() for role in Signatory}
    for role, key in signatories.items():
        home.trust(role, role.value, key)
    key = Ed25519PrivateKey.generate()
    Clients(home.folder).add("portal", key, ("leeds", "york"))
    desk = FakeDesk(give=lambda _: make())
    made = Rig(home=home, key=key, desk=desk, service=Service(home, desk.open), signatories=signatories)
    made.approve(TERMS)
    return made


@pytest.fixture
def running() -> Callable[[Server], AbstractContextManager[Server]]:
    return _running


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    """The server answering in a thread, and closed afterwards."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
