"""Building a mart: one expression over the store's tables becomes the mart's live version, in one commit.

Where only some months of what it reads have changed since, only what they can reach is made again: the mart's `reach` says what
that is. The result is the same as that of building it whole.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import ibis.expr.operations as ops
import ibis.expr.types as ir

from farr.lab.engine.at_rest.keys import Keys, ending
from farr.lab.engine.change import Plan, Read, fingerprint, planned
from farr.lab.engine.duckdb import Connection, Limits, check_keys, connect, present, typed
from farr.lab.engine.errors import EngineFailed, QuestionRefused, StoreError
from farr.lab.engine.increment import by_month, by_person, copy, is_same
from farr.lab.engine.sql import sql_of
from farr.lab.engine.store import Staged, Store
from farr.lab.model.period import Month, PeriodError
from farr.lab.model.reach import Reach
from farr.lab.model.table import TableDeclaration, TableKind

T = TypeVar("T")
_ROWS = "rows"
_FOREIGN = (ops.ScalarUDF, ops.AggUDF, ops.SQLQueryResult, ops.SQLStringView, ops.InMemoryTable, ops.DatabaseTable)


class Extent(Enum):
    """How much of a mart was built."""

    WHOLE = "whole"
    MONTHS = "months"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class Built:
    """What a build came to: the mart's live version, how much was built, why it was built whole (None where it was not), and the
    months written."""

    version: int
    extent: Extent
    why: str | None = None
    months: tuple[Month, ...] = ()


def build(
    store: Store,
    mart_table: TableDeclaration,
    expression: ir.Table,
    reads: Sequence[TableDeclaration],
    record: Mapping[str, Any],
    *,
    may_lack: Sequence[TableDeclaration] = (),
    reach: Reach = Reach.WHOLE,
    at: Mapping[str, int | None] | None = None,
    whole: bool = False,
    limits: Limits | None = None,
) -> Built:
    """Makes the mart's live version the rows of `expression` over its reads as they are now, or at the versions that `at` names.

    `expression` has the mart's columns in their order and types (Mart.expression gives it) and reads `reads` only, of which
    `lacking` says what must be held; others that were never loaded have no rows. Only what `reach` says has changed is made,
    unless `whole`; where nothing has changed, the version stays. The record gains what was read, changed and written, and why.

    Raises StoreError where a table that must be held was never loaded, a row has no month or one that `reach` does not promise, or
    another build of the mart ended first; QuestionRefused for an expression that reads anything else; and EngineFailed.
    """
    _check_expression(mart_table, expression, reads)
    _check_reach(mart_table, reach)
    versions = {table.name: at[table.name] if at and table.name in at else store.version(table.name) for table in reads}
    _check_loaded(mart_table, lacking(reads, may_lack, versions))
    # Cast once more, because DuckDB's own types are wider than Ibis takes them for: a sum of int64 is a HUGEINT.
    sql = f"SELECT {typed(mart_table)} FROM ({sql_of(expression)})"
    rule = fingerprint(mart_table, sql, reads, reach)
    now = [Read(table=table, version=versions[table.name], files=_files(store, table, versions)) for table in reads]
    plan = planned(store, mart_table, now, reach=reach, rule=rule, whole=whole)
    if plan.why is None and plan.base is not None and not plan.changed:
        return Built(version=plan.base, extent=Extent.NOTHING)
    kept = {**record, "reads": versions, "reach": reach.value, "rule": rule, "why": plan.why, "changed": plan.changed}
    with store.staging(mart_table.name) as folder:
        task = _Task(mart=mart_table, sql=sql, plan=plan, folder=folder, limits=limits, keys=store.keys, seals=store.seals(mart_table))
        return _build_whole(store, task, kept) if plan.why else _build_months(store, task, reach, kept)


def lacking(
    reads: Sequence[TableDeclaration], may_lack: Sequence[TableDeclaration], versions: Mapping[str, int | None]
) -> list[TableDeclaration]:
    """The tables read that must be held before a mart can be built, and are not: of records, or held by month (the rest adds names
    and prices where it is known), unless they are among `may_lack`; of these, one at least must be held."""
    needed = [table for table in reads if table.kind is not TableKind.REFERENCE or table.month is not None]
    missing = [table for table in needed if versions[table.name] is None]
    optional = {table.name for table in may_lack}
    return missing if len(missing) == len(needed) else [table for table in missing if table.name not in optional]


@dataclass(frozen=True, kw_only=True)
class _Task:
    mart: TableDeclaration
    sql: str
    plan: Plan
    folder: Path
    limits: Limits | None
    keys: Keys | None = None
    seals: bool = False

    def key(self, months: Sequence[Month] = ()) -> str | None:
        """The name of the key to write rows of these months with (none said: of any)."""
        return self.keys.name_for(months) if self.keys is not None and self.seals else None


def _build_whole(store: Store, task: _Task, record: Mapping[str, Any]) -> Built:
    rows, same = _in_engine(task, lambda connection: _write_whole(connection, task))
    staged = _staged(task)
    months = tuple(sorted(staged)) if isinstance(staged, Mapping) else ()
    record = {**record, "extent": Extent.WHOLE.value, "written": [str(month) for month in months], "rows": rows}
    if same and task.plan.base is not None:
        version = store.confirm(task.mart, {**record, "written": []}, base=task.plan.base)
    else:
        version = store.replace(task.mart, staged, record, rows=rows, whole=True)
    return Built(version=version, extent=Extent.WHOLE, why=task.plan.why, months=months)


def _build_months(store: Store, task: _Task, reach: Reach, record: Mapping[str, Any]) -> Built:
    plan, mart = task.plan, task.mart
    if reach is Reach.MONTH:
        months = plan.months
        rows = _in_engine(task, lambda connection: by_month(connection, mart, task.sql, plan, task.folder / _ROWS, task.key(months)))
    else:
        named, rows = _in_engine(task, lambda connection: by_person(connection, mart, task.sql, plan, task.folder, task.key()))
        months = tuple(sorted(_month(mart, name) for name in named))
    made = _staged_months(task)
    _check_months(mart, made, months)
    staged = {month: made.get(month, []) for month in months}
    others = sum(count for month, count in store.rows_by_month(mart.name, plan.base).items() if month not in months)
    record = {**record, "extent": Extent.MONTHS.value, "written": [str(month) for month in months], "rows": others + rows}
    version = store.replace(mart, staged, record, rows=rows, base=plan.base)
    return Built(version=version, extent=Extent.MONTHS, months=months)


def _files(store: Store, table: TableDeclaration, versions: Mapping[str, int | None]) -> dict[Month | None, list[Path]]:
    version = versions[table.name]
    return {} if version is None else store.files_by_month(table.name, version)


def _check_expression(mart: TableDeclaration, expression: ir.Table, reads: Sequence[TableDeclaration]) -> None:
    declared = {table.unbound.op() for table in reads}
    for node in expression.op().find(ops.Node):
        if isinstance(node, _FOREIGN) or (isinstance(node, ops.PhysicalTable) and node not in declared):
            raise QuestionRefused(
                f"the mart '{mart.name}' uses {type(node).__name__} '{getattr(node, 'name', '')}', which is not one of the tables it "
                f"declares to read: {', '.join(table.name for table in reads)}"
            )
    if expression.schema() != mart.schema:
        raise QuestionRefused(f"the mart '{mart.name}' does not give its declared columns; build it from Mart.expression()")


def _check_reach(mart: TableDeclaration, reach: Reach) -> None:
    needed = {"month": reach is not Reach.WHOLE and mart.month is None, "person": reach is Reach.PERSON and mart.person is None}
    for column in (name for name, lacking in needed.items() if lacking):
        raise QuestionRefused(f"the mart '{mart.name}' has no {column} column, so its reach is not {reach.value}; declare Reach.WHOLE")


def _check_loaded(mart: TableDeclaration, missing: Sequence[TableDeclaration]) -> None:
    for table in missing:
        how = "farr build" if table.kind is TableKind.MART else "farr ingest FILE"
        raise StoreError(f"the mart '{mart.name}' needs the table '{table.name}', which was never loaded; type: {how}")


def _check_months(mart: TableDeclaration, made: Mapping[Month, object], months: Sequence[Month]) -> None:
    beyond = sorted(str(month) for month in made if month not in months)
    if beyond:
        raise StoreError(
            f"the mart '{mart.name}' declares Reach.MONTH, yet a change in {', '.join(map(str, months))} gave rows of "
            f"{', '.join(beyond)}; nothing was built; correct its reach, and type: farr build"
        )


def _in_engine(task: _Task, run: Callable[[Connection], T]) -> T:
    """What `run` gives; EngineFailed where the database failed, whose own words quote values and go no further."""
    plan, name = task.plan, task.mart.name
    files = [path for read in plan.reads for side in (read.files, read.before) for paths in side.values() for path in paths]
    held = [path for paths in plan.held.values() for path in paths]
    check_keys([*files, *held], task.keys)
    with suppress(Exception), _connected(task, [*files, *held]) as connection:  # it may quote a record
        return run(connection)
    read = ", ".join(f"{read.table.name}@{read.version}" for read in plan.reads)
    raise EngineFailed(f"the mart '{name}' could not be built, and stays as it was", f"build {name}: {read}")


def _connected(task: _Task, files: Sequence[Path]) -> AbstractContextManager[Connection]:
    return connect([task.folder], files=files, limits=task.limits, keys=task.keys, sealing=task.seals)


def _write_whole(connection: Connection, task: _Task) -> tuple[int, bool]:
    """The rows written, and whether those of a mart without months are the same as before: marts that read it then need nothing."""
    for read in task.plan.reads:
        present(connection, read.table, [path for paths in read.files.values() for path in paths])
    target = task.folder / (_ROWS if task.mart.month else f"{_ROWS}{ending(task.key())}")
    rows = copy(connection, task.sql, target, task.mart.month, task.key())
    return rows, task.mart.month is None and is_same(connection, task.mart, task.plan.held.get(None, ()), [target])


def _staged(task: _Task) -> Staged:
    return sorted(task.folder.glob("*.parquet")) if task.mart.month is None else _staged_months(task)


def _staged_months(task: _Task) -> dict[Month, list[Path]]:
    months = sorted((task.folder / _ROWS).glob("*"))
    return {_month(task.mart, path.name.partition("=")[2]): sorted(path.glob("*.parquet")) for path in months}


def _month(mart: TableDeclaration, text: str | None) -> Month:
    try:
        return Month.parse(text or "")
    except PeriodError:
        pass
    raise StoreError(f"the mart '{mart.name}' has rows whose {mart.month} is no month such as 2024-05; nothing was built")
