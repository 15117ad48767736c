"""The audit of the release service: every request as it was received, and what came of it, in a hash-chained file without a figure.

A request is written down before anything is done about it. The audit is thereby also what tells a request that was sent before: of two
lines with the same nonce only the first is answered, whichever process wrote it, and after a restart too.
"""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from farr.lab.desk.service.clients import Client
from farr.lab.model.asking.envelope import LONGEST, Asked
from farr.lab.model.durable.chain import Chain, Link, Place

RECEIVED = "received"


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The number of the line that holds a request, and whether an earlier line held it already."""

    number: int
    is_repeat: bool


class Audit:
    """The file audit/service.jsonl of a home. Reading it on opening checks that it is whole. Raises ChainError where it is not."""

    def __init__(self, path: Path) -> None:
        self._chain = Chain(path)
        self._lock = threading.Lock()
        self._read_to = Place()
        self._first: dict[tuple[str, str], tuple[int, datetime]] = {}
        self._catch_up()

    def received(self, asked: Asked, client: Client) -> Receipt:
        """Writes a signed request of a known client. Raises ChainError, and OSError where the disk is full."""
        with self._lock:
            line = {"outcome": RECEIVED, "client": client.name, **asked.model_dump(mode="json")}
            number = self._chain.append(line).number
            self._catch_up()
            return Receipt(number=number, is_repeat=self._first[client.name, asked.nonce][0] != number)

    def ended(self, receipt: Receipt | None, code: int, reason: str | None, releases: list[str]) -> None:
        """Writes what came of a request, by the number of its line (None: it was never one). Raises as `received` does."""
        outcome = "answered" if reason is None else "refused"
        number = None if receipt is None else receipt.number
        with self._lock:
            self._chain.append({"outcome": outcome, "of": number, "code": code, "reason": reason, "releases": releases})

    def _catch_up(self) -> None:
        """Reads what was written since, by this process or another; requests too old to be answered are forgotten."""
        for link, after in self._chain.follow(self._read_to):
            self._read_to = after
            if link.content.get("outcome") == RECEIVED:
                self._note(link)
        # An hour longer than needed: clocks of two machines differ, and a request may wait for its turn.
        oldest = datetime.now(UTC) - LONGEST
        self._first = {key: held for key, held in self._first.items() if held[1] >= oldest}

    def _note(self, link: Link) -> None:
        said: dict[str, Any] = link.content
        expires = datetime.fromisoformat(str(said["expires"]))
        self._first.setdefault((str(said["client"]), str(said["nonce"])), (link.number, expires))
