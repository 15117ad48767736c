"""Tables in files: CSV (gzipped or not), Parquet and Excel workbooks, read as text, row by row, in flat memory.

A CSV record is one line: no feed holds text with line breaks, and so a stray quotation mark spoils one row, never the rest of the
file. Every line after the header is a row and is numbered from 1, blank and broken ones too, so that rows can be counted. Published
files without a header that are known by their shape (headerless.py) are given one.
"""

import csv
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from farr.lab.ingest.feed import FeedError
from farr.lab.ingest.formats.headerless import LEVEL, Layout, layout_of, level_of

ROW_NUMBER = "row_number"
ROW_PROBLEM = "row_problem"
_DELIMITERS = ",|\t;"
_CHUNK = 1 << 20


class FileKind(Enum):
    CSV = "csv"
    CSV_GZIP = "csv.gz"
    PARQUET = "parquet"
    XLSX = "xlsx"


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """What a file is, before any row is looked at: `columns` as its header writes them, `size` in bytes, `delimiter` of a CSV,
    `layout` of a file without a header; `stated` holds columns that a person added, the last ones, with their one value."""

    path: Path
    kind: FileKind
    columns: tuple[str, ...]
    sha256: str
    size: int
    delimiter: str | None = None
    layout: Layout | None = None
    stated: Mapping[str, str] = field(default_factory=dict[str, str])


def inspect_file(path: Path) -> FileFacts:
    """Reads a whole file once. Raises FeedError where it is missing, empty, cut short, not UTF-8, or without a usable header
    or a single row; the message says what to do and repeats nothing of a row."""
    if path.is_dir():
        raise FeedError(f"{path} is a folder; name the files in it")
    if not path.is_file():
        raise FeedError(f"there is no file {path}")
    size = path.stat().st_size
    if size == 0:
        raise FeedError(f"{path} is empty (0 bytes); ask the sender for it again")
    refuse_json(path)
    kind = _kind(path)
    layout: Layout | None = None
    if kind in (FileKind.CSV, FileKind.CSV_GZIP):
        header, delimiter, layout = _scan_text(path, kind)
    else:
        header, delimiter = _parquet_header(path) if kind is FileKind.PARQUET else _workbook_header(path), None
    columns = _named(layout) if layout else _usable(header, path)
    return FileFacts(path=path, kind=kind, columns=columns, sha256=sha256(path), size=size, delimiter=delimiter, layout=layout)


def stating(facts: FileFacts, stated: Mapping[str, str]) -> FileFacts:
    """The file with columns that it lacks and a person knows, each of one value in every row. Raises FeedError where the file has
    one of that name; a level that Farr worked out from codes gives way to a stated one."""
    own = tuple(name for name in facts.columns if not (facts.layout and name == LEVEL and LEVEL in stated))
    held = {name.upper() for name in own}
    twice = [name for name in stated if name.upper() in held]
    if twice:
        raise FeedError(f"{facts.path} has a column {twice[0]} already, so it cannot be stated; leave out --set {twice[0]}=…")
    return replace(facts, columns=(*own, *stated), stated=dict(stated))


