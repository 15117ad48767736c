"""The structure of any table: its columns of codes, what their codes add up to, and its columns of figures."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.disclosure.tables.cells import Cells, CellsError, Figure, Total, checked
from farr.lab.disclosure.tables.leaning import leanings
from farr.lab.model.question import AggregateKind

_SUMS_AGREE_TO = 1e-6  # of money, in floating point; counts add up exactly


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
    tables may stand in one: their rows are linked by those that they share. A row that is not there counts nothing: a total that is left
    out while rows beneath it count something is refused, for what follows from it would be left out of the audit."""

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
    return tuple(total for _, total in _totals(keys_of(table, structure), structure))


def keys_of(table: pa.Table, structure: Structure) -> list[tuple[str, ...]]:
    """The codes of each row. Raises CellsError where a column is missing, a code is empty, or a row stands there twice."""
    keys = _keys(table, structure)
    seen: set[tuple[str, ...]] = set()
    for key in keys:
        if key in seen:
            columns = ", ".join(axis.column for axis in structure.axes)
            raise CellsError(
                f"the rows of {_said(key)} repeat; each combination of {columns} may stand there once; is a column of codes left out?"
            )
        seen.add(key)
    return keys


def absent_totals(keys: Iterable[tuple[str, ...]], structure: Structure) -> list[tuple[str, ...]]:
    """The codes of totals that are not there, of which parts, or parts of parts, are."""
    above = [_above(axis) for axis in structure.axes]
    there = list(keys)
    found = (key for row in there for key in product(*(up.get(code, (code,)) for up, code in zip(above, row, strict=True))))
    present = set(there)
    return [key for key in dict.fromkeys(found) if key not in present]


def figures_in(table: pa.Table, structure: Structure, name: str = "the table") -> dict[str, Any]:
    """The figures by column, each of shape (rows,). Raises CellsError for what is missing, no number, below zero or, a count, not whole."""
    values = {each.column: _known(table, each.column, name) for each in structure.figures}
    _check_figures(values, structure, name)
    return values


def cells_of(table: pa.Table, structure: Structure, name: str = "the table", *, secret: bytes = b"") -> Cells:
    """The table's true figures; which rows are hidden hangs on the `secret`. Raises CellsError for a column that is missing or holds no
    numbers, for counts that are not whole, and for totals that are left out or do not add up; it names columns and codes, and no figure."""
    keys = keys_of(table, structure)
    values = figures_in(table, structure, name)
    persons = {each.column: _known(table, each.persons or each.column, name) for each in structure.figures}
    sums = [each for each in structure.figures if each.kind is AggregateKind.SUM]
    top1 = {each.column: _known(table, each.largest, name) for each in sums}
    top2 = {each.column: _known(table, each.second, name) for each in sums}
    for each in sums:
        _check_sum(each, values[each.column], top1[each.column], top2[each.column], name)
    _check_totals(keys, values, structure, name)
    nothing = np.zeros(table.num_rows)
    return checked(
        Cells(
            name=name,
            figures=tuple(each.figure for each in structure.figures),
            values=values,
            persons=persons,
            top1=top1,
            top2=top2,
            told={each.column: nothing.astype(bool) for each in structure.figures},
            national=nothing.astype(bool),
            leaning=leanings(secret, keys),
            totals=tuple(total for _, total in _totals(keys, structure)),
        )
    )


def _totals(keys: Sequence[tuple[str, ...]], structure: Structure) -> Iterator[tuple[str, Total]]:
    """Every sum between rows, with the column along which it is one."""
    place = {key: row for row, key in enumerate(keys)}
    for at, axis in enumerate(structure.axes):
        rows: dict[str, list[int]] = defaultdict(list)
        for row, key in enumerate(keys):
            rows[key[at]].append(row)
        for code, codes in axis.sums:
            for row, around in ((row, keys[row]) for row in rows.get(code, ())):
                parts = [place[key] for part in codes if (key := (*around[:at], part, *around[at + 1 :])) in place]
                if parts:
                    yield axis.column, Total(row=row, parts=tuple(parts))


