"""An append-only record whose every line holds the hash of the line before: the ledger and the audit are made of it."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO

from farr.lab.model.durable.disk import room_on
from farr.lab.model.errors import FarrError

_GENESIS = "0" * 64
_BLOCK = 65_536


class ChainError(FarrError):
    """The record on disk was edited, reordered or cut; the message names the file and the first line that does not fit."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """One line of a chain: its number from 1, when it was written (UTC), what it says, and its hash."""

    number: int
    written_at: str
    content: dict[str, Any]
    hash: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place in a chain: how many lines come before it, how many bytes, and the hash of the line before it."""

    lines: int = 0
    at: int = 0
    before: str = _GENESIS


class Chain:
    """A JSON-lines file; each line's hash covers its content and the hash of the line before."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, content: dict[str, Any]) -> Link:
        """Writes one line and waits until it is on disk; two writers at once take turns. What a killed writer left of a line, which
        was never said to be written, is cut off first. Raises ChainError on a broken chain, DiskFull where there is no room."""
        content = json.loads(json.dumps(content))  # as it will be read: JSON makes a text of a number that is a key, and sorts it as one
        with room_on(self.path.parent):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a+b", buffering=0) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                _drop_torn(self.path, file)
                last = self._last_line()
                number, before = (last.number, last.hash) if last else (0, _GENESIS)
                link = _link(number + 1, datetime.now(UTC).isoformat(timespec="seconds"), content, before)
                _write_whole(file, json.dumps(vars(link), sort_keys=True).encode() + b"\n")
        return link

    def last_written_at(self) -> datetime | None:
        """When the last whole line was written; None where there is none. Raises ChainError where it cannot be read."""
        last = self._last_line()
        return None if last is None else datetime.fromisoformat(last.written_at)

    def links(self) -> Iterator[Link]:
        """Every line, checked against the one before as it is read. Raises ChainError at the first that does not fit."""
        for link, _ in self.follow(Place()):
            yield link

    def follow(self, place: Place) -> Iterator[tuple[Link, Place]]:
        """Every line from that place on, checked, each with the place after it: a reader who knows the earlier lines need not read
        them again. Raises ChainError at the first that does not fit, and where the file ends before the place."""
        end = self._end()
        if end < place.at:
            raise ChainError(f"{self.path} was cut after line {place.lines} was read; restore the file from a backup")
        if end == place.at:
            return
        with self.path.open("rb") as file:
            file.seek(place.at)
            while place.at < end:
                raw = file.readline()
                number = place.lines + 1
                link = self._parsed(raw.rstrip(b"\n"), f"line {number}")
                if link != _link(number, link.written_at, link.content, place.before):
                    raise ChainError(f"{self.path}, line {number} does not follow from the line before it; restore the file from a backup")
                place = Place(lines=number, at=place.at + len(raw), before=link.hash)
                yield link, place

    def read(self, place: Place) -> Link:
        """The line at a place that `follow` gave. Raises ChainError where it is not the line that was there."""
        with self.path.open("rb") as file:
            file.seek(place.at)
            link = self._parsed(file.readline().rstrip(b"\n"), f"line {place.lines + 1}")
        if link != _link(place.lines + 1, link.written_at, link.content, place.before):
            raise ChainError(f"{self.path}, line {place.lines + 1} was changed while it was in use; restore the file from a backup")
        return link

    def verify(self) -> int:
        """The number of lines, all of which fit. Raises ChainError."""
        return sum(1 for _ in self.links())

    def _end(self) -> int:
        """Where the last whole line ends: a writer at work holds the lock until its line is on disk."""
        if not self.path.exists():
            return 0
        with self.path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            return _whole(file)

    def _last_line(self) -> Link | None:
        line = _last_of(self.path) if self.path.exists() else b""
        return self._parsed(line, "the last line") if line else None

    def _parsed(self, line: bytes, place: str) -> Link:
        try:
            return Link(**json.loads(line))
        except (ValueError, TypeError):
            raise ChainError(f"{self.path}, {place} cannot be read; restore the file from a backup") from None


def _whole(file: BinaryIO) -> int:
    """Where the last whole line ends: a line that was cut off lacks its end."""
    at = file.seek(0, os.SEEK_END)
    while at > 0:
        step = min(_BLOCK, at)
        at = file.seek(at - step)
        found = file.read(step).rfind(b"\n")
        if found >= 0:
            return at + found + 1
    return 0


def _drop_torn(path: Path, file: FileIO) -> None:
    with path.open("rb") as reading:
        end = _whole(reading)
        if reading.seek(0, os.SEEK_END) > end:
            file.truncate(end)


def _write_whole(file: FileIO, line: bytes) -> None:
    """Writes a line at the end, whole or not at all."""
    end = file.seek(0, os.SEEK_END)
    try:
        rest = memoryview(line)
        while rest:
            rest = rest[file.write(rest) or 0 :]
        os.fsync(file.fileno())
    except OSError:
        file.truncate(end)
        raise


def _last_of(path: Path) -> bytes:
    """The last whole line, read from the end: an append must not cost more the longer the record is."""
    with path.open("rb") as file:
        at = file.seek(_whole(file))
        tail = b""
        while at > 0 and b"\n" not in tail.rstrip(b"\n"):
            step = min(_BLOCK, at)
            at = file.seek(at - step)
            tail = file.read(step) + tail
    return tail.rstrip(b"\n").rpartition(b"\n")[2]


def _link(number: int, written_at: str, content: dict[str, Any], before: str) -> Link:
    covered = json.dumps([number, written_at, content, before], sort_keys=True, separators=(",", ":"))
    return Link(number=number, written_at=written_at, content=content, hash=hashlib.sha256(covered.encode()).hexdigest())
