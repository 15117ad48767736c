"""The rows of a mart that a change can reach, on Spark: the same steps as engine/increment.py takes on DuckDB.

Rows are compared by their number and the sum of their hashes (64 bits), by person or by month. Spark's hash passes over nulls, so
whether a column is null is hashed beside it.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from pathlib import Path

import pyspark.sql.functions as f
from pyspark.sql import Column, DataFrame, SparkSession

from farr.lab.engine.change import Read
from farr.lab.engine.engines.engine import Making
from farr.lab.engine.spark.files import files_of, rows_of, write_months
from farr.lab.model.table import TableDeclaration


def by_person(session: SparkSession, making: Making, made_of: Callable[[], DataFrame]) -> tuple[list[str | None], int]:
    """As Engine.by_person; `made_of` gives the mart's rows of the views that are there when it is called."""
    mart, plan = making.mart, making.plan
    affected = _affected(session, [read for read in plan.reads if read.changed]).persist()
    try:
        if affected.isEmpty():
            return [], 0
        for read in plan.reads:
            _present_affected(session, read, affected)
        made_at = making.folder / "made"
        write_months(made_of(), made_at, _named(mart.month))
        made, held = rows_of(session, mart, files_of(made_at)), rows_of(session, mart, _all(plan.held.values()))
        of_them = _of(held, mart, affected, "left_semi")
        months = sorted((row[0] for row in unequal(mart, of_them, made, mart.month).collect()), key=str)
        if not months:
            return [], 0
        kept = rows_of(session, mart, [path for month, paths in plan.held.items() if str(month) in months for path in paths])
        named = [month for month in months if month is not None]
        written = _of(kept, mart, affected, "left_anti").unionByName(made.where(f.col(_named(mart.month)).isin(named)))
        return months, write_months(written, making.target, _named(mart.month))
    finally:
        affected.unpersist()


def unequal(table: TableDeclaration, before: DataFrame, after: DataFrame, part: str | None) -> DataFrame:
    """The parts (persons or months; the whole, where `part` is None) whose rows are not the same on both sides."""
    both = _marked(table, before, part, -1).unionByName(_marked(table, after, part, 1))
    summed = both.groupBy("part").agg(f.sum("sign").alias("rows"), f.sum("mark").alias("marks"))
    return summed.where((f.col("rows") != 0) | (f.col("marks") != 0)).select("part")


def _marked(table: TableDeclaration, rows: DataFrame, part: str | None, sign: int) -> DataFrame:
    columns = [column for each in table.columns for column in (f.col(each.name).isNull(), f.col(each.name))]
    mark = f.xxhash64(f.xxhash64(*columns)).cast("decimal(20, 0)")
    of: Column = f.lit(None).cast("string") if part is None else f.col(part)
    return rows.select(of.alias("part"), f.lit(sign).alias("sign"), (mark * f.lit(sign)).alias("mark"))


def _affected(session: SparkSession, changed: Sequence[Read]) -> DataFrame:
    """The persons some of whose rows differ, a null among them where rows of persons not known do."""
    found = [
        unequal(
            read.table,
            rows_of(session, read.table, read.of_before(read.changed)),
            rows_of(session, read.table, read.of(read.changed)),
            read.table.person,
        )
        for read in changed
    ]
    return reduce(DataFrame.unionByName, found).distinct()


def _present_affected(session: SparkSession, read: Read, affected: DataFrame) -> None:
    rows = rows_of(session, read.table, _all(read.files.values()))
    of_persons = read.table.person is not None and read.table.month is not None
    (_of(rows, read.table, affected, "left_semi") if of_persons else rows).createOrReplaceTempView(read.table.name)


def _of(rows: DataFrame, table: TableDeclaration, affected: DataFrame, how: str) -> DataFrame:
    # A null, the group of persons not known, must match itself.
    return rows.join(affected, rows[_named(table.person)].eqNullSafe(affected["part"]), how)


def _all(held: Iterable[Sequence[Path]]) -> list[Path]:
    return [path for paths in held for path in paths]


def _named(column: str | None) -> str:
    if column is None:
        raise ValueError("a mart that is built by person has a person and a month")
    return column
