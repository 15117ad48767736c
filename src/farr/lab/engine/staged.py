"""What is checked of a staged Parquet file before Delta registers it, because registration checks nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.engine.errors import StoreError
from farr.lab.model.period import Month
from farr.lab.model.table import TableDeclaration


@dataclass(frozen=True, kw_only=True)
class StagedFile:
    """A checked Parquet file: where it lies, the month of its rows (None in a table without months), and how many rows."""

    path: Path
    month: Month | None
    rows: int


def checked(path: Path, table: TableDeclaration, month: Month | None) -> StagedFile:
    """Raises StoreError unless the file has the table's columns, in their order and of their types. The month column may be
    left out (the folder says it); where it is there, every row must be of `month`."""
    metadata = _metadata(path, table)
    found: pa.Schema = metadata.schema.to_arrow_schema()
    inside = table.month is not None and table.month in found.names
    expected = [(field.name, field.type) for field in table.schema.to_pyarrow() if inside or field.name != table.month]
    _check_columns(table, expected, [(field.name, field.type) for field in found])
    if inside:
        _check_month(table, metadata, str(month))
    return StagedFile(path=path, month=month, rows=int(metadata.num_rows))


def check_rows(table: TableDeclaration, files: Sequence[StagedFile], rows: int | None) -> None:
    """Raises StoreError unless the files hold `rows` rows together (None: not known beforehand)."""
    staged = sum(file.rows for file in files)
    if rows is not None and staged != rows:
        raise StoreError(
            f"table '{table.name}': {rows} rows were to be staged and the staged files hold {staged}; nothing was loaded; "
            "check that the disk is not full, and load again"
        )


def _metadata(path: Path, table: TableDeclaration) -> pq.FileMetaData:
    try:
        return pq.read_metadata(path)
    except (OSError, pa.ArrowException):
        pass
    raise StoreError(f"table '{table.name}': the staged file {path.name} is not whole Parquet; nothing was loaded; load again")


def _check_columns(table: TableDeclaration, expected: list[tuple[str, pa.DataType]], found: list[tuple[str, pa.DataType]]) -> None:
    if found == expected:
        return
    names, found_names = [name for name, _ in expected], [name for name, _ in found]
    if names != found_names:
        wrong = [name for name in names if name not in found_names] + [name for name in found_names if name not in names]
        what = f"lacks or adds {', '.join(wrong)}" if wrong else "has its columns in another order"
    else:
        name, wanted, got = next((e[0], e[1], f[1]) for e, f in zip(expected, found, strict=True) if e != f)
        what = f"has {name} as {got}, which is declared as {wanted}"
    raise StoreError(f"table '{table.name}': a staged file {what}; nothing was loaded; cast the columns to the table's declaration")


def _check_month(table: TableDeclaration, metadata: pq.FileMetaData, month: str) -> None:
    index = metadata.schema.to_arrow_schema().names.index(table.month)
    for group in range(metadata.num_row_groups):
        statistics = metadata.row_group(group).column(index).statistics
        known = statistics is not None and statistics.has_min_max and not statistics.null_count
        if statistics is None or not known or (statistics.min, statistics.max) != (month, month):
            raise StoreError(
                f"table '{table.name}': a file staged for {month} has rows of another month; nothing was loaded; "
                f"stage each month apart, or leave {table.month} out of the files"
            )
