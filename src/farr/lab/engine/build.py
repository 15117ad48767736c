"""Building a mart: one expression over the store's tables becomes the mart's live version, in one commit.

Where only some months of what it reads have changed since, only what they can reach is made again: the mart's `reach` says what
that is. The result is the same as that of building it whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import ibis.expr.operations as ops
import ibis.expr.types as ir

from farr.lab.engine.change import planned, reads_at, ruled
from farr.lab.engine.duckdb import check_keys
from farr.lab.engine.engines.embedded import Embedded, select
from farr.lab.engine.engines.engine import Engine, Making
from farr.lab.engine.errors import EngineFailed, QuestionRefused, StoreError
from farr.lab.engine.sql import keep_rule
from farr.lab.engine.store import NEVER_LOADED, Staged, Store
from farr.lab.model.durable.disk import disk_full, is_full
from farr.lab.model.period import Month, PeriodError
from farr.lab.model.reach import Reach
from farr.lab.model.table import TableDeclaration, TableKind

T = TypeVar("T")
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
    expression: ir.Table | Callable[[], ir.Table],
    reads: Sequence[TableDeclaration],
    record: Mapping[str, Any],
    *,
    may_lack: Sequence[TableDeclaration] = (),
    history: Sequence[TableDeclaration] = (),
    reach: Reach = Reach.WHOLE,
    at: Mapping[str, int | None] | None = None,
    whole: bool = False,
    engine: Engine | None = None,
) -> Built:
    """Makes the mart's live version the rows of `expression` over its reads as they are now, or at the versions that `at` names.

    `expression` has the mart's columns in their order and types (Mart.expression gives it) and reads `reads` only, of which
    `lacking` says what must be held; others that were never loaded have no rows. Only what `reach` and `history` (see Mart) say has
    changed is made, unless `whole`; where nothing has changed, the version stays. The record gains what was read, changed and written,
    why, and the engine that made it: DuckDB unless said. Where `expression` is a function, `record` must say all that its result hangs
    on: it is called only where the live version's record says anything else, or its rule was not kept.

    Raises StoreError where a table that must be held was never loaded, a row has no month or one that `reach` does not promise, or
    another build of the mart ended first; QuestionRefused for an expression that reads anything else; EngineFailed, and DiskFull.
    """
    made = _made_once(mart_table, expression, reads)
    _check_reach(mart_table, reach)
    versions = {table.name: at[table.name] if at and table.name in at else store.version(table.name) for table in reads}
    _check_loaded(mart_table, lacking(reads, may_lack, versions))
    # By DuckDB's text whatever the engine: it is the same rule, and a mart that one engine made is not made again by another.
    sql, rule = ruled(
        store, mart_table, reads, reach, {} if isinstance(expression, ir.Table) else record, lambda: select(mart_table, made())
    )
    engine = engine or Embedded()
    plan = planned(store, mart_table, reads_at(store, reads, versions, history), reach=reach, rule=rule, whole=whole)
    if plan.why is None and plan.base is not None and not plan.changed:
        return Built(version=plan.base, extent=Extent.NOTHING)
    of_plan = {"why": plan.why, "changed": plan.changed, "engine": engine.name}
    kept = {**record, "reads": versions, "reach": reach.value, "rule": rule, **of_plan}
    with store.staging(mart_table.name) as folder:
        making = Making(
            mart=mart_table, expression=made, sql=sql, plan=plan, folder=folder, reach=reach, rows=_most_rows(store, versions),
            keys=store.keys, seals=store.seals(mart_table),
        )  # fmt: skip
        built = _build_whole(store, engine, making, kept) if plan.why else _build_months(store, engine, making, kept)
        if not isinstance(expression, ir.Table):
            keep_rule(store.folder, mart_table.name, sql, folder)
        return built


def lacking(
    reads: Sequence[TableDeclaration], may_lack: Sequence[TableDeclaration], versions: Mapping[str, int | None]
) -> list[TableDeclaration]:
    """The tables read that must be held before a mart can be built, and are not: of records, or held by month (the rest adds names
    and prices where it is known), unless they are among `may_lack`; of those held by month, one at least must be held."""
    needed = [table for table in reads if table.kind is not TableKind.REFERENCE or table.month is not None]
    missing = [table for table in needed if versions[table.name] is None]
    optional = {table.name for table in may_lack}
    is_any_held = any(versions[table.name] is not None for table in needed if table.month is not None)
    return [table for table in missing if table.name not in optional] if is_any_held else missing


def _build_whole(store: Store, engine: Engine, making: Making, record: Mapping[str, Any]) -> Built:
    mart, plan = making.mart, making.plan
    rows, same = _made(store, making, engine.whole)
    staged = _staged(making)
    months = tuple(sorted(staged)) if isinstance(staged, Mapping) else ()
    record = {**record, "extent": Extent.WHOLE.value, "written": [str(month) for month in months], "rows": rows}
    if same and plan.base is not None:
        version = store.confirm(mart, {**record, "written": []}, base=plan.base)
    else:
        version = store.replace(mart, staged, record, rows=rows, whole=True, base=NEVER_LOADED if plan.base is None else plan.base)
    return Built(version=version, extent=Extent.WHOLE, why=plan.why, months=months)


def _build_months(store: Store, engine: Engine, making: Making, record: Mapping[str, Any]) -> Built:
    plan, mart = making.plan, making.mart
    if making.reach is Reach.MONTH:
        months = plan.months
        rows = _made(store, making, engine.by_month)
    else:
        named, rows = _made(store, making, engine.by_person)
        months = tuple(sorted(_month(mart, name) for name in named))
    made = _staged_months(making)
    _check_months(mart, made, months)
    staged = {month: made.get(month, []) for month in months}
    others = sum(count for month, count in store.rows_by_month(mart.name, plan.base).items() if month not in months)
    record = {**record, "extent": Extent.MONTHS.value, "written": [str(month) for month in months], "rows": others + rows}
    version = store.replace(mart, staged, record, rows=rows, base=plan.base)
    return Built(version=version, extent=Extent.MONTHS, months=months)


def _most_rows(store: Store, versions: Mapping[str, int | None]) -> int:
    return max((store.rows(name, version) for name, version in versions.items() if version is not None), default=0)


def _made_once(
    mart: TableDeclaration, expression: ir.Table | Callable[[], ir.Table], reads: Sequence[TableDeclaration]
) -> Callable[[], ir.Table]:
    """The expression, checked: at once where it is given as such."""

    @cache
    def made() -> ir.Table:
        each = expression if isinstance(expression, ir.Table) else expression()
        _check_expression(mart, each, reads)
        return each

    if isinstance(expression, ir.Table):
        made()
    return made


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


def _made(store: Store, making: Making, make: Callable[[Making], T]) -> T:
    """What `make` gives; EngineFailed where the engine failed, whose own words quote values and go no further."""
    check_keys(making.files, making.keys)
    full = False
    try:
        return make(making)
    except Exception as error:  # it may quote a record
        full = is_full(error)
    if full:
        raise disk_full(store.folder)
    for table in (*(read.table for read in making.plan.reads), making.mart):
        store.check_declared(table)  # what an earlier version of Farr loaded is named
        store.check_whole(table.name)  # and so is a damaged file
    read = ", ".join(f"{read.table.name}@{read.version}" for read in making.plan.reads)
    raise EngineFailed(f"the mart '{making.mart.name}' could not be built, and stays as it was", f"build {making.mart.name}: {read}")


def _staged(making: Making) -> Staged:
    return sorted(making.folder.glob("*.parquet")) if making.mart.month is None else _staged_months(making)


def _staged_months(making: Making) -> dict[Month, list[Path]]:
    months = sorted(making.target.glob("*"))
    return {_month(making.mart, path.name.partition("=")[2]): sorted(path.glob("*.parquet")) for path in months}


def _month(mart: TableDeclaration, text: str | None) -> Month:
    try:
        return Month.parse(text or "")
    except PeriodError:
        pass
    raise StoreError(f"the mart '{mart.name}' has rows whose {mart.month} is no month such as 2024-05; nothing was built")
