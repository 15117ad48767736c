"""A submitted file as a table: read as text and nothing else, and refused where it is anything but one plain table of figures."""

import csv
import io
import re
from dataclasses import dataclass

from farr.lab.model.errors import FarrError
from farr.lab.model.showing.inert import inert

LARGEST = 1_000_000
"""Bytes."""
MOST_ROWS, MOST_COLUMNS = 5_000, 100
_LONGEST = 2_000  # characters of a cell
_NUMBER = re.compile(r"[+-]?[0-9][0-9,]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?%?")
# Signs that stand alone for 'nothing' or 'hidden' in published tables.
_SIGNS = {"-", "+", "--", "+/-"}


class TableError(FarrError):
    """A file that is not taken; the message says why, and never what stands in a cell."""


@dataclass(frozen=True, kw_only=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_table(content: bytes) -> Table:
    """Raises TableError."""
    if len(content) > LARGEST:
        raise TableError(f"the file is larger than {LARGEST:,} bytes; send the table alone, without what it was made of")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableError("the file is not text in UTF-8; save it as 'CSV UTF-8'") from None
    if any(ord(character) < 32 and character not in "\t\r\n" for character in text):
        raise TableError("the file holds characters that no table has; save it as 'CSV UTF-8'")
    columns, rows = _parts(text)
    _check_shape(columns, rows)
    _check_inert(columns, rows)
    return Table(columns=columns, rows=rows)


def _parts(text: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    try:
        lines = [tuple(line) for line in csv.reader(io.StringIO(text, newline=""), strict=True) if any(cell.strip() for cell in line)]
    except csv.Error:
        raise TableError("the file cannot be read as CSV: commas between cells, and quotes that are closed") from None
    if len(lines) < 2:
        raise TableError("the file holds no table: a line of column names, and a line or more of figures")
    return tuple(cell.strip() for cell in lines[0]), tuple(lines[1:])


def _check_shape(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    if not all(columns) or len(set(columns)) < len(columns):
        raise TableError("each column needs a name of its own in the first line, so that a checker knows what is in it")
    if len(columns) > MOST_COLUMNS or len(rows) > MOST_ROWS:
        raise TableError(f"a checker cannot look at more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns; send what you need of it")
    if number := next((at for at, row in enumerate(rows, start=2) if len(row) != len(columns)), None):
        raise TableError(f"row {number} has another number of cells than there are columns; one file holds one table")
    if any(len(cell) > _LONGEST for row in (columns, *rows) for cell in row):
        raise TableError(f"a cell is longer than {_LONGEST:,} characters")


def _check_inert(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    """What is approved is handed out as it was looked at, byte for byte: so nothing in it may act in a spreadsheet."""
    for number, row in enumerate((columns, *rows), start=1):
        for column, cell in zip(columns, row, strict=True):
            bare = cell.strip()
            if inert(bare) != bare and bare not in _SIGNS and not _NUMBER.fullmatch(bare):
                raise TableError(
                    f"row {number}, column '{column if number > 1 else 'names'}': a cell begins as a formula does (=, +, -, @), which a "
                    "spreadsheet would run; let it begin with a letter or a digit"
                )
