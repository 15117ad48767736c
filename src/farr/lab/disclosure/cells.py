"""The true figures of one question as arrays, and which of them add up to which."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.errors import FarrError
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question

_SUM_TOLERANCE = 1e-6


class CellsError(FarrError):
    """The session's table is not what the gate expects. The message names columns, never values."""


@dataclass(frozen=True, kw_only=True)
class Total:
    """A row whose figures are the sums of the figures of other rows."""

    row: int
    parts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Cells:
    """Figures by row. `values`, `persons`, `top1` and `top2` map an aggregate to floats of shape (rows,); `top1` and `top2` hold
    sums only. `keys` maps 'month' and each dimension to the codes of the rows, None where the grouping lacks it."""

    question: Question
    grouping: Any
    keys: dict[str, list[str | None]]
    values: dict[str, Any]
    persons: dict[str, Any]
    top1: dict[str, Any]
    top2: dict[str, Any]
    estimates: dict[str, list[str | None]]
    totals: tuple[Total, ...]

    @property
    def count(self) -> int:
        return len(self.grouping)

    @property
    def national(self) -> Any:
        """True for rows of the whole country, monthly or not."""
        whole = [not grouping.dimensions for grouping in self.question.groupings]
        return np.array(whole, dtype=bool)[self.grouping]

    def complements(self) -> list[tuple[str, str]]:
        """(numerator, denominator) pairs of counts whose difference anybody can take."""
        kinds = {aggregate.name: aggregate.kind for aggregate in self.question.aggregates}
        return [
            (aggregate.name, aggregate.subset_of)
            for aggregate in self.question.aggregates
            if aggregate.subset_of and aggregate.kind is kinds.get(aggregate.subset_of) is AggregateKind.COUNT
        ]


def read_cells(question: Question, table: pa.Table) -> Cells:
    """The session's table, sorted by its keys so that the order of rows says nothing. Raises CellsError."""
    keys = key_columns(question)
    _check_columns(question, table, keys)
    table = table.sort_by([("grouping", "ascending"), *((key, "ascending") for key in keys)])
    sums = [aggregate.name for aggregate in question.aggregates if aggregate.kind is AggregateKind.SUM]
    columns = {key: table[key].to_pylist() for key in keys}
    grouping = table["grouping"].to_numpy()
    values = {aggregate.name: _values(table, aggregate) for aggregate in question.aggregates}
    cells = Cells(
        question=question,
        grouping=grouping,
        keys=columns,
        values=values,
        persons={aggregate.name: _floats(table, f"{aggregate.name}__persons") for aggregate in question.aggregates},
        top1={name: np.nan_to_num(_floats(table, f"{name}__top1")) for name in sums},
        top2={name: np.nan_to_num(_floats(table, f"{name}__top2")) for name in sums},
        estimates={estimate.name: table[estimate.name].to_pylist() for estimate in question.estimates},
        totals=tuple(_totals(question.groupings, grouping, columns)),
    )
    _check_sums(cells)
    return cells


def key_columns(question: Question) -> tuple[str, ...]:
    """'month', then every dimension of any grouping and its ancestors, in the order of the registry."""
    used = {name for grouping in question.groupings for dimension in grouping.dimensions for name in lineage(dimension)}
    return ("month", *(name for name in DIMENSIONS if name in used))


def lineage(dimension: str) -> list[str]:
    """The dimension and what it falls into, upwards."""
    names = [dimension]
    while (parent := DIMENSIONS[names[-1]].parent) is not None:
        names.append(parent)
    return names


def _check_columns(question: Question, table: pa.Table, keys: tuple[str, ...]) -> None:
    needed = ["grouping", *keys, *(estimate.name for estimate in question.estimates)]
    for aggregate in question.aggregates:
        suffixes = ("", "__persons", "__top1", "__top2") if aggregate.kind is AggregateKind.SUM else ("", "__persons")
        needed += [aggregate.name + suffix for suffix in suffixes]
    missing = [name for name in needed if name not in table.column_names]
    if missing:
        raise CellsError(f"the session gave no column '{missing[0]}' for the question '{question.name}'")


def _floats(table: pa.Table, name: str) -> Any:
    return np.asarray(table[name].cast(pa.float64()).to_numpy(), dtype=float)


def _values(table: pa.Table, aggregate: Aggregate) -> Any:
    values = _floats(table, aggregate.name)
    if aggregate.kind is AggregateKind.SUM:
        # SQL's sum over no rows is null; what it stands for is nothing.
        return np.where(np.isnan(values) & ~(_floats(table, f"{aggregate.name}__persons") > 0), 0.0, values)
    return values


def _check_sums(cells: Cells) -> None:
    """The attacker's relations must hold for the truth, or the audit would prove nothing."""
    for name, values in cells.values.items():
        if not np.all(np.isfinite(values)) or np.any(values < 0):
            raise CellsError(f"'{name}' of the question '{cells.question.name}' has figures that are missing or below zero")
        for total in cells.totals:
            parts = float(values[list(total.parts)].sum())
            if abs(parts - values[total.row]) > _SUM_TOLERANCE * max(1.0, parts):
                raise CellsError(f"'{name}' of the question '{cells.question.name}' does not add up from finer groupings to coarser ones")
    for part, whole in cells.complements():
        if np.any(cells.values[part] > cells.values[whole]):
            raise CellsError(f"'{part}' of the question '{cells.question.name}' exceeds '{whole}', which it is declared to lie within")


def _totals(groupings: tuple[Grouping, ...], grouping: Any, keys: Mapping[str, list[str | None]]) -> list[Total]:
    found: list[Total] = []
    for fine, coarse in _steps(groupings):
        names = [*groupings[coarse].dimensions, *(["month"] if groupings[coarse].monthly else [])]
        parts: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
        for row in np.flatnonzero(grouping == fine):
            parts[tuple(keys[name][row] for name in names)].append(int(row))
        for row in np.flatnonzero(grouping == coarse):
            found.append(Total(row=int(row), parts=tuple(parts.pop(tuple(keys[name][row] for name in names), ()))))
        if parts:
            raise CellsError("rows of a finer grouping belong to no row of a coarser one")
    return found


def _steps(groupings: tuple[Grouping, ...]) -> list[tuple[int, int]]:
    """(fine, coarse) pairs, leaving out those that follow from two others."""
    count = range(len(groupings))
    within = {(fine, coarse) for fine in count for coarse in count if fine != coarse and _refines(groupings[fine], groupings[coarse])}
    # Two groupings that refine each other (a provider, and a provider with its region) are joined one way only.
    within = {(fine, coarse) for fine, coarse in within if (coarse, fine) not in within or fine < coarse}
    return sorted((fine, coarse) for fine, coarse in within if not any((fine, via) in within and (via, coarse) in within for via in count))


def _refines(fine: Grouping, coarse: Grouping) -> bool:
    known = {name for dimension in fine.dimensions for name in lineage(dimension)}
    return set(coarse.dimensions) <= known and (fine.monthly or not coarse.monthly)
