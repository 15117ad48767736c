"""The structure of any table: its columns of codes, what their codes add up to, and its columns of figures."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.disclosure.tables.cells import Cells, CellsError, Figure, Total, checked
from farr.lab.model.question import AggregateKind


@dataclass(frozen=True, kw_only=True)
class Axis:
    """A column of codes. `sums` are (code, the codes that add up to it); a code may be the sum of several sets, as a country is of its
    regions and of its kinds of place."""

    column: str
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, kw_only=True)
class FigureColumn:
    """A column of figures. `persons` is the column of how many people stand behind each (None: a count counts people); `largest` and
    `second`, for a sum, those of its two largest contributions; `subset_of` the column of the denominator that a numerator lies in."""

    column: str
    kind: AggregateKind = AggregateKind.COUNT
    persons: str | None = None
    largest: str | None = None
    second: str | None = None
    subset_of: str | None = None

    @property
    def figure(self) -> Figure:
        return Figure(name=self.column, kind=self.kind, subset_of=self.subset_of)


@dataclass(frozen=True, kw_only=True)
class Structure:
    """Which rows of a table add up to which: rows that differ in one axis alone, where the one code is the sum of the others. Several
    tables may stand in one: their rows are linked by those that they share. A row that is not there counts nothing."""

    axes: tuple[Axis, ...]
    figures: tuple[FigureColumn, ...]


def flat(column: str, codes: Sequence[str], total: str = "Total") -> Axis:
    """An axis of which one code is the sum of all others."""
    inner = tuple(sorted({code for code in codes if code != total}))
    return Axis(column=column, sums=((total, inner),) if total in set(codes) else ())


def nested(column: str, parents: Mapping[str, str]) -> Axis:
    """An axis of which each code falls into at most one other: `parents` maps a code to it."""
    within: dict[str, list[str]] = defaultdict(list)
    for code, parent in sorted(parents.items()):
        within[parent].append(code)
    return Axis(column=column, sums=tuple((parent, tuple(codes)) for parent, codes in within.items()))


def totals_of(table: pa.Table, structure: Structure) -> tuple[Total, ...]:
    """Every sum between rows of the table. Raises CellsError where a row stands there twice."""
    keys = _keys(table, structure)
    place = {key: row for row, key in enumerate(keys)}
    if len(place) < len(keys):
        raise CellsError(f"rows repeat the codes of {', '.join(axis.column for axis in structure.axes)}; each may stand there once")
    found: list[Total] = []
    for at, axis in enumerate(structure.axes):
        for code, codes in axis.sums:
            for row in (row for key, row in place.items() if key[at] == code):
                around = keys[row]
                parts = [place[key] for part in codes if (key := (*around[:at], part, *around[at + 1 :])) in place]
                if parts:
                    found.append(Total(row=row, parts=tuple(parts)))
    return tuple(found)


def cells_of(table: pa.Table, structure: Structure, name: str = "the table") -> Cells:
    """The table's true figures. Raises CellsError for a column that is missing or holds no numbers, and for sums that do not add up."""
    values = {each.column: _numbers(table, each.column, name) for each in structure.figures}
    persons = {each.column: _numbers(table, each.persons or each.column, name) for each in structure.figures}
    sums = [each for each in structure.figures if each.kind is AggregateKind.SUM]
    for each in sums:
        if each.persons is None:
            raise CellsError(f"'{each.column}' of {name} is a sum: say which column holds how many people contribute to it")
    nothing = np.zeros(table.num_rows)
    return checked(
        Cells(
            name=name,
            figures=tuple(each.figure for each in structure.figures),
            values=values,
            persons=persons,
            top1={each.column: nothing if each.largest is None else _numbers(table, each.largest, name) for each in sums},
            top2={each.column: nothing if each.second is None else _numbers(table, each.second, name) for each in sums},
            told={each.column: nothing.astype(bool) for each in structure.figures},
            national=nothing.astype(bool),
            totals=totals_of(table, structure),
        )
    )


def _keys(table: pa.Table, structure: Structure) -> list[tuple[str, ...]]:
    for axis in structure.axes:
        if axis.column not in table.column_names:
            raise CellsError(f"there is no column '{axis.column}'; the columns are {', '.join(table.column_names)}")
    columns: list[list[str]] = [table[axis.column].cast(pa.string()).to_pylist() for axis in structure.axes]
    return list(zip(*columns, strict=True))


def _numbers(table: pa.Table, column: str, name: str) -> Any:
    if column not in table.column_names:
        raise CellsError(f"{name} has no column '{column}'; its columns are {', '.join(table.column_names)}")
    numbers: Any = None
    try:
        numbers = np.asarray(table[column].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=float)
    except pa.ArrowInvalid:  # it would quote a figure
        numbers = None
    if numbers is None:
        raise CellsError(f"the column '{column}' of {name} holds something that is no number")
    return numbers
