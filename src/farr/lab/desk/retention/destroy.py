"""Destruction: steps in their order, each of which may be taken again; a run that was killed is finished by the next."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.desk.home import Home
from farr.lab.desk.marts import build_marts, in_order
from farr.lab.desk.retention import proof, sweep
from farr.lab.desk.retention.alone import alone
from farr.lab.desk.retention.certificate import write_certificate
from farr.lab.desk.retention.errors import DestructionRefused
from farr.lab.desk.retention.journal import CERTIFICATE, Journal
from farr.lab.desk.retention.pdf import write_pdf
from farr.lab.desk.retention.plan import Plan, check_holds, check_keys_folder, planned
from farr.lab.engine.at_rest.purge import empty, held_about_persons, purge
from farr.lab.engine.store import Store
from farr.lab.marts.mart import Mart
from farr.lab.model.agreement import Signatory, Terms, read_agreement
from farr.lab.model.discover import discover
from farr.lab.model.durable.disk import room_on
from farr.lab.model.period import FinancialYear, Month
from farr.lab.model.table import TableDeclaration, TableKind

_LAST_TO_HOLD = "clear the records' other versions"


@dataclass(frozen=True, kw_only=True)
class Hands:
    """Who destroys: the operator and a witness by name, the risk owner by key, and what was done about copies elsewhere."""

    operator: str
    witness: str
    risk_owner: Ed25519PrivateKey
    backups: str


def destroy(
    home: Home, agreement: str, before: Month, hands: Hands, said: Callable[[str], None] = lambda _: None, lost: Sequence[str] = ()
) -> Path:
    """Destroys an agreement's records of months before `before`, and returns the certificate. One that was interrupted is finished
    first. `lost` are years whose key is known to be nowhere any more. Raises DestructionRefused where they may not be destroyed, and
    HomeInUse: nothing was changed then."""
    _check_hands(home, hands)
    terms = read_agreement(home.agreement_path(agreement)).terms
    store = home.store_of(terms)
    # Whoever loads or builds meanwhile waits: what they write would be neither in the plan nor in what is remembered.
    with alone(home), room_on(home.folder), store.alone():
        journal = _journal(home, agreement, before, lost)
        check_keys_folder(home, journal.plan)
        task = Destruction(home, store, terms, journal, hands, said)
        for name, step in task.steps().items():
            if not journal.is_done(name):
                task.check_holds()
                said(name)
                step()
                journal.done(name)
        journal.forget()
        write_pdf(journal.folder / CERTIFICATE)
    return journal.folder / CERTIFICATE


def _journal(home: Home, agreement: str, before: Month, lost: Sequence[str]) -> Journal:
    journal = Journal.unfinished(home, agreement)
    if journal is None:
        return Journal.begun(home, planned(home, agreement, before, lost))
    if journal.plan.before != str(before):
        raise DestructionRefused(
            f"the destruction before {journal.plan.before} was interrupted; finish it first: farr destroy --before {journal.plan.before}"
        )
    return journal


class Destruction:
    """One destruction on its way."""

    def __init__(
        self, home: Home, store: Store, terms: Terms, journal: Journal, hands: Hands, said: Callable[[str], None]
    ) -> None:  # fmt: skip
        self.home = home
        self.journal = journal
        self.plan: Plan = journal.plan
        self._hands = hands
        self._said = said
        self._terms = terms
        self.store = store
        self.before = Month.parse(self.plan.before)
        self.years = [FinancialYear.parse(year) for year in self.plan.years]

    def steps(self) -> dict[str, Callable[[], None]]:
        return {
            "close the years": self.close,
            "delete the months": self.delete,
            "keep what is known of other months": self.remember_records,
            _LAST_TO_HOLD: self.clear_records,
            "make derived tables anew": self.rebuild,
            "keep how they were made": self.remember_derived,
            "clear their other versions": self.clear_derived,
            "destroy the keys": self.destroy_keys,
            "sweep what rested on them": self.sweep,
            "prove that nothing is left": self.prove,
            "certify": self.certify,
        }

    def check_holds(self) -> None:
        """A hold that was placed after a destruction began stops it for as long as there is something left to hold."""
        if not self.journal.is_done(_LAST_TO_HOLD):
            check_holds(self.home, self.plan.agreement, self.plan.datasets, self.before)

    def close(self) -> None:
        if (keys := self.store.keys) is not None:
            for year in self.years:
                keys.close(year, self.plan.id)

    def delete(self) -> None:
        """Months of records; of what is derived all rows, for some may rest on what goes: they are made anew of what is kept."""
        for table in held_about_persons(self.store):
            empty(self.store, table, None if table.kind is TableKind.MART else self.before, {"destroyed": self.plan.id})

    def remember_records(self) -> None:
        self.journal.keep(
            "loads", {table.name: _without(self.store.history(table.name), self.before) for table in self._of(TableKind.STAGED)}
        )

    def clear_records(self) -> None:
        for table in self._of(TableKind.STAGED):
            purge(self.store, table, {"destroyed": self.plan.id}, self.journal.kept("loads")[table.name])

    def rebuild(self) -> None:
        """Of an agreement that has ended, nothing is made any more: its derived tables stay empty."""
        if not self.plan.ended:
            build_marts(self.home, self.plan.agreement, self._said, whole=True, store=self.store)

    def remember_derived(self) -> None:
        self.journal.keep("made", {table.name: _last(self.store, table) for table in self._of(TableKind.MART)})

    def clear_derived(self) -> None:
        marts = {table.name: table for table in self._of(TableKind.MART)}
        for name in in_order(discover("farr.lab.marts.definitions", Mart)):
            if name in marts:
                made = self.journal.kept("made")[name]
                # The same rows under new numbers: what it was made of is what is live now.
                reads = {each: self._now(each, version) for each, version in made.get("reads", {}).items()}
                purge(self.store, marts[name], {**made, "reads": reads} if reads else made, [])

    def destroy_keys(self) -> None:
        if (keys := self.store.keys) is not None:
            for year in self.years:
                keys.destroy(year)

    def sweep(self) -> None:
        sweep.sweep(self.home, self.store, self.plan)

    def prove(self) -> None:
        os.sync()  # what was removed must not come back with a power cut
        self.journal.keep("proof", proof.proved(self.home, self.store, self.plan))

    def certify(self) -> None:
        who = {"operator": self._hands.operator, "witness": self._hands.witness}
        write_certificate(self.home, self.journal, self._terms, who, self._hands.backups, self._hands.risk_owner)

    def _of(self, kind: TableKind) -> list[TableDeclaration]:
        return [table for table in held_about_persons(self.store) if table.kind is kind]

    def _now(self, name: str, version: int | None) -> int | None:
        return self.store.version(name) if any(table.name == name for table in held_about_persons(self.store)) else version


def _check_hands(home: Home, hands: Hands) -> None:
    names = {"operator": hands.operator.strip(), "witness": hands.witness.strip(), "statement on backups": hands.backups.strip()}
    for what in (what for what, name in names.items() if not name):
        raise DestructionRefused(f"a certificate needs the {what}; see: farr destroy --help")
    owner = home.signatory_name(Signatory.RISK_OWNER, hands.risk_owner)
    if len({name.casefold() for name in (names["operator"], names["witness"], owner.strip())}) < 3:
        raise DestructionRefused("operator, witness and risk owner must be three different people")


def _without(history: list[dict[str, Any]], before: Month) -> list[dict[str, Any]]:
    """What was recorded of loads, less the months that go; loads of which nothing is left are forgotten."""
    kept: list[dict[str, Any]] = []
    for load in (load for load in history if "file" in load):
        months = [month for month in load.get("months", []) if Month.parse(month) >= before]
        rows: Mapping[str, int] = load.get("rows_by_month", {})
        if months:
            kept.append({**load, "months": months, "rows_by_month": {each: number for each, number in rows.items() if each in months}})
    return kept


def _last(store: Store, table: TableDeclaration) -> dict[str, Any]:
    """The record of the live version, without what the store adds to it."""
    live = store.version(table.name)
    record = next((each for each in reversed(store.history(table.name)) if each["version"] == live), dict[str, Any]())
    return {name: value for name, value in record.items() if name not in ("version", "written_at")}
