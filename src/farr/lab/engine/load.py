"""Loading: rows of a raw file are laid down as text, typed and tested by expressions handed in, and staged by month.

What the expressions mean is the caller's business. Memory stays flat: rows stream from Parquet to Parquet.
"""

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from farr.lab.engine.at_rest.keys import PASSING, Keys, ending
from farr.lab.engine.duckdb import COMPRESSED, Connection, Limits, connect, give_keys, quoted, reading, written
from farr.lab.engine.errors import EngineFailed
from farr.lab.engine.sql import sql_of
from farr.lab.engine.store import Staged
from farr.lab.model.durable.disk import disk_full, is_full, replace_file
from farr.lab.model.period import Month
from farr.lab.model.table import TableDeclaration

RAW = "raw"

# A part is what one core reads at a time: with DuckDB's own size of 122,880 rows most months would keep all cores but one waiting.
_IN_PARTS = f"FORMAT parquet, {COMPRESSED}, ROW_GROUP_SIZE 40960"


@ibis.udf.scalar.builtin(name="getvariable")
def told(variable: str) -> str:  # type: ignore[empty-body]
    """What Loading.tell said of this variable: expressions that differ in nothing else are then the same."""


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

    def __init__(self, connection: Connection, folder: Path, rows: int, keys: Keys | None) -> None:
        self._connection = connection
        self._folder = folder
        self._keys = keys
        self.rows = rows

    def ask(self, expression: ir.Table) -> list[dict[str, Any]]:
        """The rows of a small answer. Raises EngineFailed."""
        cursor = self._execute(sql_of(expression), "ask")
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def tell(self, **texts: str) -> None:
        """What `told` gives in expressions from now on."""
        for name, text in texts.items():
            self._execute(f'SET VARIABLE "{name}" = {quoted(text)}', "tell")

    def take(self, steps: Sequence[tuple[str, ir.Table]]) -> None:
        """Takes steps in order, each an expression on the table named by the one before; the last is laid down on disk."""
        for name, expression in steps[:-1]:
            self._execute(f'CREATE VIEW "{name}" AS {sql_of(expression)}', name)
        name, expression = steps[-1]
        key = None if self._keys is None else PASSING
        path = self._folder / f"{name}{ending(key)}"
        self._execute(f"COPY ({sql_of(expression)}) TO {quoted(path)} ({_IN_PARTS}{written(key)})", name)
        self._execute(f'CREATE VIEW "{name}" AS FROM {reading([path])}', name)

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
            replace_file(to, written.read_bytes())
        counted = f'SELECT "column", rule, reason, count(*) FROM ({one}) JOIN rules USING (position) GROUP BY ALL ORDER BY 4 DESC, 1, 2'
        found = self._execute(counted, "failures").fetchall()
        return [Failure(column=column, rule=rule, reason=reason, rows=int(rows)) for column, rule, reason, rows in found]

    def stage(self, table: TableDeclaration, expression: ir.Table) -> Staged:
        """Writes rows that have the table's columns as Parquet, a folder a month, for Store.replace."""
        if table.month is None:
            path = self._folder / "staged.parquet"
            self._execute(f"COPY ({sql_of(expression)}) TO {quoted(path)} (FORMAT parquet, {COMPRESSED})", "stage")
            return [path]
        target = self._folder / "staged"
        key = self._key_of_months(table.month, expression)
        pattern = f"data_{{i}}{ending(key).removesuffix('.parquet')}"
        options = f"FORMAT parquet, {COMPRESSED}, PARTITION_BY ({table.month}), FILENAME_PATTERN {quoted(pattern)}{written(key)}"
        self._execute(f"COPY ({sql_of(expression)}) TO {quoted(target)} ({options})", "stage")
        return {Month.parse(folder.name.partition("=")[2]): sorted(folder.glob("*.parquet")) for folder in sorted(target.iterdir())}

    def rows_of(self, staged: Staged) -> dict[Month, int]:
        """How many rows were staged of each month; empty for a table without months."""
        if not isinstance(staged, Mapping):
            return {}
        return {month: self._rows(paths) for month, paths in sorted(staged.items())}

    def _rows(self, files: Sequence[Path]) -> int:
        fetched = self._execute(f"SELECT count(*) FROM {reading(files)}", "count").fetchone()
        return 0 if fetched is None else int(fetched[0])

    def _key_of_months(self, month: str, expression: ir.Table) -> str | None:
        if self._keys is None:
            return None
        held = self._execute(f'SELECT DISTINCT "{month}" FROM ({sql_of(expression)})', "stage").fetchall()
        name = self._keys.name_for([Month.parse(each) for (each,) in held])
        give_keys(self._connection, self._keys, [name])
        return name

    def _execute(self, sql: str, step: str) -> Connection:
        full = False
        try:
            return self._connection.execute(sql)
        except Exception as error:  # whatever it is, it may quote a record
            full = is_full(error)
        if full:
            raise disk_full(self._folder)
        raise EngineFailed("the file could not be read by the database, and nothing was loaded", f"load, {step}")


@contextmanager
def loading(
    folder: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema, *, limits: Limits | None = None, keys: Keys | None = None
) -> Generator[Loading]:
    """Lays the rows of `batches` down under `folder`, which is the caller's to remove, and opens them as the table 'raw'. With `keys`,
    nothing of it lies there unencrypted."""
    key = None if keys is None else PASSING
    path = folder / f"{RAW}{ending(key)}"
    with connect([folder], limits=limits, keys=keys, sealing=keys is not None) as connection:
        rows = _lay_down(connection, batches, schema, path, key)
        connection.execute(f"CREATE VIEW {RAW} AS FROM {reading([path])}")
        yield Loading(connection, folder, rows, keys)


def _lay_down(connection: Connection, batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path, key: str | None) -> int:
    """Streams the batches into a file; how many rows. Raises what `batches` raises."""
    raised: list[Exception] = []

    def until_it_fails() -> Generator[pa.RecordBatch]:
        try:
            yield from batches
        except Exception as error:
            # The database would tell it anew in its own words.
            raised.append(error)
            raise

    copied: int | None = None
    full = False
    try:
        reader: Any = pa.ipc.RecordBatchReader.from_batches(schema, until_it_fails())
        connection.register("batches", reader)
        fetched = connection.execute(f"COPY (FROM batches) TO {quoted(path)} ({_IN_PARTS}{written(key)})").fetchone()
        connection.unregister("batches")
        copied = 0 if fetched is None else int(fetched[0])
    except Exception as error:  # it may quote a record
        full = is_full(error)
    if raised:
        raise raised[0]
    if full:
        raise disk_full(path.parent)
    if copied is None:
        raise EngineFailed("the file's rows could not be laid down, and nothing was loaded", "load, raw")
    return copied


def months_of(staged: Staged) -> tuple[Month, ...]:
    return tuple(sorted(staged)) if isinstance(staged, Mapping) else ()


def _rules_table(rules: Sequence[tuple[str, str, str]]) -> str:
    values = ", ".join(f"({number}, {', '.join(quoted(part) for part in rule)})" for number, rule in enumerate(rules))
    return f'CREATE OR REPLACE TEMP TABLE rules AS FROM (VALUES {values}) AS listed(position, "column", rule, reason)'
