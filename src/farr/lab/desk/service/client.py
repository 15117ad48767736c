"""Asking the release service: a signed request over its socket, and the answer as plain data."""

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

from farr.lab.desk.service.envelope import Asked, check_answer, sealed_envelope
from farr.lab.model.errors import FarrError
from farr.lab.model.request import BenchmarkRequest

_GOOD_FOR = timedelta(minutes=5)
_SECONDS = 600


class ServiceRefused(FarrError):
    """The service answered that it does not give this, in its own words; or nothing answered."""


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
    Raises ServiceRefused, and EnvelopeError for an answer that does not fit its signature."""
    nonce = secrets.token_hex(16)
    expires = datetime.now(UTC) + _GOOD_FOR
    asked = Asked(request=request, agreement=agreement, purpose=purpose, user=user, expires=expires, nonce=nonce)
    said = _sent(connection, sealed_envelope(asked, key).model_dump_json())
    if said["status"] != "ok":
        raise ServiceRefused(str(said.get("reason", "the service gave no reason")))
    check_answer(said.get("benchmark"), nonce, said.get("signed"), trusted)
    return said["benchmark"]


def _sent(connection: http.client.HTTPConnection, body: str) -> dict[str, Any]:
    try:
        connection.request("POST", "/benchmark", body, {"Content-Type": "application/json"})
        answer: Any = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ServiceRefused(f"the release service does not answer ({type(error).__name__}); is it running? type: farr serve") from None
    finally:
        connection.close()
    if not isinstance(answer, dict) or "status" not in answer:
        raise ServiceRefused("what answers there is no release service; check --socket or --connect")
    return answer  # pyright: ignore[reportUnknownVariableType]
