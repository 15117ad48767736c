"""Worked examples: small tables drawn in text, and what a rule makes of them. They are tests, and are printed into the docs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from farr.lab.model.errors import FarrError
from farr.lab.model.table import TableDeclaration


def _yes_or_no(text: str) -> bool:
    return {"yes": True, "no": False}[text]


_READ: dict[str, Callable[[str], Any]] = {
    "string": str,
    "int16": int,
    "int32": int,
    "int64": int,
    "float64": float,
    "date": date.fromisoformat,
    "boolean": _yes_or_no,
    "decimal(18, 2)": Decimal,
    "decimal(18, 6)": Decimal,
}


class ExampleError(FarrError):
    """A worked example that cannot be read; the message says which line and why."""


@dataclass(frozen=True, kw_only=True)
class Example:
    """`tables` maps table names to text: a header line of column names parted by | (none at the ends), then a line a row. Columns
    left out, and empty places, are null; lines of dashes are ignored; booleans are yes and no. `expected` is the answer: for a
    measure its 'numerator', 'denominator' and 'value', of the nation or of the code under a key that is a level ('provider': 'RA1'); for a
    mart the columns worth showing, by key."""

    title: str
    tables: Mapping[str, str]
    expected: Mapping[Any, Any]


def read_table(text: str, declaration: TableDeclaration) -> list[dict[str, Any]]:
    """The rows drawn in `text`, with every column of the declaration. Raises ExampleError."""
    lines = [line for line in text.strip().splitlines() if line.strip() and set(line) - set("-| +")]
    if not lines:
        return []
    header, *rows = [[cell.strip() for cell in line.strip().split("|")] for line in lines]
    declared = {column.name: column.type for column in declaration.columns}
    unknown = [name for name in header if name not in declared]
    if unknown:
        raise ExampleError(f"table '{declaration.name}' has no column '{unknown[0]}'; correct the header of the example")
    return [_row(cells, header, declared, number) for number, cells in enumerate(rows, start=1)]


def _row(cells: list[str], header: list[str], declared: dict[str, str], number: int) -> dict[str, Any]:
    if len(cells) != len(header):
        raise ExampleError(f"row {number} of the example has {len(cells)} places and its header {len(header)}")
    given = {name: _READ[declared[name]](cell) if cell else None for name, cell in zip(header, cells, strict=True)}
    return {name: given.get(name) for name in declared}
