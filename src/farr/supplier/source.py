"""Opens a raw or clean file in DuckDB as a relation whose columns are all text. The supplier's own locked connection."""

import re
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import duckdb

from farr.lab.model.errors import FarrError
from farr.supplier.rules import literal, quoted

T = TypeVar("T")
_LINE = re.compile(r"CSV Error on Line: (\d+)")


class SourceError(FarrError):
    """A file that DuckDB cannot read through; the message gives the line where it knows one, never what stands there."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file, its columns in order, and SQL that reads it with every column as text."""

    path: Path
    columns: tuple[str, ...]
    relation: str


def source_of(path: Path, kind: str, columns: Sequence[str], delimiter: str | None) -> Source:
    """`kind` is csv, csv.gz or parquet. Raises SourceError for other kinds."""
    if kind == "parquet":
        texts = ", ".join(f"CAST({quoted(name)} AS VARCHAR) AS {quoted(name)}" for name in columns)
        return Source(path=path, columns=tuple(columns), relation=f"(SELECT {texts} FROM read_parquet({literal(str(path))}))")
    if kind not in {"csv", "csv.gz"}:
        what = "an Excel workbook" if kind == "xlsx" else f"a file of kind {kind}"
        raise SourceError(f"{path.name} is {what}, which is not read here; save it as CSV (UTF-8), gzipped CSV or Parquet, and name that")
    types = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
    compression = "gzip" if kind == "csv.gz" else "none"
    # Nothing is sniffed: what the front door read in the header is what is read here, and a line of another width is an error.
    options = f"auto_detect=false, header=true, delim={literal(delimiter or ',')}, quote='\"', escape='\"', compression='{compression}'"
    return Source(
        path=path, columns=tuple(columns), relation=f"read_csv({literal(str(path))}, columns={{{types}}}, encoding='utf-8', {options})"
    )


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """An engine, and the private folder to which it spills; both are gone when the work is done."""

    connection: duckdb.DuckDBPyConnection
    folder: Path


@contextmanager
def workplace(beside: Path) -> Generator[Workplace]:
    """A workplace whose private folder lies in the folder `beside`, on the disk that the results go to."""
    with tempfile.TemporaryDirectory(prefix=".farr-", dir=beside) as private:
        connection = duckdb.connect(config={"temp_directory": private})
        try:
            yield Workplace(connection=connection, folder=Path(private))
        finally:
            connection.close()


def guarded(name: str, work: Callable[[], T]) -> T:
    """What `work` returns; `name` is the name of the file that it reads.

    Engine errors repeat values of records: each is raised anew as SourceError, outside `except`, so that nothing hangs on to it."""
    try:
        return work()
    except duckdb.Error as error:
        told = _without_values(error, name)
    raise SourceError(told)


def _without_values(error: duckdb.Error, name: str) -> str:
    line = _LINE.search(str(error))
    if line is not None:
        return (
            f"{name}, line {line[1]}: the line cannot be read with the header's columns (too many or too few fields, an open quote or "
            "a character that is not UTF-8), so that values may stand in the wrong column; nothing was written, have the file sent again"
        )
    return f"{name} cannot be read through ({type(error).__name__}); nothing was written, check the file and the space on the disk"
