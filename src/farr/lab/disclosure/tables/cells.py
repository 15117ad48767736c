"""The true figures of one table as arrays, and which of them add up to which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from farr.lab.model.errors import FarrError
from farr.lab.model.question import AggregateKind

_SUM_TOLERANCE = 1e-6


class CellsError(FarrError):
    """A table is not what the gate expects. The message names columns, never values."""


@dataclass(frozen=True, kw_only=True)
class Total:
    """A row whose figures are the sums of the figures of other rows."""

    row: int
    parts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Balance:
    """Rows whose figures add up to what those of others add up to, with no row for what that is."""

    ones: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A column of figures. `subset_of` names the one whose rows include these (a numerator within its denominator)."""

    name: str
    kind: AggregateKind
    subset_of: str | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Cells:
    """Figures by row. `values`, `persons`, `top1`, `top2` and `told` map a figure's name to arrays of shape (rows,): what it is, how many
    people are behind it, the two largest contributions to it (sums only), and whether something else that is printed tells it.
    `national`, shape (rows,), marks rows of the whole country. `changed` are rows by figure that must be hidden for what they were before,
    with an interval of which one end must stay possible. `leaning`, shape (rows,), from 0 to 1, says of rows that cost as much
    which is hidden (see leaning.py). `name` is what errors call the table."""

    name: str
    figures: tuple[Figure, ...]
    values: dict[str, Any]
    persons: dict[str, Any]
    top1: dict[str, Any]
    top2: dict[str, Any]
    told: dict[str, Any]
    national: Any
    leaning: Any
    totals: tuple[Total, ...]
    balances: tuple[Balance, ...] = ()
    changed: Mapping[str, Mapping[int, tuple[float, float]]] = field(default_factory=dict[str, Mapping[int, tuple[float, float]]])

    @property
    def count(self) -> int:
        return len(self.national)

    def complements(self) -> list[tuple[str, str]]:
        return complements(self.figures)


def complements(figures: Sequence[Figure]) -> list[tuple[str, str]]:
    """(numerator, denominator) pairs of counts whose difference anybody can take."""
    kinds = {figure.name: figure.kind for figure in figures}
    return [
        (figure.name, figure.subset_of)
        for figure in figures
        if figure.subset_of and figure.kind is kinds.get(figure.subset_of) is AggregateKind.COUNT
    ]


def checked(cells: Cells) -> Cells:
    """The cells, whose relations hold: the attacker's must hold for the truth, or the audit would prove nothing. Raises CellsError."""
    for name, values in cells.values.items():
        if not np.all(np.isfinite(values)) or np.any(values < 0):
            raise CellsError(f"'{name}' of {cells.name} has figures that are missing or below zero")
        for total in cells.totals:
            parts = float(values[list(total.parts)].sum())
            if abs(parts - values[total.row]) > _SUM_TOLERANCE * max(1.0, parts):
                raise CellsError(f"'{name}' of {cells.name} does not add up from finer groupings to coarser ones")
        for balance in cells.balances:
            ones, others = float(values[list(balance.ones)].sum()), float(values[list(balance.others)].sum())
            if abs(ones - others) > _SUM_TOLERANCE * max(1.0, ones):
                raise CellsError(f"'{name}' of {cells.name} adds up to one thing by one grouping and to another by another")
    for part, whole in cells.complements():
        if np.any(cells.values[part] > cells.values[whole]):
            raise CellsError(f"'{part}' of {cells.name} exceeds '{whole}', which it is declared to lie within")
    return cells