def sha256(path: Path) -> str:
    """SHA-256 of the file as it lies on disk, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def batches(facts: FileFacts, rows: int = 10_000) -> Iterator[pa.RecordBatch]:
    """The file's rows as text, `rows` at a time: `row_number` (int64, from 1), `row_problem` (why the row cannot be read, or
    null) and every column as sent (string). Raises FeedError where the file turns out to be damaged."""
    schema = batch_schema(_sent(facts))
    if facts.kind is FileKind.PARQUET:
        found = _parquet_batches(facts, schema, rows)
    elif facts.kind is FileKind.XLSX:
        found = _gathered(_workbook_rows(facts), schema, rows)
    else:
        found = _gathered(_text_rows(facts), schema, rows)
    whole = batch_schema(facts.columns)
    for batch in found:
        constant = [pa.repeat(pa.scalar(value, pa.string()), len(batch)) for value in facts.stated.values()]
        yield pa.record_batch([*batch.columns, *constant], schema=whole)


def batch_schema(columns: Sequence[str]) -> pa.Schema:
    return pa.schema([(ROW_NUMBER, pa.int64()), (ROW_PROBLEM, pa.string()), *((name, pa.string()) for name in columns)])


def _sent(facts: FileFacts) -> tuple[str, ...]:
    """The columns that the file itself gives."""
    return facts.columns[: len(facts.columns) - len(facts.stated)]


def _named(layout: Layout) -> tuple[str, ...]:
    return (*layout.columns, LEVEL) if layout.has_level else layout.columns


def _kind(path: Path) -> FileKind:
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PAR1":
        return FileKind.PARQUET
    if start[:2] == b"\x1f\x8b":
        return FileKind.CSV_GZIP
    return FileKind.XLSX if start == b"PK\x03\x04" else FileKind.CSV


def refuse_json(path: Path) -> None:
    """Raises FeedError for JSON, which may look like a table of one column: a glob such as clean/* names manifests too."""
    if path.name.lower().endswith(".manifest.json"):
        raise FeedError(
            f"{path} is a manifest, not a data file, and is read with the file beside it; name data files alone, such as "
            f"{path.parent / '*.clean.*'}"
        )
    if path.suffix.lower() == ".json":
        raise FeedError(f"{path} is JSON, not a table; Farr reads tables in files that end in .csv, .csv.gz, .parquet or .xlsx")


def _usable(header: Sequence[str], path: Path) -> tuple[str, ...]:
    names = [name.strip().strip('"').strip() for name in header]
    folded = [name.upper() for name in names]
    if not all(names):
        raise FeedError(f"{path}: column {names.index('') + 1} of the header has no name; name every column in the first line")
    twice = [number for number, name in enumerate(folded, start=1) if folded.count(name) > 1]
    if twice:  # by number: the first line of a file without a header is a record
        listed = " and ".join(str(number) for number in twice[:2])
        raise FeedError(f"{path}: columns {listed} of the header have the same name; name every column in the first line, once")
    reserved = [name for name in names if name.lower() in (ROW_NUMBER, ROW_PROBLEM)]
    if reserved:
        raise FeedError(f"{path}: Farr numbers rows itself; remove or rename the column {reserved[0]}")
    return tuple(names)


# --- text


def _opened(path: Path, kind: FileKind) -> Any:
    return gzip.open(path, "rb") if kind is FileKind.CSV_GZIP else path.open("rb")


def _scan_text(path: Path, kind: FileKind) -> tuple[list[str], str, Layout | None]:
    """The first line's fields, the delimiter and the layout of a file without a header, once every byte has been read and found to
    be UTF-8, with a row."""
    header, has_rows, is_multibyte = None, False, False
    try:
        with _opened(path, kind) as file:
            for number, line in enumerate(_byte_lines(file, path), start=1):
                is_multibyte = _check_utf8(line, path, number, is_multibyte)
                if header is None:
                    header = line.decode("utf-8-sig").strip("\r\n")
                else:
                    has_rows = has_rows or bool(line.strip())
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise FeedError(f"{path} is a gzip file that was cut short or damaged on its way; ask the sender for it again") from None
    if header is None or not header.strip():
        raise FeedError(f"{path} has no header in its first line; the first line must name the columns")
    delimiter = max(_DELIMITERS, key=header.count)
    first = next(csv.reader([header], delimiter=delimiter))
    layout = layout_of(first)
    if not has_rows and layout is None:
        raise FeedError(f"{path} has a header and no rows; ask the sender for it again")
    return first, delimiter, layout


def _byte_lines(file: Any, path: Path) -> Iterator[bytes]:
    for line in iter(lambda: file.readline(_CHUNK), b""):
        if len(line) == _CHUNK and not line.endswith(b"\n"):
            raise FeedError(f"{path} has a line of over a million bytes; it is not a table of records, or not text")
        yield line


def _check_utf8(line: bytes, path: Path, number: int, is_multibyte: bool) -> bool:
    """Whether UTF-8 beyond ASCII was seen up to this line. Raises FeedError at the first line that is not UTF-8."""
    if b"\0" in line:
        raise FeedError(f"{path}: line {number} holds a zero byte; it is not UTF-8 text (UTF-16?); save it as UTF-8 and check it again")
    if line.isascii():
        return is_multibyte
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        how = "mixes UTF-8 with another encoding" if is_multibyte else "is not UTF-8"
        raise FeedError(f"{path} {how}: the first such line is {number}; have it saved as UTF-8 throughout") from None
    return True


def _text_rows(facts: FileFacts) -> Iterator[tuple[str | None, list[str] | None]]:
    width, delimiter = len(facts.layout.columns if facts.layout else _sent(facts)), facts.delimiter or ","
    has_level = facts.layout is not None and LEVEL in _sent(facts)
    with _opened(facts.path, facts.kind) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="\n") as lines:
        if facts.layout is None:
            next(lines)
        for line in lines:
            problem, fields = _fields(line.rstrip("\r\n"), width, delimiter)
            yield problem, [*fields, level_of(fields)] if fields and has_level else fields


def _fields(line: str, width: int, delimiter: str) -> tuple[str | None, list[str] | None]:
    """Why the line cannot be read, or None; and its fields, or None."""
    if not line.strip():
        return "blank line", None
    if '"' in line:
        try:
            fields = next(csv.reader([line], delimiter=delimiter, strict=True))
        except (csv.Error, StopIteration):
            return "a quotation mark is opened and not closed, or stands within a value", None
    else:
        fields = line.split(delimiter)
    if len(fields) != width:
        return f"has {len(fields)} fields where the header has {width}", None
    return None, fields


def _gathered(rows: Iterator[tuple[str | None, Sequence[str | None] | None]], schema: pa.Schema, size: int) -> Iterator[pa.RecordBatch]:
    nothing: Sequence[str | None] = [None] * (len(schema) - 2)
    number, problems, gathered = 1, [], []
    for problem, fields in rows:
        problems.append(problem)
        gathered.append(nothing if fields is None else fields)
        if len(problems) == size:
            yield _batch(number, problems, gathered, schema)
            number, problems, gathered = number + size, [], []
    if problems:
        yield _batch(number, problems, gathered, schema)


def _batch(first: int, problems: list[str | None], rows: list[Sequence[str | None]], schema: pa.Schema) -> pa.RecordBatch:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    numbers = pa.array(range(first, first + len(problems)), pa.int64())
    return pa.record_batch([numbers, pa.array(problems, pa.string()), *columns], schema=schema)


# --- Parquet


def _parquet_file(path: Path) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError):
        raise FeedError(f"{path} is a Parquet file that was cut short or damaged on its way; ask the sender for it again") from None
    if file.metadata.num_rows == 0:
        raise FeedError(f"{path} has columns and no rows; ask the sender for it again")
    return file


def _parquet_header(path: Path) -> list[str]:
    schema = _parquet_file(path).schema_arrow
    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    if nested:
        raise FeedError(f"{path}: the column {nested[0]} holds lists or records; a feed has one plain value in each column")
    return list(schema.names)


def _parquet_batches(facts: FileFacts, schema: pa.Schema, size: int) -> Iterator[pa.RecordBatch]:
    number = 1
    try:
        for batch in _parquet_file(facts.path).iter_batches(batch_size=size):
            count = len(batch)
            columns = [column.cast(pa.string()) for column in batch.columns]
            numbers = pa.array(range(number, number + count), pa.int64())
            yield pa.record_batch([numbers, pa.nulls(count, pa.string()), *columns], schema=schema)
            number += count
    except (pa.ArrowException, OSError):
        raise FeedError(f"{facts.path} is damaged, or holds a column that is not text, numbers or dates; ask for it again") from None


# --- workbooks


def _sheet_rows(path: Path) -> Iterator[tuple[Any, ...]]:
    """Rows of the first sheet. Raises FeedError for a file that is no workbook."""
    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
        yield from workbook.worksheets[0].iter_rows(values_only=True)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, IndexError):
        raise FeedError(f"{path} is not an Excel workbook that can be read; ask the sender for it again, or for CSV") from None


def _workbook_header(path: Path) -> list[str]:
    rows = _sheet_rows(path)
    header = [_text(value) or "" for value in next(rows, ())]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise FeedError(f"{path} has no header in the first row of its first sheet")
    if next(rows, None) is None:
        raise FeedError(f"{path} has a header and no rows; ask the sender for it again")
    return header


def _workbook_rows(facts: FileFacts) -> Iterator[tuple[str | None, list[str | None] | None]]:
    width, rows = len(_sent(facts)), _sheet_rows(facts.path)
    next(rows)
    for row in rows:
        cells = [_text(value) for value in row]
        if not any(cells):
            yield "blank line", None
        elif any(cells[width:]):
            yield f"has values beyond the {width} columns that the header names", None
        else:
            yield None, (cells + [None] * width)[:width]


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
