"""Sheets: one figure of one release, by the codes of one grouping over one set of months."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.disclosure.history.records import Names, Records
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.tables.asked import Asked
from farr.lab.disclosure.tables.cells import Figure
from farr.lab.disclosure.tables.published import Published, ranges_of
from farr.lab.model.dimension import columns_of
from farr.lab.model.period import Month, Period
from farr.lab.model.question import AggregateKind

Codes = tuple[str | None, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """`series` says which rows are counted or summed, whatever they are grouped by; `codes` are those of `dimensions`, row by row, and
    `above` what they and their ancestors are, by dimension. `rows`, shape (len(codes),), are row numbers in the release.

    Of an earlier release `low` and `high`, shape (len(codes),), are what print leaves of each figure, and `need` maps places to the
    interval that a protected one must keep. Of the new one they are None: its figures are known by their rows. `assumed`: nobody knows
    whether it is of the same records as the new one, and it is taken to be."""

    series: str
    figure: str
    dimensions: tuple[str, ...]
    months: frozenset[str]
    codes: tuple[Codes, ...]
    above: Mapping[str, Sequence[str | None]]
    rows: Any
    low: Any = None
    high: Any = None
    need: Mapping[int, tuple[float, float]] | None = None
    assumed: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Earlier:
    """A release as the ledger has it: its canonical question, what was printed, under which policy, which rows of which figure are
    protected, with the interval that each must keep, and which records were read; `own` where it is of the new one's agreement."""

    question: Mapping[str, Any]
    table: pa.Table
    policy: Policy
    protected: Mapping[str, Mapping[int, tuple[float, float]]]
    records: Records
    own: bool = True


def series_of(question: Mapping[str, Any], aggregate: Mapping[str, Any]) -> str:
    """The same for figures that count or sum the same rows of the same table, by whatever name."""
    parts = (question["table"], question["where"], aggregate["kind"], aggregate["where"], aggregate["value"])
    return "/".join(str(part) for part in parts)


def sheets_of(asked: Asked, names: Names) -> list[Sheet]:
    """The sheets of the question that is about to be answered."""
    question = asked.question.canonical()
    return [sheet for _, sheet in _sheets(question, asked.grouping, asked.keys, _Of(names=names, records=names.new, own=True))]


def sheets_before(earlier: Earlier, series: Set[str], names: Names) -> list[Sheet]:
    """The sheets of an earlier release that are of one of these series, with what its print leaves of every figure."""
    if series.isdisjoint(series_of(earlier.question, aggregate) for aggregate in earlier.question["aggregates"]):
        return []
    table = earlier.table
    keys = {
        name: table[name].to_pylist()
        for name in table.column_names
        if not name.endswith("__status") and pa.types.is_string(table[name].type)
    }
    ranges = _ranges(earlier)
    found: list[Sheet] = []
    of = _Of(names=names, records=earlier.records, own=earlier.own)
    for name, sheet in _sheets(earlier.question, table["grouping"].to_numpy(), keys, of):
        if sheet.series not in series:
            continue
        protected = earlier.protected.get(name, {})
        ends = ranges[name][sheet.rows]
        need = {place: protected[int(row)] for place, row in enumerate(sheet.rows) if int(row) in protected}
        found.append(replace(sheet, low=ends[:, 0], high=ends[:, 1], need=need))
    return found


def codes_of(sheets: Sequence[Sheet]) -> dict[tuple[str, ...], set[Codes]]:
    """By dimensions, every code that the sheets have, with all that it falls into."""
    found: dict[tuple[str, ...], set[Codes]] = {}
    for sheet in sheets:
        above = (sheet.above[name] for name in columns_of(sheet.dimensions))
        found.setdefault(sheet.dimensions, set()).update(zip(*above, strict=True) if sheet.dimensions else [()])
    return found


@dataclass(frozen=True, kw_only=True)
class _Of:
    """Whose records figures are of, beside those of the new release."""

    names: Names
    records: Records
    own: bool

    def months(self, months: Sequence[str], figure: str, series: str, dimensions: Sequence[str]) -> tuple[frozenset[str], bool]:
        """What a figure's months are called, and whether any of them is taken to be the new one's without its being known."""
        named = [self.names.of(self.records, month, figure, series, dimensions, own=self.own) for month in months]
        return frozenset(name for name, _ in named), any(assumed for _, assumed in named)


def _sheets(question: Mapping[str, Any], grouping: Any, keys: Mapping[str, Sequence[str | None]], of: _Of) -> list[tuple[str, Sheet]]:
    whole = _months(question)
    found: list[tuple[str, Sheet]] = []
    for number, (dimensions, monthly) in enumerate(question["groupings"]):
        rows = [int(row) for row in np.flatnonzero(grouping == number)]
        for month in sorted(whole) if monthly else [None]:
            chosen = [row for row in rows if keys["month"][row] == month]
            above = {name: [values[row] for row in chosen] for name, values in keys.items() if name != "month"}
            codes = tuple(tuple(above[name][place] for name in dimensions) for place in range(len(chosen)))
            for aggregate in question["aggregates"]:
                series = series_of(question, aggregate)
                months, assumed = of.months(sorted([month] if month else whole), aggregate["name"], series, dimensions)
                sheet = Sheet(
                    series=series, figure=aggregate["name"], dimensions=tuple(dimensions), months=months, codes=codes, above=above,
                    rows=np.array(chosen, dtype=int), assumed=assumed,
                )  # fmt: skip
                found.append((aggregate["name"], sheet))
    return found


def _months(question: Mapping[str, Any]) -> frozenset[str]:
    left_out = {Month.parse(each) for each in question["left_out"]}
    return frozenset(str(month) for month in Period.parse(question["period"]).months() if month not in left_out)


def _ranges(earlier: Earlier) -> dict[str, Any]:
    figures = tuple(
        Figure(name=each["name"], kind=AggregateKind(each["kind"]), subset_of=each["subset_of"]) for each in earlier.question["aggregates"]
    )
    values = {figure.name: np.asarray(earlier.table[figure.name].to_numpy(zero_copy_only=False), dtype=float) for figure in figures}
    status = {figure.name: np.array(earlier.table[f"{figure.name}__status"].to_pylist()) for figure in figures}
    return ranges_of(Published(figures=figures, values=values, status=status, totals=()), earlier.policy)
