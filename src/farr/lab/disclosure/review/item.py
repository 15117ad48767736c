"""What is held: a protected table, with all that a checker must see to decide, as the bytes of one file."""

import base64
import io
import json
import os
import pwd
import secrets
import unicodedata
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.disclosure.manifest import Manifest, read_manifest
from farr.lab.disclosure.released import table_bytes
from farr.lab.model.errors import FarrError

_LONGEST = 2000
_UNSET = 2**32 - 1  # of a process that nobody logged in for
# Cyrillic and Greek letters that look like Latin ones, small or capital.
_LOOK_ALIKE = str.maketrans("авекмнорстухіјѕһԁӏԛԝαβεζηικμνορτυχ", "abekmhopctyxijshdlqwabezhikmnoptyx")


class ReviewError(FarrError):
    """A review that cannot be as asked; the message says what stands against it and what to do, and no figure."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who asks for what is not registered, and why. `login` is the account that they work by, where that is known; who gives neither name
    nor reason is known by it alone. Raises ReviewError where either is not said."""

    who: str
    why: str
    login: str = ""

    def __post_init__(self) -> None:
        silent = self.login and self.login == self.who and not self.why
        for what, said in (("who asks", self.who), ("why", self.why)):
            if (not said.strip() and not silent) or len(said) > _LONGEST or not said.replace("\n", " ").isprintable():
                raise ReviewError(f"a question for review must say {what}, in at most {_LONGEST} printable characters")

    def is_by(self, other: "Asking") -> bool:
        """Whether the same person asked, by the same account."""
        return self.login == other.login and is_same_person(self.who, other.who)


def unsaid() -> Asking:
    """Whoever asks for what waits already, and says neither who they are nor why."""
    return Asking(who=login(), why="", login=login())


def login() -> str:
    """The account that somebody logged in by, also where they work as another since (sudo). Nothing proves it where the system does not
    keep it."""
    number = _logged_in()
    try:
        return pwd.getpwuid(number).pw_name
    except (KeyError, OverflowError):  # a container's user has no name
        return f"user {number}"


def _logged_in() -> int:
    try:
        number = int(Path("/proc/self/loginuid").read_text(encoding="ascii"))
    except (OSError, ValueError):
        number = _UNSET
    given = os.environ.get("SUDO_UID", "")
    return number if number != _UNSET else int(given) if given.isascii() and given.isdecimal() else os.getuid()


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
    """Whether two names are one but for case, accents, marks between words, the order of the words, and letters that look the same."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = "".join(each for each in letters.translate(_LOOK_ALIKE) if not unicodedata.combining(each))
    words = "".join(each if each.isalnum() else " " for each in kept).split()
    return sorted(words) or [name.strip()]
