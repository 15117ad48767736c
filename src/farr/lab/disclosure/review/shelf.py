"""Shelf: the folder in which held tables lie, each a file that its owner alone can read, until somebody has decided.

Whoever has the keys of the records gives a lock, with which the files are sealed as the records are. Without a lock they are as they are.
"""

import hashlib
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from farr.lab.disclosure.review.item import Item, ReviewError, read_item
from farr.lab.model.durable.disk import one_at_a_time, room_on
from farr.lab.model.period import Period

_ENDING = ".held"


class Lock(Protocol):
    """Seals and opens what rests on records of a period. Both raise a FarrError where such records were destroyed."""

    def seal(self, name: str, content: bytes, period: Period) -> bytes: ...

    def open(self, name: str, content: bytes, period: Period) -> bytes: ...


class Shelf:
    """Held tables of one agreement."""

    def __init__(self, folder: Path, lock: Lock | None = None) -> None:
        self.folder = folder
        self._lock = lock

    def put(self, item: Item) -> str:
        """Keeps it, and returns the SHA-256 of its file. Raises DiskFull, and what the lock raises."""
        content = item.as_bytes()
        if self._lock is not None:
            content = self._lock.seal(item.id, content, _period(item))
        with room_on(self.folder.parent):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            staging = self.folder / f".{item.id}.new"
            with os.fdopen(os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            staging.replace(self._path(item.id))
        return hashlib.sha256(content).hexdigest()

    def get(self, id: str, sha256: str, period: Period) -> Item:
        """Raises ReviewError where it is not there or not the one that was kept, and what the lock raises."""
        path = self._path(id)
        try:
            content = path.read_bytes()
        except OSError:
            raise ReviewError(f"{path} is missing or cannot be read; restore it from a backup, or type: farr review refuse {id}") from None
        otherwise = f"{path} was changed since it was held; restore it from a backup, or type: farr review refuse {id}"
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ReviewError(otherwise)
        if self._lock is not None:
            content = self._lock.open(id, content, period)
        try:
            item = read_item(content)
        except ValueError:
            raise ReviewError(otherwise) from None
        if item.id != id:
            raise ReviewError(otherwise)
        return item

    def remove(self, id: str) -> None:
        """Doing it again does no harm."""
        for path in (self._path(id), self.folder / f".{id}.new"):
            path.unlink(missing_ok=True)

    def ids(self) -> list[str]:
        """Of all that lies here, also what a killed program was writing."""
        if not self.folder.is_dir():
            return []
        names = {path.name for path in self.folder.iterdir()}
        kept = {name.removesuffix(_ENDING) for name in names if name.endswith(_ENDING)}
        return sorted(kept | {name[1:].removesuffix(".new") for name in names if name.startswith(".") and name.endswith(".new")})

    @contextmanager
    def alone(self) -> Generator[None]:
        """While something is decided: of two decisions at once the second finds the first."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with one_at_a_time(self.folder):
            yield

    def _path(self, id: str) -> Path:
        return self.folder / f"{id}{_ENDING}"


def _period(item: Item) -> Period:
    return Period.parse(item.manifest.question["period"])
