"""Building a mart: one expression over the store's tables becomes the mart's live version, whole and in one commit."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from farr.lab.engine.duckdb import Connection, Limits, connect, present, quoted
from farr.lab.engine.errors import EngineFailed, QuestionRefused, StoreError
from farr.lab.engine.store import Staged, Store
from farr.lab.model.period import Month, PeriodError
from farr.lab.model.table import TableDeclaration, TableKind

_ROWS = "rows"
_FOREIGN = (ops.ScalarUDF, ops.AggUDF, ops.SQLQueryResult, ops.SQLStringView, ops.InMemoryTable, ops.DatabaseTable)


def build(
    store: Store,
    mart_table: TableDeclaration,
    expression: ir.Table,
    reads: Sequence[TableDeclaration],
    record: Mapping[str, Any],
    *,
    limits: Limits | None = None,
) -> int:
    """Replaces the whole mart with the rows of `expression` and gives its new version. Months it no longer has are removed.

    `expression` has the mart's columns in their order and types (Mart.expression gives it) and reads `reads` only. A reference
    table that was never loaded has no rows; the versions read are added to the record as `reads`. Raises StoreError where a
    table of records was never loaded or a row has no month, QuestionRefused for an expression that reads anything else, and
    EngineFailed.
    """
    _check_expression(mart_table, expression, reads)
    versions = {table.name: store.version(table.name) for table in reads}
    _check_loaded(mart_table, reads, versions)
    files = {table.name: store.files(table.name, versions[table.name]) for table in reads}
    with store.staging(mart_table.name) as folder:
        every = [path for paths in files.values() for path in paths]
        with connect([folder], files=every, limits=limits) as connection:
            rows = _write(connection, mart_table, expression, [(table, files[table.name]) for table in reads], folder)
        if rows is None:
            read = ", ".join(f"{name}@{version}" for name, version in versions.items())
            raise EngineFailed(f"the mart '{mart_table.name}' could not be built, and stays as it was", f"build {mart_table.name}: {read}")
        return store.replace(mart_table, _staged(mart_table, folder), {**record, "reads": versions, "rows": rows}, rows=rows, whole=True)


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


def _check_loaded(mart: TableDeclaration, reads: Sequence[TableDeclaration], versions: Mapping[str, int | None]) -> None:
    missing = [table for table in reads if versions[table.name] is None]
    needed = missing if len(missing) == len(reads) else [table for table in missing if table.kind is not TableKind.REFERENCE]
    for table in needed:
        how = "farr build" if table.kind is TableKind.MART else "farr ingest FILE"
        raise StoreError(f"the mart '{mart.name}' needs the table '{table.name}', which was never loaded; type: {how}")


def _write(
    connection: Connection, mart: TableDeclaration, expression: ir.Table, reads: Sequence[tuple[TableDeclaration, list[Path]]], folder: Path
) -> int | None:
    """The number of rows written, None where the engine failed: its own error quotes values, and goes no further."""
    partition = f", PARTITION_BY ({mart.month})" if mart.month else ""
    target = folder / _ROWS if mart.month else folder / f"{_ROWS}.parquet"
    try:
        for table, files in reads:
            present(connection, table, files)
        sql = ibis.to_sql(expression, dialect="duckdb")
        copied = connection.execute(f"COPY ({sql}) TO {quoted(target)} (FORMAT parquet, COMPRESSION zstd{partition})").fetchone()
    except Exception:  # whatever it is, it may quote a record
        return None
    return None if copied is None else int(copied[0])


def _staged(mart: TableDeclaration, folder: Path) -> Staged:
    if mart.month is None:
        return sorted(folder.glob("*.parquet"))
    months = sorted((folder / _ROWS).glob("*"))
    return {_month(mart, path): sorted(path.glob("*.parquet")) for path in months}


def _month(mart: TableDeclaration, folder: Path) -> Month:
    try:
        return Month.parse(folder.name.partition("=")[2])
    except PeriodError:
        pass
    raise StoreError(f"the mart '{mart.name}' has rows whose {mart.month} is no month such as 2024-05; nothing was built")
