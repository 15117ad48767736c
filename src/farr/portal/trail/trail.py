"""The audit file: one line an event, chained by hash; and the signed root of each day, by which a cut or rewritten file is noticed."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from threading import Lock
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.model.durable.chain import Chain, ChainError, Link, Place
from farr.portal.access.noting import number
from farr.portal.installation import Installation
from farr.portal.trail.roots import Roots

_STEP = 1_000  # lines
_log = logging.getLogger("farr.audit")


class What(Enum):
    """What happened. The value stands in the file."""

    SIGNED_IN = "signed in"
    SIGN_IN_FAILED = "sign-in failed"
    SIGNED_OUT = "signed out"
    LOCKED_OUT = "locked out"
    CODE_FAILED = "second factor failed"
    SECOND_FACTOR = "second factor changed"
    PASSWORD = "password changed"  # noqa: S105 - no password
    SAW = "saw"
    DOWNLOADED = "downloaded"
    ASKED = "asked the release service"
    DENIED = "denied"
    REQUESTED = "requested access"
    APPROVED = "approved"
    REFUSED = "refused"
    ENDED = "ended access"
    WROTE = "wrote"
    SUBMITTED = "submitted for review"
    VOTED = "voted"
    COMMENTED = "commented"
    WITHDREW = "withdrew"
    MADE_ACCOUNT = "made an account"
    CHANGED_ACCOUNT = "changed an account"
    DISABLED_ACCOUNT = "disabled an account"
    MADE_TOKEN = "made a token"  # noqa: S105 - no token
    ENDED_TOKEN = "ended a token"  # noqa: S105 - no token
    SAVED = "saved a view"
    UNSAVED = "removed a saved view"
    TOLD = "was told what changed"
    READ_AUDIT = "read the audit"
    EXCHANGED_KEY = "exchanged a key"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line: who (account number and name; None: nobody signed in), what, about what, from which address, for which purpose."""

    what: What
    user: int | None
    name: str
    about: str
    address: str = ""
    purpose: str = ""
    detail: Mapping[str, Any] | None = None

    def content(self) -> dict[str, Any]:
        return {
            "what": self.what.value, "user": self.user, "name": self.name, "about": self.about, "address": self.address,
            "purpose": self.purpose, "detail": dict(self.detail or {}),
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What a verification found whole: lines, and signed roots."""

    lines: int
    roots: int


class Trail:
    """The audit of one installation, under audit/ of its folder."""

    def __init__(self, settings: Installation) -> None:
        self._settings = settings
        self._chain = Chain(settings.folder / "audit" / "trail.jsonl")
        self._roots = Roots(settings)
        self._lock = Lock()
        self._reading = Lock()  # another one: nobody who writes waits for who reads
        self._day = ""
        self._read_to = Place()
        self._steps: list[Place] = []

    def record(self, event: Event) -> Link:
        """Raises ChainError and OSError where it cannot be written: who calls must then do nothing."""
        today = datetime.now(UTC).date().isoformat()
        with self._lock:
            if self._day != today:
                self._root_before(today)
                self._day = today
            request = number()
            link = self._chain.append({**event.content(), **({"request": request} if request else {})})
        if self._settings.audit_log:
            _log.info(event.what.value, extra={"farr": {"audit": vars(link)}})
        return link

    def events(self) -> Iterator[Link]:
        """Every line, oldest first, checked as it is read. Raises ChainError."""
        return self._chain.links()

    def recent(self, lines: int) -> Iterator[Link]:
        """The latest lines, that many and up to a thousand more, oldest first, checked as they are read. Lines before them are checked once
        by each process. Raises ChainError."""
        with self._reading:
            for _, place in self._chain.follow(self._read_to):
                self._read_to = place
                if place.lines % _STEP == 0:
                    self._steps.append(place)
            first = self._read_to.lines - lines
            start = next((step for step in reversed(self._steps) if step.lines <= first), Place())
        for link, _ in self._chain.follow(start):
            yield link

    def sign_root(self) -> Path | None:
        """Signs the last line as it stands, as a root of its own; None where there is no line. The file is to be kept elsewhere too."""
        last = self._last()
        return None if last is None else self._roots.sign(last, datetime.now(UTC).date().isoformat(), by_hand=True)

    def hand_over(self, new: Ed25519PrivateKey, keep: Callable[[], None]) -> None:
        """Puts a new key in use by `keep`, once it vouches for the one in use. Raises ChainError where the audit is not whole: nothing of
        it is vouched for then."""
        self.verify()
        last = self._last()
        if last is None:
            raise ChainError(f"{self._chain.path} holds no line, at which a key could take over from another")
        self._roots.hand_over(last, new, keep)

    def verify(self, roots: Path | None = None) -> Verified:
        """Checks each line against the one before, and every signed root (those in `roots`, kept elsewhere, or the installation's own)
        against its line. Raises ChainError, saying what does not fit."""
        said = self._roots.read(self._roots.folder if roots is None else roots)
        if roots is not None and not said:
            raise ChainError(f"{roots} holds no signed roots; name the folder that holds copies of audit/roots")
        every = [*said, *self._roots.handed_over]
        hashes = {root.line: root.hash for root in every}
        if split := next((root for root in every if hashes[root.line] != root.hash), None):
            raise ChainError(f"{split.path} and another root were signed of line {split.line}, and differ: the audit was written twice")
        seen, lines = set[int](), 0
        for link in self.events():
            lines = link.number
            if lines in hashes:
                if hashes[lines] != link.hash:
                    raise ChainError(
                        f"{self._chain.path}, line {lines} is not the line that was signed: the audit was rewritten up to there; restore "
                        "it from a backup"
                    )
                seen.add(lines)
        if missing := sorted(set(hashes) - seen):
            raise ChainError(
                f"{self._chain.path} ends at line {lines}, and line {missing[0]} was signed: the audit was cut; restore it from a backup"
            )
        return Verified(lines=lines, roots=len(said))

    def _last(self) -> Link | None:
        """The last line, once every line before it was checked. Raises ChainError."""
        last = None
        for last in self.events():  # noqa: B007  what is signed has been checked
            pass
        return last

    def _root_before(self, today: str) -> None:
        """Signs the last line before today, when the first of a day is about to be written; unless a root of that line stands. Roots of
        earlier lines of the day, signed by hand, stay beside it. What does not fit is left for `verify` to find."""
        written = self._chain.last_written_at()
        if written is None or written.date().isoformat() >= today:
            return
        day = written.date().isoformat()
        try:
            standing = {(root.line, root.hash) for root in self._roots.of_day(day)}
        except ChainError:
            return
        last, missing = None, set(standing)
        for link in self.events():  # what is signed has been checked
            if link.written_at[: len(day)] <= day:  # another process may have begun today
                last = link
            missing.discard((link.number, link.hash))
        if last is not None and not missing and (last.number, last.hash) not in standing:
            self._roots.sign(last, day, by_hand=False)
