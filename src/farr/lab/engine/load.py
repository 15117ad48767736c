"""Loading: rows of a raw file are laid down as text, typed and tested by expressions handed in, and staged by month.

What the expressions mean is the caller's business. Memory stays flat: rows stream from Parquet to Parquet.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.engine.duckdb import Connection, Limits, connect, quoted
from farr.lab.engine.errors import EngineFailed
from farr.lab.engine.sql import sql_of
from farr.lab.engine.store import Staged
from farr.lab.model.period import Month
from farr.lab.model.table import TableDeclaration

RAW = "raw"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """How many rows failed one test."""

    column: str
    rule: str
    reason: str
    rows: int


class Loading:
    """One file on its way into the store. `rows` is how many the file has. Tables known to expressions: 'raw' (row_number,
    row_problem and text columns), and each step that was taken."""

    def __init__(self, connection: Connection, folder: Path, rows: int) -> None:
        self._connection = connection
        self._folder = folder
        self.rows = rows

    def ask(self, expression: ir.Table) -> list[dict[str, Any]]:
        """The rows of a small answer. Raises EngineFailed."""
        cursor = self._execute(sql_of(expression), "ask")
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def take(self, steps: Sequence[tuple[str, ir.Table]]) -> None:
        """Takes steps in order, each an expression on the table named by the one before; the last is laid down on disk."""
        for name, expression in steps[:-1]:
            self._execute(f'CREATE VIEW "{name}" AS {sql_of(expression)}', name)
        name, expression = steps[-1]
        path = self._folder / f"{name}.parquet"
        self._execute(f"COPY ({sql_of(expression)}) TO {quoted(path)} (FORMAT parquet)", name)
        self._execute(f'CREATE VIEW "{name}" AS FROM read_parquet({quoted(path)})', name)

    def count(self, expression: ir.Table) -> int:
        fetched = self._execute(f"SELECT count(*) FROM ({sql_of(expression)})", "count").fetchone()
        return 0 if fetched is None else int(fetched[0])

    def duplicates(self, expression: ir.Table, key: Sequence[str], most: int = 5) -> tuple[int, list[int]]:
        """How many rows of `expression` (with row_number) repeat the key of an earlier one, and the numbers of the first few."""
        columns = ", ".join(f'"{name}"' for name in key)
        ranked = f"SELECT row_number, row_number() OVER (PARTITION BY {columns} ORDER BY row_number) AS place FROM ({sql_of(expression)})"
        repeated = f"FROM ({ranked}) WHERE place > 1"
        fetched = self._execute(f"SELECT count(*) {repeated}", "duplicates").fetchone()
        first = self._execute(f"SELECT row_number {repeated} ORDER BY 1 LIMIT {int(most)}", "duplicates").fetchall()
        return (0 if fetched is None else int(fetched[0])), [int(row[0]) for row in first]

    def failures(self, checked: str, failed: str, rules: Sequence[tuple[str, str, str]], to: Path | None) -> list[Failure]:
        """How many rows of step `checked` failed each of `rules` (column, rule, reason), whose positions its array column
        `failed` holds; and, where `to` is given, one line a failure there as CSV: row, column, rule, reason, never a value."""
        self._execute(_rules_table(rules), "rules")
        one = f'SELECT row_number AS "row", unnest("{failed}") AS position FROM "{checked}"'
        if to is not None:
            lines = f'SELECT "row", "column", rule, reason FROM ({one}) JOIN rules USING (position) ORDER BY "row", position'
            written = self._folder / "quarantine.csv"
            self._execute(f"COPY ({lines}) TO {quoted(written)} (FORMAT csv, HEADER)", "quarantine")
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(written.read_bytes())
        counted = f'SELECT "column", rule, reason, count(*) FROM ({one}) JOIN rules USING (position) GROUP BY ALL ORDER BY 4 DESC, 1, 2'
        found = self._execute(counted, "failures").fetchall()
        return [Failure(column=column, rule=rule, reason=reason, rows=int(rows)) for column, rule, reason, rows in found]

    def stage(self, table: TableDeclaration, expression: ir.Table) -> Staged:
        """Writes rows that have the table's columns as Parquet, a folder a month, for Store.replace."""
        if table.month is None:
            path = self._folder / "staged.parquet"
            self._execute(f"COPY ({sql_of(expression)}) TO {quoted(path)} (FORMAT parquet, COMPRESSION zstd)", "stage")
            return [path]
        target = self._folder / "staged"
        options = f"FORMAT parquet, COMPRESSION zstd, PARTITION_BY ({table.month})"
        self._execute(f"COPY ({sql_of(expression)}) TO {quoted(target)} ({options})", "stage")
        return {Month.parse(folder.name.partition("=")[2]): sorted(folder.glob("*.parquet")) for folder in sorted(target.iterdir())}

    def _execute(self, sql: str, step: str) -> Connection:
        result: Connection | None = None
        with suppress(Exception):  # whatever it is, it may quote a record
            result = self._connection.execute(sql)
        if result is None:
            raise EngineFailed("the file could not be read by the database, and nothing was loaded", f"load, {step}")
        return result


@contextmanager
def loading(folder: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema, *, limits: Limits | None = None) -> Generator[Loading]:
    """Lays the rows of `batches` down under `folder`, which is the caller's to remove, and opens them as the table 'raw'."""
    path = folder / "raw.parquet"
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            rows += len(batch)
    with connect([folder], limits=limits) as connection:
        connection.execute(f"CREATE VIEW {RAW} AS FROM read_parquet({quoted(path)})")
        yield Loading(connection, folder, rows)


def months_of(staged: Staged) -> tuple[Month, ...]:
    return tuple(sorted(staged)) if isinstance(staged, Mapping) else ()


def rows_of(staged: Staged) -> dict[Month, int]:
    """How many rows were staged of each month; empty for a table without months."""
    if not isinstance(staged, Mapping):
        return {}
    return {month: sum(int(pq.read_metadata(path).num_rows) for path in paths) for month, paths in sorted(staged.items())}


def _rules_table(rules: Sequence[tuple[str, str, str]]) -> str:
    values = ", ".join(f"({number}, {', '.join(quoted(part) for part in rule)})" for number, rule in enumerate(rules))
    return f'CREATE OR REPLACE TEMP TABLE rules AS FROM (VALUES {values}) AS listed(position, "column", rule, reason)'