def _above(axis: Axis) -> dict[str, tuple[str, ...]]:
    """Each code with all that it enters, itself first."""
    heads: dict[str, list[str]] = defaultdict(list)
    for code, codes in axis.sums:
        for part in codes:
            heads[part].append(code)
    found: dict[str, tuple[str, ...]] = {}
    for code in list(heads):
        reached = [code]
        for each in reached:
            reached += [head for head in heads.get(each, []) if head not in reached]
        found[code] = tuple(reached)
    return found


def _check_figures(values: Mapping[str, Any], structure: Structure, name: str) -> None:
    for each in structure.figures:
        numbers = values[each.column]
        if each.kind is AggregateKind.COUNT and np.any(numbers != np.floor(numbers)):
            raise CellsError(f"the column '{each.column}' of {name} has counts that are not whole; weighted or mean figures are no counts")


def _check_sum(column: FigureColumn, total: Any, largest: Any, second: Any, name: str) -> None:
    if column.persons is None:
        raise CellsError(f"'{column.column}' of {name} is a sum: say which column holds how many people contribute to it")
    if np.any(second > largest) and column.largest is not None:
        raise CellsError(f"the column '{column.second}' of {name} exceeds '{column.largest}', the largest contribution")
    if np.any(largest + second > total + _SUMS_AGREE_TO * np.maximum(1.0, total)):
        raise CellsError(f"the largest contributions to '{column.column}' of {name} exceed it; they are those of single people")


def _check_totals(keys: Sequence[tuple[str, ...]], values: Mapping[str, Any], structure: Structure, name: str) -> None:
    counting = np.any([numbers > 0 for numbers in values.values()], axis=0) if values else np.zeros(len(keys), dtype=bool)
    there = set(keys)
    needed = absent_totals([key for key, counts in zip(keys, counting, strict=True) if counts], structure)
    if absent := [key for key in needed if key not in there]:
        raise CellsError(f"{name} has no row of {_said(absent[0])}, though it has rows that add up to it; absent in all: {len(absent)}")
    for column, total in _totals(keys, structure):
        for figure in structure.figures:
            numbers = values[figure.column]
            if not _adds_up(figure.kind, float(numbers[total.row]), float(numbers[list(total.parts)].sum())):
                raise CellsError(
                    f"the column '{figure.column}' of {name} does not add up along '{column}' to the row of {_said(keys[total.row])}: "
                    "a part is missing, stands there twice, or was rounded"
                )


def _adds_up(kind: AggregateKind, total: float, parts: float) -> bool:
    return abs(total - parts) <= (0.0 if kind is AggregateKind.COUNT else _SUMS_AGREE_TO * max(1.0, parts))


def _said(key: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in key)


def _keys(table: pa.Table, structure: Structure) -> list[tuple[str, ...]]:
    for axis in structure.axes:
        if axis.column not in table.column_names:
            raise CellsError(f"there is no column '{axis.column}'; the columns are {', '.join(table.column_names)}")
    columns: list[list[str]] = [table[axis.column].cast(pa.string()).to_pylist() for axis in structure.axes]
    for axis, codes in zip(structure.axes, columns, strict=True):
        if not all(codes):
            raise CellsError(f"the column '{axis.column}' has rows without a code; give them one, as 'unknown'")
    return list(zip(*columns, strict=True))


def _known(table: pa.Table, column: str | None, name: str) -> Any:
    """Numbers of nought or more, shape (rows,); noughts where no column is named."""
    numbers = np.zeros(table.num_rows) if column is None else _numbers(table, column, name)
    if not np.all(np.isfinite(numbers)) or np.any(numbers < 0):
        raise CellsError(f"the column '{column}' of {name} has figures that are missing or below zero")
    return numbers


def _numbers(table: pa.Table, column: str, name: str) -> Any:
    if column not in table.column_names:
        raise CellsError(f"{name} has no column '{column}'; its columns are {', '.join(table.column_names)}")
    numbers: Any = None
    try:
        numbers = np.asarray(table[column].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=float)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # it would quote a figure
        numbers = None
    if numbers is None:
        raise CellsError(f"the column '{column}' of {name} holds something that is no number")
    return numbers
