"""Holding: what the gate is told of review, and what it does with a protected table that nobody has looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.manifest import Manifest
from farr.lab.disclosure.released import release_id
from farr.lab.disclosure.review.decision import Decision, check_decision
from farr.lab.disclosure.review.docket import Entry, entry_of
from farr.lab.disclosure.review.item import Asking, Item, ReviewError, new_id
from farr.lab.disclosure.review.registry import Empty, Registry
from farr.lab.disclosure.review.shelf import Shelf
from farr.lab.model.errors import FarrError

Checkers = dict[str, str]
"""Names of those who may decide, by public key."""


class Held(FarrError):
    """The answer is held for review, under `id`: it comes out once a checker has approved it. The message holds no figure."""

    def __init__(self, id: str) -> None:
        super().__init__(
            f"held for review as {id}: the question is not one that a registered measure puts, so an output checker decides; see: farr "
            f"review show {id}; once it is approved, ask the same again"
        )
        self.id = id

    def __reduce__(self) -> tuple[type["Held"], tuple[str]]:
        return Held, (self.id,)


@dataclass(frozen=True, kw_only=True)
class Review:
    """What may be asked freely, where other tables wait, and who asks, and why. As it stands by itself, nothing is registered and nothing
    can be held: what is about people is refused."""

    registry: Registry = field(default_factory=Empty)
    shelf: Shelf | None = None
    asking: Asking | None = None


CLOSED = Review()


def waiting(ledger: Ledger, shelf: Shelf | None, records: str) -> list[tuple[Manifest, pa.Table, dict[str, Any]]]:
    """The held tables about some records that may still come out: for a later question they count as released. Raises ReviewError where
    one cannot be read."""
    entries = ledger.docket().waiting(records)
    if entries and shelf is None:
        raise ReviewError(f"{entries[0].id} about the same records waits for review, and what it holds must be known; ask at a Desk")
    found = [_item(entry, shelf) for entry in entries if shelf is not None]
    return [(item.manifest, item.table, item.audit) for item in found]


def hold(
    manifest: Manifest, table: pa.Table, audit: dict[str, Any], words: Sequence[tuple[str, str]], *, records: str, ledger: Ledger,
    shelf: Shelf, asking: Asking, findings: Sequence[tuple[str, str, str]] = (),
) -> Held:  # fmt: skip
    """Keeps a protected table on the shelf and writes it to the ledger, without a figure."""
    item = Item(
        id=new_id(), asking=asking, words=tuple(words), manifest=manifest, table=table, audit=audit, findings=tuple(findings)
    )  # fmt: skip
    sha256 = shelf.put(item)
    ledger.record_held(entry_of(item, records, sha256))
    return Held(item.id)


def looked_at(id: str, ledger: Ledger, shelf: Shelf) -> tuple[Entry, Item | None]:
    """What a checker sees: the entry, and the item where it waits. Raises ReviewError."""
    entry = ledger.docket().entry(id)
    return entry, _item(entry, shelf) if entry in ledger.docket().waiting(entry.records) else None


def approved(decision: Decision, ledger: Ledger, shelf: Shelf, checkers: Checkers) -> Item:
    """The very item that was held, its manifest as it will be released. Raises ReviewError. For the gate, which alone releases."""
    entry = ledger.docket().entry(decision.held)
    check_decision(decision, entry, checkers, approved=True)
    item = _item(entry, shelf)
    said = f"approved by {decision.checker} on {decision.on}: {decision.reason} (a second checker is not required)"
    manifest = replace(item.manifest, checks=(*item.manifest.checks, ("reviewed", said)), approvers=(decision.checker,))
    return replace(item, manifest=replace(manifest, release_id=release_id(manifest)))


def refuse(decision: Decision, ledger: Ledger, shelf: Shelf, checkers: Checkers) -> None:
    """Writes down that a checker refused what is held, and removes it. It need not be readable any more. Raises ReviewError."""
    with shelf.alone():
        check_decision(decision, ledger.docket().entry(decision.held), checkers, approved=False)
        ledger.record_refused_in_review(decision.as_dict())
        shelf.remove(decision.held)


def refused_words(entry: Entry) -> str:
    """What the asker is told of a refusal."""
    said = entry.decision or {}
    return f"was refused by the output checker {said.get('checker')} on {said.get('on')}: {said.get('reason')}"


def _item(entry: Entry, shelf: Shelf) -> Item:
    return shelf.get(entry.id, entry.sha256, entry.period)
