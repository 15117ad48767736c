"""Apache Spark as an engine of the lab."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from farr.lab.engine.engines.engine import Making, Run
from farr.lab.engine.spark.files import count, present, rows_of, write_months, write_whole
from farr.lab.engine.spark.increment import by_person, unequal
from farr.lab.engine.spark.sql import sql_of, typed
from farr.lab.engine.spark.start import session
from farr.lab.model.period import Month
from farr.lab.model.table import TableDeclaration


@ibis.udf.agg.builtin(name="max_by")
def _largest(value: float, by: float, many: int) -> list[float]:  # type: ignore[empty-body]
    """Spark's max_by(value, by, k), since 4.2: the values of the k largest `by`, in descending order."""


class Distributed:
    """Spark on this machine, or on the cluster that FARR_SPARK_MASTER names; a session of its own for each question and each mart."""

    name = "spark"

    def largest(self, value: ir.NumericValue, many: int) -> ir.Value:
        return _largest(value, value, many)

    def sql(self, expression: ir.Table) -> str:
        return sql_of(expression)

    @contextmanager
    def answering(self, table: TableDeclaration, files: Sequence[Path]) -> Generator[Run]:
        spark = session()
        present(spark, table, files)

        def run(sql: str) -> pa.Table:
            return spark.sql(sql).toArrow()

        yield run

    def whole(self, making: Making) -> tuple[int, bool]:
        spark, mart = session(), making.mart
        for read in making.plan.reads:
            present(spark, read.table, [path for paths in read.files.values() for path in paths])
        if mart.month is not None:
            return write_months(_rows(spark, making), making.target, mart.month), False
        files = write_whole(_rows(spark, making), making.folder, making.target.name)
        return count(files), _is_same(spark, mart, making.plan.held.get(None, ()), files)

    def by_month(self, making: Making) -> int:
        spark, plan = session(), making.plan
        for read in plan.reads:
            months: Sequence[Month | None] = plan.months if read.table.month else (None,)
            present(spark, read.table, read.of(months))
        return write_months(_rows(spark, making), making.target, str(making.mart.month))

    def by_person(self, making: Making) -> tuple[list[str | None], int]:
        spark = session()
        return by_person(spark, making, lambda: _rows(spark, making))


def _rows(spark: SparkSession, making: Making) -> DataFrame:
    return spark.sql(f"SELECT {typed(making.mart)} FROM ({sql_of(making.expression)})")


def _is_same(spark: SparkSession, table: TableDeclaration, before: Sequence[Path], after: Sequence[Path]) -> bool:
    """Whether both sets of files hold the same rows; never where there were no files before."""
    return bool(before) and unequal(table, rows_of(spark, table, before), rows_of(spark, table, after), None).isEmpty()
