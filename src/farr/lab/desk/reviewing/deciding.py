"""What a checker does: look at what is held, approve it or refuse it."""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.home import Home, today
from farr.lab.desk.reviewing.checkers import Checkers
from farr.lab.desk.reviewing.shelves import shelf_of
from farr.lab.disclosure.gate import release_held
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.released import Released, publish
from farr.lab.disclosure.review.decision import Decision, decided
from farr.lab.disclosure.review.docket import HeldEntry
from farr.lab.disclosure.review.held import looked_at, refuse
from farr.lab.disclosure.review.item import Item, ReviewError, login
from farr.lab.disclosure.review.near import Near, near
from farr.lab.disclosure.review.shelf import Shelf
from farr.lab.model.agreement import Agreement
from farr.lab.model.tables import TABLES

ROWS = 60  # of a table that a checker is shown unless they ask for more


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a checker sees. `item` is None once it was decided or destroyed; `near` is what could be set beside it."""

    entry: HeldEntry
    item: Item | None
    near: tuple[Near, ...]


class Checking:
    """One agreement's held tables. Opens no records, and needs a live agreement: what it approves is released under it. Raises
    AgreementError."""

    def __init__(self, home: Home, agreement: str) -> None:
        self._home = home
        self._ledger: Ledger = home.ledger(agreement)
        self._terms = home.agreement(agreement).terms
        self._shelf: Shelf = shelf_of(home, self._terms)

    def entries(self) -> list[HeldEntry]:
        """All that was ever held, oldest first. Raises ChainError."""
        return [each.blind for each in self._ledger.docket().all()]

    def look(self, id: str) -> Looked:
        """Raises ReviewError where nothing of that id was held, or what waits cannot be read."""
        entry, item = looked_at(id, self._ledger, self._shelf)
        if not entry.records:  # a model is near no table
            return Looked(entry=entry, item=item, near=())
        earlier = [each.manifest for each in self._ledger.released_of(entry.records)]
        held = [each for each in self._ledger.docket().beside(entry.records) if each.id != id]
        return Looked(entry=entry, item=item, near=tuple(near(entry.question, earlier, held)))

    def approve(
        self, id: str, *, checker: str, key: Ed25519PrivateKey, reason: str, all_rows_seen: bool = False
    ) -> tuple[Released, Path] | None:  # fmt: skip
        """The very table that was held, released and published; None where that was the first of two approvals. Raises ReviewError, also
        where the table has more rows than a checker is shown and nobody says that they saw them, and AgreementError where the agreement
        does not cover its months any more."""
        item = self.look(id).item
        if item is not None and item.table.num_rows > ROWS and not all_rows_seen:
            raise ReviewError(
                f"{id} has {item.table.num_rows} rows, of which farr review show gives {ROWS}; look at all: farr review show {id} --rows "
                "all; then add to the approval: --all-rows-seen"
            )
        decision, names = self._decision(id, checker, key, reason, approved=True)
        entry, agreement = self._ledger.docket().entry(id), Agreement(terms=self._terms)
        agreement.check_period(entry.period)
        if entry.records and entry.records not in self._terms.datasets:
            agreement.check_dataset((TABLES[entry.records].derived_from or (entry.records,))[0])
        released = release_held(decision, self._ledger, self._shelf, names, self._terms.policy, self._terms.checkers_needed)
        return None if released is None else (released, publish(released, self._home.published, self._home.release_key()))

    def refuse(self, id: str, *, checker: str, key: Ed25519PrivateKey, reason: str) -> None:
        """It is removed, and whoever asks the same again reads the reason. Raises ReviewError."""
        decision, names = self._decision(id, checker, key, reason, approved=False)
        refuse(decision, self._ledger, self._shelf, names)

    def _decision(
        self, id: str, checker: str, key: Ed25519PrivateKey, reason: str, *, approved: bool
    ) -> tuple[Decision, dict[str, str]]:  # fmt: skip
        registered = Checkers(self._home)
        name = registered.name_of(key, checker)
        entry = self._ledger.docket().entry(id)
        decision = decided(entry, approved=approved, checker=name, reason=reason, on=today(), key=key, login=login())
        return decision, registered.names()
