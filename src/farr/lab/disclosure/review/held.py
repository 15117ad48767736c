"""Holding: what the gate is told of review, and what it does with a protected table that nobody has looked at."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from farr.lab.disclosure.ledger import Entry, Ledger
from farr.lab.disclosure.manifest import Manifest
from farr.lab.disclosure.provenance import policy_of
from farr.lab.disclosure.released import release_id, table_sha256
from farr.lab.disclosure.review.decision import Decision, check_apart, check_decision, standing
from farr.lab.disclosure.review.docket import HeldEntry, State, held_entry
from farr.lab.disclosure.review.item import Asking, Item, ReviewError, new_id, unsaid
from farr.lab.disclosure.review.registry import Empty, Registry
from farr.lab.disclosure.review.shelf import Shelf
from farr.lab.model.errors import FarrError

Checkers = dict[str, str]
"""Names of those who may decide, by public key."""


class Held(FarrError):
    """Answers that are held for review, under `ids`: they come out once a checker has approved them. The message holds no figure."""

    def __init__(self, *ids: str) -> None:
        super().__init__(
            f"held for review as {', '.join(ids)}: an output checker decides what becomes of it; see: farr review show {ids[0]}; once "
            "it is approved, ask the same again"
        )
        self.ids = ids

    @property
    def id(self) -> str:
        return self.ids[0]


@dataclass(frozen=True, kw_only=True)
class Review:
    """What may be asked freely, where other tables wait, and who asks, and why. As it stands by itself, nothing is registered and nothing
    can be held: what is about people is refused."""

    registry: Registry = field(default_factory=Empty)
    shelf: Shelf | None = None
    asking: Asking | None = None


CLOSED = Review()


def waiting(ledger: Ledger, shelf: Shelf | None, records: str) -> list[Entry]:
    """The held tables about some records that may still come out: for a later question they count as released. Raises ReviewError where
    one cannot be read."""
    entries = ledger.docket().waiting(records)
    if entries and shelf is None:
        raise ReviewError(f"{entries[0].id} about the same records waits for review, and what it holds must be known; ask at a Desk")
    found = [_item(entry, shelf) for entry in entries if shelf is not None]
    return [Entry(manifest=item.manifest, table=item.table, audit=item.audit) for item in found]


def hold(
    manifest: Manifest, table: pa.Table, audit: dict[str, Any], words: Sequence[tuple[str, str]], *, records: str, ledger: Ledger,
    shelf: Shelf, asking: Asking, findings: Sequence[tuple[str, str, str]] = (),
) -> Held:  # fmt: skip
    """Keeps a protected table on the shelf and writes it to the ledger, without a figure."""
    beside = tuple(each.manifest.release_id for each in ledger.released_of(records) if not each.own)
    item = Item(
        id=new_id(), asking=asking, words=tuple(words), manifest=manifest, table=table, audit=audit, findings=tuple(findings),
        beside=beside,
    )  # fmt: skip
    sha256 = shelf.put(item)
    ledger.record_held(held_entry(item, records, sha256))
    return Held(item.id)


def waits_already(entry: HeldEntry, ledger: Ledger, asking: Asking | None) -> Held:
    """What waits already: once more for whoever else asks for it, who may then not decide on it either."""
    if (asking := asking or unsaid()) and not any(asking.is_by(each) for each in entry.askings):
        ledger.record_asked_again(entry.id, asdict(asking))
    return Held(entry.id)


def looked_at(id: str, ledger: Ledger, shelf: Shelf) -> tuple[HeldEntry, Item | None]:
    """What a checker sees: the entry, blind to a first approval, and the item where it waits. Raises ReviewError."""
    entry = ledger.docket().entry(id)
    return entry.blind, _item(entry, shelf) if entry in ledger.docket().waiting(entry.records) else None


def approved(
    decision: Decision, ledger: Ledger, shelf: Shelf, checkers: Checkers, needed: int
) -> tuple[Item, tuple[Decision, ...]]:  # fmt: skip
    """The very item that was held, its manifest as it would be released, and the approvals that stand, this one last: as many as are
    `needed` release it. Raises ReviewError. For the gate, which alone releases."""
    entry = ledger.docket().entry(decision.held)
    decisions = _approvals(decision, entry, checkers, needed)
    item = _item(entry, shelf)
    said = "approved " + "; and ".join(f"by {each.checker} on {each.on}: {each.reason}" for each in decisions)
    said += " (a second checker is not required)" if len(decisions) == 1 else ""
    checks, now = (*item.manifest.checks, ("reviewed", said)), datetime.now(UTC).isoformat(timespec="seconds")
    # Parquet names the library that wrote it: written by another than when it was held, the same table has another digest.
    written = table_sha256(item.table)
    names = tuple(each.checker for each in decisions)
    manifest = replace(item.manifest, checks=checks, approvers=names, released_at=now, table_sha256=written)
    return replace(item, manifest=replace(manifest, release_id=release_id(manifest))), decisions


def _approvals(decision: Decision, entry: HeldEntry, checkers: Checkers, needed: int) -> tuple[Decision, ...]:
    """The decision, after the first approval where one stands. Raises ReviewError for one that is none, and where two are needed for a
    second by the same person, key or account."""
    check_decision(decision, entry, checkers, approved=True)
    if needed > 1 and not decision.login:
        raise ReviewError(f"{entry.id} needs two checkers, each by an account of their own, and which is yours is not known; log in")
    if (first := standing(entry, checkers)) is None:
        return (decision,)
    try:
        check_apart(decision, first)
    except ReviewError:
        if needed > 1:
            raise
        return (decision,)
    return first, decision


def check_still_protected(item: Item, ledger: Ledger, agreement_policy: str) -> None:
    """Later questions of the agreement were protected beside what is held; those of other agreements knew nothing of it.
    Raises ReviewError where it is not protected as it would be now, and PolicyError."""
    question = item.manifest.question
    present = policy_of([question.get("records") or question["table"]], agreement_policy)
    if not set(present.name.split(" + ")) <= set(item.manifest.policy.split(" + ")):
        raise ReviewError(
            f"{item.id} was protected under {item.manifest.policy}, and now {present.name} applies; refuse it, and have it asked again"
        )
    # Also of other cohorts: which of them lie within the held one's nobody worked out.
    others = (each.manifest for each in ledger.released_of(question["table"]) if not each.own)
    if any(each.release_id not in item.beside for each in others):
        raise ReviewError(
            f"since {item.id} was held, figures about the same records were released under another agreement, beside which it was not "
            "protected; refuse it, and have it asked again"
        )


def refuse(decision: Decision, ledger: Ledger, shelf: Shelf, checkers: Checkers) -> None:
    """Writes down that a checker refused what is held, and removes it. It need not be readable any more. Raises ReviewError."""
    with ledger.alone(), shelf.alone():
        entry = ledger.docket().entry(decision.held)
        if entry.state is State.REFUSED:  # and was not removed, where that was interrupted
            shelf.remove(decision.held)
        check_decision(decision, entry, checkers, approved=False)
        ledger.record_refused_in_review(decision.as_dict())
        shelf.remove(decision.held)


def refused_words(entry: HeldEntry) -> str:
    """What the asker is told of a refusal."""
    said = entry.decision or {}
    return f"was refused by the output checker {said.get('checker')}: {said.get('reason')}"


def _item(entry: HeldEntry, shelf: Shelf) -> Item:
    return shelf.get(entry.id, entry.sha256, entry.period)
