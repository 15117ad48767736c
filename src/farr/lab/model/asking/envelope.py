"""A request to the release service: what is asked, by whom, under which agreement, for which purpose, until when; signed."""

import base64
import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from farr.lab.model.agreement import encoded
from farr.lab.model.errors import FarrError
from farr.lab.model.request import BenchmarkRequest, OverviewRequest

LONGEST = timedelta(hours=1)
"""A request that is good for longer could be sent again by whoever finds it."""


_SAID = 200  # characters of what is wrong: names of fields are the sender's, and the audit keeps the reason


class Form(Enum):
    """In what form an answer is wanted: each is asked for at a path of its own."""

    BENCHMARK = "benchmark"
    PAGE = "page"
    OVERVIEW = "overview"

    @property
    def path(self) -> str:
        return f"/{self.value}"


class EnvelopeError(FarrError):
    """A request that is not answered: unreadable, unsigned, too old, or changed on its way."""


class Asked(BaseModel):
    """What is signed. `nonce` makes two like requests differ, so that one sent twice is noticed. `nothing_new`: it is answered of what was
    released before alone, and nothing passes the gate for it; so is every overview."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    request: BenchmarkRequest | OverviewRequest
    nothing_new: bool = Field(default=False, exclude_if=lambda value: not value)
    agreement: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    purpose: str = Field(min_length=1, max_length=200)
    user: str = Field(min_length=1, max_length=200)
    expires: AwareDatetime
    nonce: str = Field(pattern=r"^[0-9a-f]{32}$")

    def signed_bytes(self) -> bytes:
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":")).encode()


class Envelope(BaseModel):
    """A request with its signature."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked: Asked
    public_key: str
    signature: str


def sealed_envelope(asked: Asked, key: Ed25519PrivateKey) -> Envelope:
    public = encoded(key.public_key().public_bytes_raw())
    return Envelope(asked=asked, public_key=public, signature=encoded(key.sign(asked.signed_bytes())))


def read_envelope(raw: bytes, now: datetime | None = None) -> Envelope:
    """The envelope, if it is well-formed, in date, and signed by the key it names. Raises EnvelopeError."""
    try:
        envelope = Envelope.model_validate_json(raw)
    except ValidationError as error:
        raise EnvelopeError(f"the request cannot be read: {_where(error)}") from None
    present = now or datetime.now(UTC)
    if not present < envelope.asked.expires <= present + LONGEST:
        raise EnvelopeError("the request has expired, or is good for more than an hour; sign it again")
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(envelope.public_key, validate=True))
        key.verify(base64.b64decode(envelope.signature, validate=True), envelope.asked.signed_bytes())
    except (InvalidSignature, ValueError):
        raise EnvelopeError("the request was changed after it was signed; sign it again") from None
    return envelope


def signed_answer(benchmark: dict[str, Any], nonce: str, key: Ed25519PrivateKey) -> dict[str, str]:
    """`public_key` and `signature` of an answer to the request with that nonce."""
    return {"public_key": encoded(key.public_key().public_bytes_raw()), "signature": encoded(key.sign(_answer_bytes(benchmark, nonce)))}


def check_answer(benchmark: object, nonce: str, signed: Any, trusted: Collection[str] | None) -> None:
    """Raises EnvelopeError unless the benchmark was signed, in answer to the request with that nonce, by a trusted key (None: any)."""
    try:
        public, signature = str(signed["public_key"]), base64.b64decode(signed["signature"], validate=True)
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(signature, _answer_bytes(benchmark, nonce))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        raise EnvelopeError("the answer was changed on its way, or answers another request; do not use it, and ask again") from None
    if trusted is not None and public not in trusted:
        raise EnvelopeError("the answer was signed with a key that is not trusted here; do not use it, and ask who runs the service")


def _answer_bytes(benchmark: object, nonce: str) -> bytes:
    return json.dumps({"benchmark": benchmark, "nonce": nonce}, sort_keys=True, separators=(",", ":")).encode()


def _where(error: ValidationError) -> str:
    first: Any = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "JSON"
    return f"{place[:_SAID]}: {first['msg'][:_SAID]}"
