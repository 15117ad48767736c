"""The shelf: what is being asked and what was answered, as files of the installation that all its processes share.

`NAME.turn` is locked by whoever asks for as long as they ask: a process that dies lets go, and another may ask. `NAME.answer` is for all
who may see it, `NAME.NUMBER.refused` for the person who asked, `NAME.NUMBER.told` says that the audit has it. Answers and refusals are
sealed under a key of the installation: they are known to be its own, of this question and of the last minutes, and read by nobody else.
"""

import base64
import fcntl
import gzip
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from farr.lab.model.durable.disk import replace_file, room_on
from farr.portal.installation import Installation

KEPT = 600
"""Seconds for which an answer lies on the shelf."""
_FOLDER = "asked"
_FOR = b"farr: answers that the release service gave"


@dataclass(frozen=True, kw_only=True)
class Running:
    """A question that is being asked: since when (seconds of the epoch), and by whom first (the number of their account)."""

    name: str
    since: float
    by: int


@dataclass(frozen=True, kw_only=True)
class Refused:
    """Why somebody has no answer: the kind of error, its words, and the ids of what is held."""

    kind: str
    text: str
    ids: tuple[str, ...] = ()
    why: str | None = None


class Turn:
    """A question that this process alone asks, until it ends."""

    def __init__(self, path: Path, lock: int) -> None:
        self._path, self.lock = path, lock

    def end(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        finally:
            os.close(self.lock)


class Shelf:
    """The folder `asked` of an installation, its owner's alone."""

    def __init__(self, settings: Installation) -> None:
        self.folder = settings.folder / _FOLDER
        # Whose signature counts is part of the key: answers of a lab that is trusted no more are not opened.
        about = _FOR + "\n".join(sorted(settings.trusted_keys)).encode()
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=about).derive(settings.secret().encode())
        self._seal = Fernet(base64.urlsafe_b64encode(key))

    def begin(self, name: str, by: int) -> Turn | None:
        """The turn to ask; None where it is being asked already. Raises OSError and DiskFull: then nobody has it."""
        with room_on(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            turn = _taken(self.folder / f"{name}.turn", os.O_RDWR | os.O_CREAT)
            if turn is None:
                return None
            try:
                os.truncate(turn.lock, 0)
                os.pwrite(turn.lock, json.dumps({"since": time(), "by": by}).encode(), 0)
            except BaseException:
                turn.end()  # or it would seem to be asked for as long as this process lives
                raise
        return turn

    def running(self, name: str) -> Running | None:
        """Whether it is being asked now, by whichever process."""
        return _running(self.folder / f"{name}.turn")

    def all_running(self) -> list[Running]:
        return [each for each in map(_running, self.folder.glob("*.turn")) if each is not None]

    def put(self, name: str, answer: str) -> None:
        """Keeps an answer for a while. Raises OSError and DiskFull."""
        content = gzip.compress(answer.encode(), compresslevel=1)
        replace_file(self.folder / f"{name}.answer", self._seal.encrypt(name.encode() + b"\n" + content))

    def answer(self, name: str) -> str | None:
        """The answer that is kept; None where there is none, it is too old, or it was touched."""
        content = self._opened(self.folder / f"{name}.answer", name)
        return None if content is None else gzip.decompress(content).decode()

    def refuse(self, name: str, by: int, refused: Refused) -> None:
        """Keeps why this person has no answer. Raises OSError and DiskFull."""
        said = {"kind": refused.kind, "text": refused.text, "ids": refused.ids, "why": refused.why}
        replace_file(self.folder / f"{name}.{by}.refused", self._seal.encrypt(name.encode() + b"\n" + json.dumps(said).encode()))

    def refusal(self, name: str, by: int) -> Refused | None:
        """Why this person has no answer, told once: whoever asks again is answered anew."""
        path = self.folder / f"{name}.{by}.refused"
        content = self._opened(path, name)
        if content is None:
            return None
        for each in (path, self.folder / f"{name}.{by}.told"):
            each.unlink(missing_ok=True)
        said: dict[str, Any] = json.loads(content)
        return Refused(kind=said["kind"], text=said["text"], ids=tuple(said["ids"]), why=said["why"])

    def is_told(self, name: str, by: int) -> bool:
        """Whether the audit has it that this person asks this."""
        return _age(self.folder / f"{name}.{by}.told") < KEPT

    def tell(self, name: str, by: int) -> None:
        """Raises OSError and DiskFull."""
        with room_on(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.folder / f"{name}.{by}.told").write_bytes(b"")

    def sweep(self) -> None:
        """Removes what is too old to be shown, and what died with its process."""
        for path in self._old():
            if path.suffix != ".turn":
                path.unlink(missing_ok=True)
            elif (turn := _taken(path, os.O_RDWR)) is not None:  # held while it is removed: nobody begins with it meanwhile
                turn.end()

    def _old(self) -> Iterator[Path]:
        return (path for path in self.folder.iterdir() if path.name != "took.jsonl" and _age(path) >= KEPT)

    def _opened(self, path: Path, name: str) -> bytes | None:
        try:
            said, _, content = self._seal.decrypt(path.read_bytes(), ttl=KEPT).partition(b"\n")
        except (OSError, InvalidToken):
            return None
        return content if said == name.encode() else None


def _taken(path: Path, how: int) -> Turn | None:
    """The file, locked; None where somebody else holds it, or it is not there. Raises OSError."""
    while True:
        try:
            lock = os.open(path, how, 0o600)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        if _is_at(path, lock):
            return Turn(path, lock)
        os.close(lock)  # who asked before ended between opening and locking, and took the file away


def _running(path: Path) -> Running | None:
    try:
        lock = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        since, by = time(), 0  # it has its turn, and says so in a moment
        with suppress(ValueError, KeyError, TypeError):
            said = json.loads(os.pread(lock, 1000, 0))
            since, by = float(said["since"]), int(said["by"])
        return Running(name=path.stem, since=since, by=by)
    else:
        return None
    finally:
        os.close(lock)


def _is_at(path: Path, lock: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(lock))
    except OSError:
        return False


def _age(path: Path) -> float:
    """Seconds; endless where it is not there."""
    try:
        return time() - path.stat().st_mtime
    except OSError:
        return float("inf")
