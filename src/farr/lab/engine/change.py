"""What changed since a mart was last built, and whether only that may be built again.

A month that is sent again is written into new files, so months whose files differ between two versions are those that changed.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from farr.lab.engine.errors import StoreError
from farr.lab.engine.sql import kept_rule
from farr.lab.engine.store import Store
from farr.lab.model.period import Month
from farr.lab.model.reach import Reach
from farr.lab.model.table import TableDeclaration

Files = Mapping[Month | None, Sequence[Path]]


@dataclass(frozen=True, kw_only=True)
class Read:
    """A table that a mart reads: the version it is read at, that version's files, and those (`before`) of the version that the
    mart was last built from. Without an earlier version, everything is new. Of `history`, a month is seen by the mart's rows of that
    month and later ones alone, which are of people who have a row of their month in another table."""

    table: TableDeclaration
    version: int | None
    files: Files
    before: Files = field(default_factory=dict[Month | None, Sequence[Path]])
    history: bool = False

    @property
    def changed(self) -> tuple[Month | None, ...]:
        """The months whose files differ, in order; only None in a table without months."""
        every = {*self.files, *self.before}
        return tuple(sorted((month for month in every if self.before.get(month) != self.files.get(month)), key=str))

    def of(self, months: Sequence[Month | None]) -> list[Path]:
        """The files of these months, as read now."""
        return _of(self.files, months)

    def of_before(self, months: Sequence[Month | None]) -> list[Path]:
        """The files of these months, as read the last time."""
        return _of(self.before, months)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a mart is to be built: whole, because of `why`; or only what changed since its version `base`, whose files are `held`."""

    reads: tuple[Read, ...]
    why: str | None
    base: int | None = None
    held: Files = field(default_factory=dict[Month | None, Sequence[Path]])

    @property
    def changed(self) -> dict[str, list[str]]:
        """The months that changed, by table read: of a plan that builds no more than those."""
        return {} if self.why else {read.table.name: [str(month) for month in read.changed] for read in self.reads if read.changed}

    @property
    def months(self) -> tuple[Month, ...]:
        """Every month in which a table read has changed, in order."""
        return tuple(sorted({month for read in self.reads for month in read.changed if month is not None}))


def planned(
    store: Store, mart: TableDeclaration, reads: Sequence[Read], *, reach: Reach, rule: str, whole: bool = False
) -> Plan:  # fmt: skip
    """What must be done so that the live version of the mart rests on `reads` (given without `before`) by `rule`."""
    base = store.version(mart.name)
    record = _record(store, mart.name, base)
    why = _why_from_scratch(base, record, rule, whole)
    if why is None:
        earlier = _earlier(store, mart, reads, base, record)
        if earlier is not None:
            compared, held = earlier
            why = _why_beyond(compared, reach)
            return Plan(reads=compared, why=why, base=base, held=held)
        why = "what it was built from, or what was built, can no longer be read"
    return Plan(reads=tuple(reads), why=why, base=base)


def ruled(
    store: Store,
    mart: TableDeclaration,
    reads: Sequence[TableDeclaration],
    reach: Reach,
    made_by: Mapping[str, Any],
    write: Callable[[], str],
) -> tuple[str, str]:
    """The mart's rule in SQL, with its fingerprint. It is written out by `write`, which takes seconds of all rules, unless the live
    version's record holds all of `made_by` and the text that was kept has the fingerprint that was sealed with it."""
    record = _record(store, mart.name, store.version(mart.name))
    kept = kept_rule(store.folder, mart.name) if made_by and all(record.get(name) == value for name, value in made_by.items()) else None
    if kept is not None and fingerprint(mart, kept, reads, reach) == record.get("rule"):
        return kept, str(record["rule"])
    sql = write()
    return sql, fingerprint(mart, sql, reads, reach)


def standing(
    store: Store, mart: TableDeclaration, reads: Sequence[TableDeclaration], at: Mapping[str, int | None], made_by: Mapping[str, Any]
) -> int | None:
    """The mart's live version, where its record holds all of `made_by` and the tables read have the same files at the versions `at`.

    What made it then says the same rule, which need not be written out as SQL to find that nothing is to be done: that takes longer
    than all the rest. None where it may not stand; `planned` then says why.
    """
    base = store.version(mart.name)
    record = _record(store, mart.name, base)
    if base is None or any(record.get(name) != value for name, value in made_by.items()):
        return None
    earlier = _earlier(store, mart, reads_at(store, reads, at), base, record)
    return None if earlier is None or any(read.changed for read in earlier[0]) else base


def reads_at(
    store: Store, tables: Sequence[TableDeclaration], versions: Mapping[str, int | None], history: Sequence[TableDeclaration] = ()
) -> list[Read]:
    """The tables as they are at these versions, without what they were before. Raises StoreError where a file is missing."""
    at = {table.name: files_at(store, table, versions[table.name]) for table in tables}
    return [Read(table=table, version=versions[table.name], files=at[table.name], history=table in history) for table in tables]


def files_at(store: Store, table: TableDeclaration, version: int | None) -> Files:
    """The files of a version by month; none of a table never loaded. Raises StoreError where one is missing."""
    return {} if version is None else store.files_by_month(table.name, version)


def fingerprint(mart: TableDeclaration, sql: str, reads: Sequence[TableDeclaration], reach: Reach) -> str:
    """One text for a rule, the same in every process: that of the SQL, the reach, and the declared columns on both sides."""
    tables = [[table.name, table.person, table.month, [[c.name, c.type] for c in table.columns]] for table in (mart, *reads)]
    # Ibis keeps the columns to leave out as a set, so their order differs from process to process.
    stable = re.sub(r"EXCLUDE \(([^)]*)\)", lambda found: str(sorted(re.findall(r'"[^"]+"', found[1]))), sql)
    return hashlib.sha256(json.dumps([stable, reach.value, tables]).encode()).hexdigest()


def _why_from_scratch(base: int | None, record: Mapping[str, Any], rule: str, whole: bool) -> str | None:
    if base is None:
        return "it was never built"
    if whole:
        return "that was asked for"
    return None if record.get("rule") == rule else "its rule or a declaration has changed"


def _why_beyond(reads: Sequence[Read], reach: Reach) -> str | None:
    """Why a change carries further than `reach` promises; None where it does not, or nothing changed."""
    for read in (read for read in reads if read.changed):
        if reach is Reach.WHOLE:
            return f"{read.table.name} has changed, and any row may rest on it"
        if read.table.month is None:
            return f"{read.table.name} has changed, which has no months"
        if reach is Reach.PERSON and read.table.person is None:
            return f"{read.table.name} has changed, which is about no person"
    return None


def _earlier(
    store: Store, mart: TableDeclaration, reads: Sequence[Read], base: int | None, record: Mapping[str, Any]
) -> tuple[tuple[Read, ...], Files] | None:
    """The reads with what they were before, and the mart's own files; None where some of it is gone or damaged."""
    try:
        held = store.files_by_month(mart.name, base)
        return tuple(_compared(store, read, record["reads"].get(read.table.name)) for read in reads), held
    except StoreError:
        return None


def _compared(store: Store, read: Read, version: int | None) -> Read:
    return replace(read, before=files_at(store, read.table, version))


def _record(store: Store, table: str, version: int | None) -> Mapping[str, Any]:
    return next((entry for entry in store.history(table) if entry["version"] == version), dict[str, Any]())


def _of(files: Files, months: Sequence[Month | None]) -> list[Path]:
    return [path for month in months for path in files.get(month, ())]
