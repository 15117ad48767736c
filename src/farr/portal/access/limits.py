"""How many pages and downloads a person may have in a minute, whichever process answers them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from threading import Lock
from time import time
from typing import Any

from django.core.cache import cache

from farr.portal.access.needs import OPEN
from farr.portal.settings import FARR

DOWNLOADS = frozenset({"table", "chart", "statement_table", "statement_chart", "output_file", "commentary_pack"})
"""Names of the views that make a file."""
_LEAVING = "account_logout"
_UNTIL_FORGOTTEN = 120  # seconds


class Limited(Enum):
    """What is counted, each by itself. The value is what the audit says of it."""

    PAGES = "pages"
    DOWNLOADS = "downloads"

    @property
    def most(self) -> int:
        return FARR.pages_a_minute if self is Limited.PAGES else FARR.downloads_a_minute


def limited(request: Any, view: Any) -> Limited | None:
    """As what a request counts, whatever its headers say; None where it counts as nothing: what is open to everybody, a call of the
    API (which has a limit of its own), or signing out (which nothing hinders)."""
    name = request.resolver_match.view_name
    if getattr(view, "needs", None) == OPEN or request.path.startswith("/api/") or name == _LEAVING:
        return None
    return Limited.DOWNLOADS if name in DOWNLOADS else Limited.PAGES


@dataclass
class _Count:
    """`shared`: what all processes had counted together when this one last asked; `own`: what it counted since."""

    shared: int = 0
    own: int = 0
    is_over: bool = False


class Counting:
    """Counts of one process, added to what all share in the database a tenth of the limit at a time: most readers never cost a round trip.
    Each process thus lets through a tenth of the limit more, at most, and never more than the limit by itself."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = 0
        self._counts: dict[tuple[Limited, int], _Count] = {}

    def is_within(self, kind: Limited, person: int, most: int, now: float | None = None) -> bool:
        """Counts one more of this person in this minute; whether it is within the limit."""
        minute = int(time() if now is None else now) // 60
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            count = self._counts.setdefault((kind, person), _Count())
            if count.is_over:
                return False
            count.own += 1
            if count.own >= max(1, most // 10) or count.shared + count.own > most:
                count.shared, count.own = _shared(_name(kind, person, minute), count.own), 0
            count.is_over = count.shared + count.own > most
            return not count.is_over

    def tell_once(self, kind: Limited, person: int, tell: Callable[[], None], now: float | None = None) -> None:
        """Tells that this person is beyond the limit, unless that was told in this minute. What raises has told nothing: the next tries."""
        told = f"{_name(kind, person, int(time() if now is None else now) // 60)}.told"
        if not cache.add(told, 1, _UNTIL_FORGOTTEN):
            return
        try:
            tell()
        except Exception:
            cache.delete(told)
            raise


COUNTING = Counting()


def seconds_left(now: float | None = None) -> int:
    """Until the next minute begins."""
    return 60 - int(time() if now is None else now) % 60


def _name(kind: Limited, person: int, minute: int) -> str:
    return f"farr.{kind.value}.{person}.{minute}"


def _shared(name: str, more: int) -> int:
    """What all processes counted together, with that. Two that add at the same moment may count as one: each is held by its own count."""
    if cache.add(name, more, _UNTIL_FORGOTTEN):
        return more
    return cache.incr(name, more)
