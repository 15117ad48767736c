"""Files of the store as Spark sees them: the one place where Parquet becomes rows of Spark, and rows of Spark Parquet.

Spark reads the files that the live version of a table lists, as Store gives them. It is told the columns and their types, and the
month from the folder's name, as text.
"""

import re
from collections.abc import Sequence
from functools import reduce
from pathlib import Path

import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from farr.lab.engine.spark.sql import declared, nothing
from farr.lab.model.table import TableDeclaration


def rows_of(session: SparkSession, table: TableDeclaration, files: Sequence[Path]) -> DataFrame:
    """The rows of the files, the declared columns in their order; no rows without files."""
    if not files:
        return session.sql(nothing(table))
    if table.month is None:
        return _read(session, table, files, None)
    bases = sorted({path.absolute().parent.parent for path in files})  # two where some files had to be decrypted
    parts = [_read(session, table, [path for path in files if path.absolute().parent.parent == base], base) for base in bases]
    return reduce(DataFrame.unionAll, parts)


def _read(session: SparkSession, table: TableDeclaration, files: Sequence[Path], base: Path | None) -> DataFrame:
    reader = session.read.schema(declared(table))
    if base is not None:
        reader = reader.option("basePath", _address(base, pattern=False))
    return reader.parquet(*(_address(path.absolute(), pattern=True) for path in files)).select(*(c.name for c in table.columns))


def present(session: SparkSession, table: TableDeclaration, files: Sequence[Path]) -> None:
    """Shows the files as the table's view."""
    rows_of(session, table, files).createOrReplaceTempView(table.name)


def write_months(rows: DataFrame, target: Path, month: str) -> int:
    """Writes rows to a folder a month under `target`, and gives their number."""
    # Rows of a month come together before they are written: else every task would write a file of every month.
    together = rows.hint("rebalance", month)
    together.write.partitionBy(month).parquet(_address(target.absolute(), pattern=False))
    return count(files_of(target))


def write_whole(rows: DataFrame, folder: Path, name: str) -> list[Path]:
    """Writes rows to files right under `folder`, whose names begin with `name`, and gives them."""
    made = folder / f"{name}-made"
    rows.write.parquet(_address(made.absolute(), pattern=False))
    return [path.rename(folder / f"{name}-{number:05d}.parquet") for number, path in enumerate(sorted(made.glob("*.parquet")))]


def files_of(target: Path) -> list[Path]:
    """What `write_months` wrote."""
    return sorted(target.glob("*/*.parquet"))


def count(files: Sequence[Path]) -> int:
    """How many rows files hold, as they say."""
    return sum(int(pq.read_metadata(path).num_rows) for path in files)


def _address(path: Path, *, pattern: bool) -> str:
    """The path as an address of a file system that every machine mounts. Where Spark takes paths as patterns, their signs are none."""
    text = re.sub(r"([\\*?\[\]{}])", r"\\\1", str(path)) if pattern else str(path)
    return f"file:{text}"
