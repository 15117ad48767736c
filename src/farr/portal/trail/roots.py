"""Signed roots of the audit, and the keys that sign them: a root says which line was the last; a new key vouches for the one before it, up
to the line at which it took over."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.model.agreement import encoded
from farr.lab.model.durable.chain import ChainError, Link
from farr.lab.model.durable.disk import one_at_a_time, room_on
from farr.lab.model.signing import is_signed, signed
from farr.portal.installation import Installation

_WHAT, _WHAT_KEY = "farr audit root", "farr audit key"
_MOST = 1_000  # roots of a day


@dataclass(frozen=True, kw_only=True)
class Root:
    """What was signed: that this was the line, and its hash. `up_to`: the last line that its key may sign; None: its key is in use."""

    path: Path
    line: int
    hash: str
    up_to: int | None


class Roots:
    """Under audit/ of the installation: roots/, which nothing replaces, and keys/, which hold how each key took over from another."""

    def __init__(self, settings: Installation) -> None:
        self._settings = settings
        self.folder = settings.folder / "audit" / "roots"
        self._keys = settings.folder / "audit" / "keys"

    def of_day(self, day: str) -> list[Root]:
        """Those that were signed of a day. Raises ChainError for one that does not hold."""
        return self.read(self.folder, f"{day}*.json")

    def read(self, folder: Path, pattern: str = "*.json") -> list[Root]:
        """Every root in a folder. Raises ChainError for one that was changed, or that no key of this installation signed."""
        keys = self._trusted()
        return [_root(path, keys) for path in sorted(folder.glob(pattern))]

    def sign(self, last: Link, day: str, *, by_hand: bool) -> Path:
        """Signs a line as the last. Of a day there is one root that the portal signs by itself, and any number by hand; each is a file of
        its own, and none is replaced. Raises ChainError and OSError."""
        names = ([] if by_hand else [day]) + [f"{day}-{number:03}" for number in range(1, _MOST)]
        with one_at_a_time(self._keys):  # so that no key signs after another took over
            if not by_hand and (standing := self._standing(last, day)):
                return standing
            content = {"what": _WHAT, "day": day, **_place(last)}
            whole = {**content, "signed": signed(content, self._settings.audit_key())}
            for path in (self.folder / f"{name}.json" for name in names):
                with suppress(FileExistsError):
                    write_new(path, json.dumps(whole, indent=2).encode() + b"\n")
                    return path
        raise ChainError(f"{self.folder} holds {_MOST - 1} roots of {day} already; one more says little: sign the next tomorrow")

    def _standing(self, last: Link, day: str) -> Path | None:
        """A root of the day that is of this line: another process was first."""
        with suppress(ChainError):  # what does not hold is for `verify` to find
            return next((root.path for root in self.of_day(day) if (root.line, root.hash) == (last.number, last.hash)), None)
        return None

    @property
    def handed_over(self) -> list[Root]:
        """The line at which each key took over from the one before it: signed by both. Raises ChainError."""
        keys = self._trusted()
        found = [_handover(path) for path in sorted(self._keys.glob("*.json"))]
        return [Root(path=path, line=said["line"], hash=said["hash"], up_to=None) for path, said in found if said["to"] in keys]

    def hand_over(self, last: Link, new: Ed25519PrivateKey, keep: Callable[[], None]) -> Path:
        """Has `new` vouch for the key in use, up to this line, and the key in use for `new`; then calls `keep`, which puts it in use."""
        with one_at_a_time(self._keys):
            old = self._settings.audit_key()
            content = {"what": _WHAT_KEY, "from": _public(old), "to": _public(new), **_place(last)}
            whole = {**content, "signed": signed(content, old), "accepted": signed(content, new)}
            path = self._keys / f"{datetime.now(UTC):%Y-%m-%d}-{whole['accepted']['public_key'][:8].replace('/', '_')}.json"
            write_new(path, json.dumps(whole, indent=2).encode() + b"\n")
            keep()
        return path

    def _trusted(self) -> dict[str, int | None]:
        """Public keys whose roots count: that in use, and each for which one that counts vouches; with the last line that it may sign."""
        trusted: dict[str, int | None] = {_public(self._settings.audit_key()): None}
        waiting = [said for _, said in map(_handover, sorted(self._keys.glob("*.json")))]
        while found := next((each for each in waiting if each["to"] in trusted and each["from"] not in trusted), None):
            later = trusted[found["to"]]
            trusted[found["from"]] = found["line"] if later is None else min(later, found["line"])
        return trusted


def write_new(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, and replaces none. Raises FileExistsError, OSError, and DiskFull where there is no room."""
    staging = path.with_name(f".{path.name}.{os.getpid()}.new")
    with room_on(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with staging.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.link(staging, path)  # unlike renaming, this fails where the file is there
        finally:
            staging.unlink(missing_ok=True)


def _root(path: Path, keys: dict[str, int | None]) -> Root:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        signature = content.pop("signed")
        if signature["public_key"] in keys and is_signed(content, signature) and content["what"] == _WHAT:
            root = Root(path=path, line=int(content["line"]), hash=str(content["hash"]), up_to=keys[signature["public_key"]])
            if root.up_to is None or root.line <= root.up_to:
                return root
            raise ChainError(f"{path} was signed by a key after another took over from it at line {root.up_to}: somebody holds the old one")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    raise ChainError(f"{path} was changed, or was not signed by this installation; restore it from where roots are kept")


def _handover(path: Path) -> tuple[Path, dict[str, Any]]:
    """Raises ChainError where it is not signed by both keys that it names."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        by_old, by_new = content.pop("signed"), content.pop("accepted")
        fits = (by_old["public_key"], by_new["public_key"]) == (content["from"], content["to"]) and content["what"] == _WHAT_KEY
        if fits and isinstance(content["line"], int) and is_signed(content, by_old) and is_signed(content, by_new):
            return path, content
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    raise ChainError(f"{path} was changed, or is not signed by both keys; restore it from a backup")


def _place(last: Link) -> dict[str, Any]:
    return {"line": last.number, "hash": last.hash, "written_at": last.written_at}


def _public(key: Ed25519PrivateKey) -> str:
    return encoded(key.public_key().public_bytes_raw())
