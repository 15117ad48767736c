"""Apache Spark as an engine of the lab."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession

from farr.lab.engine.at_rest.keys import Keys
from farr.lab.engine.at_rest.rekey import plain_copies
from farr.lab.engine.change import Files
from farr.lab.engine.engines.engine import Answering, Making
from farr.lab.engine.spark.files import count, present, rows_of, write_months, write_whole
from farr.lab.engine.spark.increment import by_person, unequal
from farr.lab.engine.spark.sql import sql_of, steps_of, typed
from farr.lab.engine.spark.start import session
from farr.lab.model.period import Month
from farr.lab.model.table import TableDeclaration


@ibis.udf.scalar.builtin(name="xxhash64")
def _mark(text: str) -> int:  # type: ignore[empty-body]
    """Spark's hash of 64 bits; of a null it is a number too."""


class _Answering:
    def __init__(self, spark: SparkSession, kept: Callable[[str, str], None]) -> None:
        self._spark, self._kept = spark, kept

    def run(self, sql: str) -> pa.Table:
        return self._spark.sql(sql).toArrow()

    def keep(self, name: str, sql: str, codes: Sequence[str], coded: str, *, fits: bool) -> None:
        self._kept(name, sql)


class Distributed:
    """Spark on this machine, or on the cluster that FARR_SPARK_MASTER names; a session of its own for each question and each mart."""

    name = "spark"

    def largest(self, column: str, many: int) -> str:
        return f"max_by({column}, {column}, {many})"  # since Spark 4.2

    def mark(self, text: ir.StringValue) -> ir.IntegerValue:
        return _mark(text)

    def sql(self, expression: ir.Table) -> str:
        return sql_of(expression)

    @contextmanager
    def answering(self, table: TableDeclaration, files: Sequence[Path], keys: Keys | None) -> Generator[Answering]:
        spark = session()
        with plain_copies(files, keys, Path(gettempdir())) as copies, _keeping(spark) as kept:
            present(spark, table, [copies[path] for path in files])
            yield _Answering(spark, kept)

    def whole(self, making: Making) -> tuple[int, bool]:
        with _readable(making) as readable:
            return self._whole(readable)

    def by_month(self, making: Making) -> int:
        with _readable(making) as readable:
            return self._by_month(readable)

    def by_person(self, making: Making) -> tuple[list[str | None], int]:
        spark = session()
        with _readable(making) as readable, _keeping(spark) as kept:
            return by_person(spark, readable, lambda: _rows(spark, readable, kept))

    def _whole(self, making: Making) -> tuple[int, bool]:
        spark, mart = session(), making.mart
        for read in making.plan.reads:
            present(spark, read.table, [path for paths in read.files.values() for path in paths])
        with _keeping(spark) as kept:
            rows = _rows(spark, making, kept)
            if mart.month is not None:
                return write_months(rows, making.target, mart.month), False
            files = write_whole(rows, making.folder, making.target.name)
        return count(files), _is_same(spark, mart, making.plan.held.get(None, ()), files)

    def _by_month(self, making: Making) -> int:
        spark, plan = session(), making.plan
        for read in plan.reads:
            months: Sequence[Month | None] = plan.months if read.table.month else (None,)
            present(spark, read.table, read.of(months))
        with _keeping(spark) as kept:
            return write_months(_rows(spark, making, kept), making.target, str(making.mart.month))


@contextmanager
def _readable(making: Making) -> Generator[Making]:
    """The same with every file that it reads unencrypted, as Spark must have them, until the block ends."""
    with plain_copies(list(dict.fromkeys(making.files)), making.keys, Path(gettempdir())) as copies:

        def copied(files: Files) -> Files:
            return {month: [copies[path] for path in paths] for month, paths in files.items()}

        reads = tuple(replace(read, files=copied(read.files), before=copied(read.before)) for read in making.plan.reads)
        yield replace(making, plan=replace(making.plan, reads=reads, held=copied(making.plan.held)))


def _rows(spark: SparkSession, making: Making, kept: Callable[[str, str], None]) -> DataFrame:
    shared, query = steps_of(making.expression())
    for name, sql in shared.items():
        kept(name, sql)
    return spark.sql(f"SELECT {typed(making.mart)} FROM ({query})")


@contextmanager
def _keeping(spark: SparkSession) -> Generator[Callable[[str, str], None]]:
    """Makes views whose rows are worked out once, when they are first read, and held until the block ends: in memory, and what does not
    fit on Spark's own disk, which it encrypts (start.py)."""
    held: list[DataFrame] = []

    def keep(name: str, sql: str) -> None:
        rows = spark.sql(sql).persist(StorageLevel.MEMORY_AND_DISK)
        held.append(rows)
        rows.createOrReplaceTempView(name)

    try:
        yield keep
    finally:
        for rows in held:
            rows.unpersist()


def _is_same(spark: SparkSession, table: TableDeclaration, before: Sequence[Path], after: Sequence[Path]) -> bool:
    """Whether both sets of files hold the same rows; never where there were no files before."""
    return bool(before) and unequal(table, rows_of(spark, table, before), rows_of(spark, table, after), None).isEmpty()
