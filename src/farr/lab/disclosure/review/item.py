"""What is held: a protected table, with all that a checker must see to decide, as the bytes of one file."""

import base64
import io
import json
import secrets
import unicodedata
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.disclosure.manifest import Manifest, read_manifest
from farr.lab.disclosure.released import table_bytes
from farr.lab.model.errors import FarrError

_LONGEST = 2000


class ReviewError(FarrError):
    """A review that cannot be as asked; the message says what stands against it and what to do, and no figure."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who asks for what is not registered, and why. Raises ReviewError where either is not said."""

    who: str
    why: str

    def __post_init__(self) -> None:
        for what, said in (("who asks", self.who), ("why", self.why)):
            if not said.strip() or len(said) > _LONGEST or not said.replace("\n", " ").isprintable():
                raise ReviewError(f"a question for review must say {what}, in at most {_LONGEST} printable characters")


@dataclass(frozen=True, kw_only=True)
class Item:
    """`words` say what was asked, part by part; `findings` (of a model) what check_model found of each part. `manifest` and `audit` are
    those of the release that it would become; `beside` names the releases of other agreements that it was protected beside. `nonce` keeps
    the hash of the file, which the ledger has, from telling the table."""

    id: str
    asking: Asking
    words: tuple[tuple[str, str], ...]
    manifest: Manifest
    table: pa.Table
    audit: dict[str, Any]
    findings: tuple[tuple[str, str, str], ...] = ()
    beside: tuple[str, ...] = ()
    nonce: str = field(default_factory=lambda: secrets.token_hex(32))

    def as_bytes(self) -> bytes:
        values = base64.b64encode(table_bytes(self.table)).decode()
        said = {"id": self.id, "asking": asdict(self.asking), "words": self.words, "findings": self.findings}
        said |= {"beside": self.beside, "nonce": self.nonce}
        return json.dumps({**said, "manifest": self.manifest.as_dict(), "audit": self.audit, "values": values}).encode()


def read_item(raw: bytes) -> Item:
    """Raises ValueError where the bytes are no item."""
    try:
        content = json.loads(raw)
        return Item(
            id=str(content["id"]),
            asking=Asking(**content["asking"]),
            words=tuple((str(part), str(said)) for part, said in content["words"]),
            manifest=read_manifest(content["manifest"]),
            table=pq.read_table(io.BytesIO(base64.b64decode(content["values"]))),
            audit=dict(content["audit"]),
            findings=tuple((str(part), str(outcome), str(reason)) for part, outcome, reason in content["findings"]),
            beside=tuple(str(each) for each in content["beside"]),
            nonce=str(content["nonce"]),
        )
    except (KeyError, TypeError, FarrError, pa.ArrowException) as error:
        raise ValueError(f"no held table ({type(error).__name__})") from None


def new_id() -> str:
    """By which a held table is known. It says nothing of it."""
    return f"review-{secrets.token_hex(4)}"


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are one but for case, spaces and ways of writing the same letters."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
