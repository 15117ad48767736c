"""Asking the release service: a signed request over its socket, and the answer as plain data, as a page or as an overview."""

import base64
import http.client
import json
import secrets
import socket
import ssl
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.model.asking.envelope import Asked, Form, check_answer, sealed_envelope
from farr.lab.model.errors import FarrError
from farr.lab.model.request import BenchmarkRequest, OverviewRequest
from farr.lab.model.showing.page import Overview, Page
from farr.lab.model.showing.signed import asked_overview_about, page_about, read_signed

_GOOD_FOR = timedelta(minutes=5)
_SECONDS = 600
_ANSWER = "the answer of the release service"


class ServiceRefused(FarrError):
    """The service answered that it does not give this, in its own words; or nothing answered."""


class ServiceHeld(ServiceRefused):
    """The answer is held for an output checker, under `ids`: once it is approved, the same is answered."""

    def __init__(self, reason: str, ids: tuple[str, ...]) -> None:
        super().__init__(reason)
        self.ids = ids


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("farr", timeout=_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(_SECONDS)
        self.sock.connect(str(self._path))


def over_unix_socket(path: Path) -> http.client.HTTPConnection:
    return _UnixConnection(path)


def over_tls(host: str, port: int, *, certificate: Path, key: Path, authority: Path) -> http.client.HTTPConnection:
    """A connection that shows a client certificate and trusts servers of `authority` alone. Raises ServiceRefused where a file is no
    PEM file of that kind."""
    try:
        context = ssl.create_default_context(cafile=str(authority))
        context.load_cert_chain(certificate, key)
    except OSError as error:
        raise ServiceRefused(f"{certificate}, {key} or {authority} cannot be used: {error.strerror or error}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return http.client.HTTPSConnection(host, port, context=context, timeout=_SECONDS)


def ask(
    connection: http.client.HTTPConnection,
    request: BenchmarkRequest,
    key: Ed25519PrivateKey,
    *,
    agreement: str,
    purpose: str,
    user: str,
    trusted: Collection[str] | None = None,
) -> dict[str, Any]:
    """The benchmark as `files.as_json` writes it. `trusted`: keys (base64) of which one must have signed the answer; None: any.
    Raises ServiceRefused, ServiceHeld, and EnvelopeError for an answer that does not fit its signature."""
    asked = _asked(request, agreement, purpose, user)
    said = _answered(connection, Form.BENCHMARK, asked, key)
    check_answer(said.get("benchmark"), asked.nonce, said.get("signed"), trusted)
    return said["benchmark"]


def ask_page(
    connection: http.client.HTTPConnection,
    request: BenchmarkRequest,
    key: Ed25519PrivateKey,
    *,
    agreement: str,
    purpose: str,
    user: str,
    trusted: Collection[str],
    nothing_new: bool = False,
) -> Page:
    """The page that answers the request; with `nothing_new` of what was released before alone. `trusted`: keys (base64) of which one must
    have signed it, for this very request. Raises ServiceRefused, ServiceHeld where an output checker decides first, and NotSigned."""
    asked = _asked(request, agreement, purpose, user, nothing_new=nothing_new)
    said = _answered(connection, Form.PAGE, asked, key)
    about = page_about(request.model_dump(mode="json"), asked.nonce)
    return read_signed(_bytes(said.get("page")), Page, about, trusted, _ANSWER)


def ask_overview(
    connection: http.client.HTTPConnection,
    request: OverviewRequest,
    key: Ed25519PrivateKey,
    *,
    agreement: str,
    purpose: str,
    user: str,
    trusted: Collection[str],
) -> Overview:
    """The overview that answers the request, of what was published. Raises ServiceRefused, and NotSigned, as `ask_page` does."""
    asked = _asked(request, agreement, purpose, user)
    said = _answered(connection, Form.OVERVIEW, asked, key)
    about = asked_overview_about(request.model_dump(mode="json"), asked.nonce)
    return read_signed(_bytes(said.get("overview")), Overview, about, trusted, _ANSWER)


def _bytes(said: object) -> bytes:
    try:
        return base64.b64decode(str(said), validate=True)
    except ValueError:
        return b""


def _asked(request: BenchmarkRequest | OverviewRequest, agreement: str, purpose: str, user: str, *, nothing_new: bool = False) -> Asked:
    return Asked(
        request=request, agreement=agreement, purpose=purpose, user=user, expires=datetime.now(UTC) + _GOOD_FOR,
        nonce=secrets.token_hex(16), nothing_new=nothing_new,
    )  # fmt: skip


def _answered(connection: http.client.HTTPConnection, form: Form, asked: Asked, key: Ed25519PrivateKey) -> dict[str, Any]:
    """What the service says where it answers. Raises ServiceRefused and ServiceHeld."""
    said = _sent(connection, form, sealed_envelope(asked, key).model_dump_json())
    if said["status"] == "ok":
        return said
    reason = str(said.get("reason", "the service gave no reason"))
    if said["status"] == "held":
        raise ServiceHeld(reason, tuple(str(each) for each in said.get("held", ())))
    raise ServiceRefused(reason)


def _sent(connection: http.client.HTTPConnection, form: Form, body: str) -> dict[str, Any]:
    try:
        connection.request("POST", form.path, body, {"Content-Type": "application/json"})
        answer: Any = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ServiceRefused(f"the release service does not answer ({type(error).__name__}); is it running? type: farr serve") from None
    finally:
        connection.close()
    if not isinstance(answer, dict) or "status" not in answer:
        raise ServiceRefused("what answers there is no release service; check --socket or --connect")
    return answer  # pyright: ignore[reportUnknownVariableType]
