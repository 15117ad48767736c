"""What is checked of a staged Parquet file before Delta registers it, because registration checks nothing."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.engine.at_rest.keys import Keys, key_name
from farr.lab.engine.duckdb import Connection, connect, reading
from farr.lab.engine.errors import StoreError
from farr.lab.model.period import Month
from farr.lab.model.table import TableDeclaration


@dataclass(frozen=True, kw_only=True)
class StagedFile:
    """A checked Parquet file: where it lies, the month of its rows (None in a table without months), and how many rows."""

    path: Path
    month: Month | None
    rows: int


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What a file says of itself: its columns, its rows, and (given the month column) the months of its rows, None for not known."""

    schema: pa.Schema
    rows: int
    months: set[str | None]


def checked_all(table: TableDeclaration, files: Sequence[tuple[Month | None, Path]], keys: Keys | None) -> list[StagedFile]:
    """Each file as `checked` gives it; encrypted ones are looked at by the database, in one connection."""
    sealed = [path for _, path in files if key_name(path) is not None]
    if not sealed:
        return [_checked(table, month, path, _plain_facts(path, table)) for month, path in files]
    with connect(files=sealed, keys=keys) as connection:
        facts = {path: _sealed_facts(connection, path, table) for path in sealed}
    return [_checked(table, month, path, facts[path] if path in facts else _plain_facts(path, table)) for month, path in files]


def checked(path: Path, table: TableDeclaration, month: Month | None) -> StagedFile:
    """Raises StoreError unless the file has the table's columns, in their order and of their types. The month column may be
    left out (the folder says it); where it is there, every row must be of `month`."""
    return checked_all(table, [(month, path)], None)[0]


def _checked(table: TableDeclaration, month: Month | None, path: Path, facts: _Facts) -> StagedFile:
    inside = table.month is not None and table.month in facts.schema.names
    expected = [(field.name, field.type) for field in table.schema.to_pyarrow() if inside or field.name != table.month]
    _check_columns(table, expected, [(field.name, field.type) for field in facts.schema])
    if inside and facts.months != {str(month)}:
        raise StoreError(
            f"table '{table.name}': a file staged for {month} has rows of another month; nothing was loaded; "
            f"stage each month apart, or leave {table.month} out of the files"
        )
    return StagedFile(path=path, month=month, rows=facts.rows)


def check_rows(table: TableDeclaration, files: Sequence[StagedFile], rows: int | None) -> None:
    """Raises StoreError unless the files hold `rows` rows together (None: not known beforehand)."""
    staged = sum(file.rows for file in files)
    if rows is not None and staged != rows:
        raise StoreError(
            f"table '{table.name}': {rows} rows were to be staged and the staged files hold {staged}; nothing was loaded; "
            "check that the disk is not full, and load again"
        )


def _plain_facts(path: Path, table: TableDeclaration) -> _Facts:
    try:
        metadata = pq.read_metadata(path)
    except (OSError, pa.ArrowException):
        raise _not_whole(path, table) from None
    schema: pa.Schema = metadata.schema.to_arrow_schema()
    months = _months(metadata, schema.names.index(table.month)) if table.month in schema.names else set[str | None]()
    return _Facts(schema=schema, rows=int(metadata.num_rows), months=months)


def _months(metadata: pq.FileMetaData, index: int) -> set[str | None]:
    found: set[str | None] = set()
    for group in range(metadata.num_row_groups):
        statistics = metadata.row_group(group).column(index).statistics
        known = statistics is not None and statistics.has_min_max and not statistics.null_count
        found |= {statistics.min, statistics.max} if statistics is not None and known else {None}
    return found


def _sealed_facts(connection: Connection, path: Path, table: TableDeclaration) -> _Facts:
    with suppress(Exception):  # it may quote a record
        source = reading([path])
        none: Any = connection.execute(f"SELECT * FROM {source} LIMIT 0")
        schema: pa.Schema = none.to_arrow_table().schema
        counted = connection.execute(f"SELECT count(*) FROM {source}").fetchone()
        dated = f'SELECT DISTINCT "{table.month}" FROM {source}' if table.month in schema.names else "SELECT NULL WHERE false"
        months = {row[0] for row in connection.execute(dated).fetchall()}
        return _Facts(schema=schema, rows=0 if counted is None else int(counted[0]), months=months)
    raise _not_whole(path, table)


def _not_whole(path: Path, table: TableDeclaration) -> StoreError:
    return StoreError(f"table '{table.name}': the staged file {path.name} is not whole Parquet; nothing was loaded; load again")


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
