"""Ledger: every release and every refusal of one agreement, in a hash-chained file; and what was released under others, to read."""

import base64
import hashlib
import io
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.disclosure.manifest import Manifest, read_manifest
from farr.lab.disclosure.released import table_bytes
from farr.lab.disclosure.review.docket import Docket, HeldEntry
from farr.lab.model.durable.chain import Chain, ChainError, Place
from farr.lab.model.durable.disk import one_at_a_time
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Question


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """A release as the ledger has it, with what the audit noted; `own` where it is this ledger's and no other's. `kept` is for what those
    who look at it work out once."""

    manifest: Manifest
    table: pa.Table
    audit: dict[str, Any]
    own: bool = True
    kept: dict[Any, Any] = field(default_factory=dict[Any, Any], repr=False)


class Ledger:
    """Questions and the values that were released, never records or memberships. `beside` is a folder whose other ledgers
    (*.jsonl, also those of agreements that have ended) are read too, and never written: their readers may be the same."""

    def __init__(self, path: Path, *, beside: Path | None = None) -> None:
        self._chain = Chain(path)
        self._beside = beside
        self._others: dict[Path, Ledger] = {}
        self._read_to = Place()
        self._known: dict[str, list[Place]] = {}
        self._asked: set[str] = set()
        self._of_table: dict[str, list[Place]] = {}
        self._read: dict[Place, Entry] = {}
        self._docket = Docket()

    @property
    def path(self) -> Path:
        return self._chain.path

    @contextmanager
    def alone(self) -> Generator[None]:
        """Until the block ends, nothing is released by any ledger of the folder but in it: of two that judge at once, each would miss the
        other's release."""
        with one_at_a_time(self.path.parent):
            yield

    def record(self, manifest: Manifest, table: pa.Table, audit: dict[str, Any], reviews: Sequence[dict[str, Any]] = ()) -> None:
        """Writes a release with the values published and what the audit did; where it was held for review, with the decision by which it
        was released, and before that the first approval where two checkers decided."""
        raw = table_bytes(table)
        if hashlib.sha256(raw).hexdigest() != manifest.table_sha256:
            raise ChainError(f"{self.path}: release {manifest.release_id} names other values than these; nothing was written")
        values = base64.b64encode(raw).decode()
        content = {"outcome": "released", "manifest": manifest.as_dict(), "audit": audit, "values": values}
        self._chain.append(content | dict(zip(("review", "first"), reversed(reviews), strict=False)))

    def record_held(self, entry: HeldEntry) -> None:
        """Writes that an answer waits for review: what was asked, by whom and why, and no figure."""
        self._chain.append(entry.as_line())

    def record_asked_again(self, held: str, asking: dict[str, str]) -> None:
        """Writes that somebody else asked for what waits, and why."""
        self._chain.append({"outcome": "held, asked again", "held": held, "asking": asking})

    def record_first_approval(self, decision: dict[str, Any]) -> None:
        """Writes that one of two checkers approved what is held, which waits on."""
        self._chain.append({"outcome": "approved first", "review": decision})

    def record_refused_in_review(self, decision: dict[str, Any]) -> None:
        self._chain.append({"outcome": "refused in review", "review": decision})

    def record_held_destroyed(self, held: str, certificate: str) -> None:
        """Writes that the records of what is held are gone, and it with them."""
        self._chain.append({"outcome": "held destroyed", "held": held, "certificate": certificate})

    def docket(self) -> Docket:
        """What is held for review, and what was decided. Raises ChainError."""
        self._catch_up()
        return self._docket

    def record_refusal(self, question: Question, agreement: str, reason: str) -> None:
        self._record_unanswered("refused", question, agreement, reason)

    def record_model_refusal(self, model: dict[str, Any], identity: str, agreement: str, reason: str) -> None:
        """Writes that a model's output was refused; `model` says what was fitted, and holds no figure of it."""
        self._chain.append(
            {"outcome": "refused", "question": model, "question_identity": identity, "agreement": agreement, "reason": reason}
        )

    def record_unasked(self, question: Question, agreement: str, reason: str) -> None:
        """Writes that a question was not looked at, so that it counts as none that was asked."""
        self._record_unanswered("not asked", question, agreement, reason)

    def record_destruction(self, certificate: str, before: str, releases: Sequence[str]) -> None:
        """Writes, once for a certificate, that records of months before `before` are gone, and which releases rested on them."""
        if not any(
            link.content.get("outcome") == "destroyed" and link.content["certificate"] == certificate for link in self._chain.links()
        ):
            self._chain.append({"outcome": "destroyed", "certificate": certificate, "before": before, "releases": list(releases)})

    def earlier(
        self, *, identity: str, agreement: str, policy: str, store_versions: dict[str, int], code_version: str
    ) -> tuple[Manifest, pa.Table] | None:
        """The release of the same question on the same data under the same policy by the same code, if there was one. Raises ChainError."""
        self._catch_up()
        for place in self._known.get(identity, []):
            link = self._chain.read(place).content
            manifest = _manifest(link)
            same = manifest.agreement == agreement and manifest.policy == policy and manifest.code_version == code_version
            if same and manifest.store_versions == store_versions:
                return manifest, self._table(link, manifest)
        return None

    def released_of(self, table: str) -> list[Entry]:
        """Every release of questions about a table, this ledger's own, oldest first, and then those of the others. Raises ChainError,
        also where another cannot be read, or is gone since it was."""
        own = self._released_of(table)
        if self._beside is not None:
            for path in sorted(self._beside.glob("*.jsonl")):
                if not path.exists():  # a link to a disk that is not mounted looks like a ledger of nothing
                    raise ChainError(f"{path} leads nowhere; restore what it leads to, or remove it")
                if path.resolve() != self.path.resolve():
                    self._others.setdefault(path, Ledger(path))
        return [*own, *(replace(each, own=False) for other in self._others.values() for each in other.released_of(table))]

    def _released_of(self, table: str) -> list[Entry]:
        self._catch_up()
        for place in self._of_table.get(table, []):
            if place not in self._read:
                link = self._chain.read(place).content
                manifest = _manifest(link)
                self._read[place] = Entry(manifest=manifest, table=self._table(link, manifest), audit=link["audit"])
        return [self._read[place] for place in self._of_table.get(table, [])]

    def allows(self, question: Question, agreed: int | None) -> bool:
        """Whether the question is one of those asked already, answered or refused, or may still be asked of as many as were `agreed`.
        A refusal tells something too. Raises ChainError."""
        self._catch_up()
        return agreed is None or question.identity in self._asked or len(self._asked) < agreed

    def related(self, question: Question) -> list[Manifest]:
        """Earlier releases over the same table whose periods overlap with the question's, oldest first. Raises ChainError."""
        manifests = [_manifest(link) for link in self._releases()]
        return [
            manifest
            for manifest in manifests
            if manifest.question["table"] == question.table.name and _overlap(Period.parse(manifest.question["period"]), question.period)
        ]

    def reaching_before(self, month: Month) -> list[str]:
        """The ids of releases, published or not, of periods that begin before a month, oldest first. Raises ChainError."""
        manifests = [_manifest(link) for link in self._releases()]
        return [each.release_id for each in manifests if Period.parse(each.question["period"]).first < month]

    def last_written_at(self) -> datetime | None:
        """When the last entry was written; None where there is none. Raises ChainError."""
        return self._chain.last_written_at()

    def record_clock(self, reason: str) -> None:
        """Writes that the clock was wrong when the last entry was written, and why that is known: dates go on from this one."""
        self._chain.append({"outcome": "clock", "reason": reason})

    def verify(self) -> int:
        """The number of entries, all of which follow from each other. Raises ChainError."""
        return self._chain.verify()

    def _catch_up(self) -> None:
        """Reads the lines written since the last time, and notes where the releases of each question stand."""
        before = self._read_to
        for link, after in self._chain.follow(self._read_to):
            if link.content.get("outcome") == "released":
                manifest = link.content["manifest"]
                identity = str(manifest["question_identity"])
                self._of_table.setdefault(str(manifest["question"].get("table", "")), []).append(before)
                self._known.setdefault(identity, []).append(before)
                self._asked.add(identity)
            elif link.content.get("outcome") == "refused":
                self._asked.add(str(link.content["question_identity"]))
            elif link.content.get("outcome") == "held":
                self._asked.add(str(link.content["held"]["question_identity"]))
            self._docket.note(link)
            self._read_to = before = after

    def _record_unanswered(self, outcome: str, question: Question, agreement: str, reason: str) -> None:
        content = {"outcome": outcome, "question": question.canonical(), "question_identity": question.identity}
        self._chain.append({**content, "agreement": agreement, "reason": reason})

    def _releases(self) -> list[dict[str, Any]]:
        return [link.content for link in self._chain.links() if link.content.get("outcome") == "released"]

    def _table(self, link: dict[str, Any], manifest: Manifest) -> pa.Table:
        raw = base64.b64decode(link["values"])
        if hashlib.sha256(raw).hexdigest() != manifest.table_sha256:
            raise ChainError(f"{self.path}: the values of release {manifest.release_id} are not those it names; restore it from a backup")
        return pq.read_table(io.BytesIO(raw))


def _manifest(link: dict[str, Any]) -> Manifest:
    return read_manifest(link["manifest"])


def _overlap(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last
