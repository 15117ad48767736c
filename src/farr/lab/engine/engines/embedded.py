"""DuckDB, inside the process: the engine that needs nothing but Farr, and the one where nothing is said."""

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pyarrow as pa

from farr.lab.engine.at_rest.keys import Keys, ending
from farr.lab.engine.duckdb import Connection, Limits, connect, named, present, typed
from farr.lab.engine.engines.engine import Answering, Making
from farr.lab.engine.increment import at_once, by_month, by_person, copy, is_same
from farr.lab.engine.sql import sql_of
from farr.lab.model.period import Month
from farr.lab.model.reach import Reach
from farr.lab.model.table import TableDeclaration


@ibis.udf.scalar.builtin(name="hash")
def _hash(text: str) -> dt.uint64:  # type: ignore[empty-body, valid-type]
    """DuckDB's hash, of 64 bits; of a null it is a number too."""


_BYTES_KEPT, _BYTES_A_VALUE = 2_000_000_000, 12  # of a mart's rows while they are written


class _Answering:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def run(self, sql: str) -> pa.Table:
        answer: Any = self._connection.execute(sql)
        return answer.to_arrow_table()

    def keep(self, name: str, sql: str, codes: Sequence[str], coded: str, *, fits: bool) -> None:
        if not fits:
            self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {named(name)} AS {sql}")
            return
        # Codes as numbers of a list: rows then take a fraction of the memory, and of the time to be grouped.
        lists = ", ".join(f"list(DISTINCT {named(code)}) AS {named(code)}" for code in codes)
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE codes AS SELECT {lists} FROM ({coded})")
        for code in codes:
            self._connection.execute(f"CREATE TYPE {named(f'{name} {code}')} AS ENUM (SELECT unnest({named(code)}) FROM codes)")
        numbered = ", ".join(f"CAST({named(code)} AS {named(f'{name} {code}')}) AS {named(code)}" for code in codes)
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {named(name)} AS SELECT * REPLACE ({numbered}) FROM ({sql})")


class Embedded:
    """DuckDB within `limits`, on a connection of its own for each question and each mart."""

    name = "duckdb"

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits

    def largest(self, column: str, many: int) -> str:
        return f"max({column}, {many})"  # the n largest

    def mark(self, text: ir.StringValue) -> ir.IntegerValue:
        unsigned: Any = _hash(text)
        return (unsigned >> 1).cast("int64")

    def sql(self, expression: ir.Table) -> str:
        return str(ibis.to_sql(expression, dialect="duckdb", pretty=False))

    @contextmanager
    def answering(self, table: TableDeclaration, files: Sequence[Path], keys: Keys | None) -> Generator[Answering]:
        with connect(files=files, limits=self._limits, keys=keys) as connection:
            present(connection, table, files)
            yield _Answering(connection)

    def whole(self, making: Making) -> tuple[int, bool]:
        mart, plan = making.mart, making.plan
        if making.reach is Reach.MONTH:
            every = {month for read in plan.reads for month in read.files if month is not None}
            return self._months(making, sorted(every)), False
        with self._making(making) as connection:
            for read in plan.reads:
                present(connection, read.table, [path for paths in read.files.values() for path in paths])
            if mart.month is not None and making.seals and _fits(making):
                return at_once(connection, mart, making.sql, making.target, making.key), False
            target = making.target if mart.month else making.target.with_name(f"{making.target.name}{ending(making.key())}")
            rows = copy(connection, making.sql, target, mart.month, making.key())
            return rows, mart.month is None and is_same(connection, mart, plan.held.get(None, ()), [target])

    def by_month(self, making: Making) -> int:
        return self._months(making, making.plan.months)

    def _months(self, making: Making, months: Sequence[Month]) -> int:
        # A month is written with its year's key at once; else it would be written twice.
        with self._making(making) as connection:
            return by_month(connection, making.mart, making.sql, making.plan.reads, months, making.target, making.key)

    def by_person(self, making: Making) -> tuple[list[str | None], int]:
        with self._making(making) as connection:
            return by_person(connection, making.mart, making.sql, making.plan, making.folder, making.key)

    def _making(self, making: Making) -> AbstractContextManager[Connection]:
        return connect([making.folder], files=making.files, limits=self._limits, keys=making.keys, sealing=making.seals, ordered=False)


def _fits(making: Making) -> bool:
    """Whether the rows made may be held in memory: a mart has hardly more of them than the largest table that it reads."""
    return making.rows * len(making.mart.columns) * _BYTES_A_VALUE <= _BYTES_KEPT


def select(mart: TableDeclaration, expression: ir.Table) -> str:
    """The mart's rows as a query. Cast once more, because DuckDB's own types are wider than Ibis takes them for: a sum of int64 is a
    HUGEINT."""
    return f"SELECT {typed(mart)} FROM ({sql_of(expression)})"
