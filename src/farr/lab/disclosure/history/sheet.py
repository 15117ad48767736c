"""Sheets: one figure of one release, by the codes of one grouping over one set of months."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.disclosure.history.records import Names, Records, Regrouped
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
    whether it is of the same records as the new one, and it is taken to be. `regrouped`: it is of the same ones by other codes."""

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
    regrouped: Regrouped | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Earlier:
    """A release as the ledger has it: its canonical question, what was printed, under which policy, which rows of which figure are
    protected, with the interval that each must keep, and which records were read; `own` where it is of the new one's agreement. `kept` is
    what was worked out of it once, for every question that comes later."""

    question: Mapping[str, Any]
    table: pa.Table
    policy: Policy
    protected: Mapping[str, Mapping[int, tuple[float, float]]]
    records: Records
    own: bool = True
    kept: dict[Any, Any] = field(default_factory=dict[Any, Any], repr=False)

    @property
    def layout(self) -> "Layout":
        if "layout" not in self.kept:
            texts = [name for name in self.table.column_names if pa.types.is_string(self.table[name].type)]
            keys = {name: self.table[name].to_pylist() for name in texts if not name.endswith("__status")}
            self.kept["layout"] = Layout(self.table["grouping"].to_numpy(), keys)
        return self.kept["layout"]

    @property
    def ranges(self) -> Mapping[str, Any]:
        """By figure, what print leaves of it, shape (rows, 2)."""
        if self.policy not in self.kept:
            self.kept[self.policy] = _ranges(self)
        return self.kept[self.policy]


class Layout:
    """Which rows of a table are of which grouping and month, and their codes: what its figures have in common. `grouping` by row,
    `keys` the codes of each dimension by row, and the month."""

    def __init__(self, grouping: Any, keys: Mapping[str, Sequence[str | None]]) -> None:
        self._keys = {name: values for name, values in keys.items() if name != "month"}
        self._rows: dict[tuple[int, str | None], list[int]] = {}
        for row, (number, month) in enumerate(zip(grouping.tolist(), keys["month"], strict=True)):
            self._rows.setdefault((int(number), month), []).append(row)
        self._chosen: dict[tuple[int, str | None], tuple[Any, tuple[Codes, ...], dict[str, list[str | None]]]] = {}

    def chosen(
        self, number: int, month: str | None, dimensions: Sequence[str]
    ) -> tuple[Any, tuple[Codes, ...], dict[str, list[str | None]]]:
        """Of a grouping and month the rows, shape (rows,), their codes, and those with their ancestors by dimension."""
        key = (number, month)
        if key not in self._chosen:
            rows = self._rows.get(key, [])
            above = {name: [values[row] for row in rows] for name, values in self._keys.items()}
            codes = tuple(tuple(above[name][place] for name in dimensions) for place in range(len(rows)))
            self._chosen[key] = np.array(rows, dtype=int), codes, above
        return self._chosen[key]


def series_of(question: Mapping[str, Any], aggregate: Mapping[str, Any]) -> str:
    """The same for figures that count or sum the same rows of the same table, by whatever name."""
    parts = (question["table"], question["where"], aggregate["kind"], aggregate["where"], aggregate["value"])
    return "/".join(str(part) for part in parts)


def sheets_of(asked: Asked, names: Names) -> list[Sheet]:
    """The sheets of the question that is about to be answered."""
    question = asked.question.canonical()
    of = _Of(names=names, records=names.new, own=True)
    return [sheet for _, sheet in _sheets(question, Layout(np.asarray(asked.grouping), asked.keys), of)]


def sheets_before(earlier: Earlier, series: Set[str], names: Names) -> list[Sheet]:
    """The sheets of an earlier release that are of one of these series, with what its print leaves of every figure."""
    if series.isdisjoint(series_of(earlier.question, aggregate) for aggregate in earlier.question["aggregates"]):
        return []
    same = names.of_same_files(earlier.records, _months(earlier.question))
    if same is None:
        return _with_print(earlier, names, series)
    # As long as nothing new is loaded, months are called so and sheets are the same for every question that comes later.
    if (earlier.policy, same) not in earlier.kept:
        earlier.kept[earlier.policy, same] = _with_print(earlier, names, None)
    return [sheet for sheet in earlier.kept[earlier.policy, same] if sheet.series in series]


def _with_print(earlier: Earlier, names: Names, wanted: Set[str] | None) -> list[Sheet]:
    found: list[Sheet] = []
    for name, sheet in _sheets(earlier.question, earlier.layout, _Of(names=names, records=earlier.records, own=earlier.own), wanted):
        protected = earlier.protected.get(name, {})
        ends = earlier.ranges[name][sheet.rows]
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

    def regrouped(self, sheet: Sheet, months: Sequence[str]) -> Regrouped | None:
        return self.names.regrouped(self.records, months, sheet.months, sheet.figure, sheet.dimensions)


def _sheets(question: Mapping[str, Any], layout: Layout, of: _Of, wanted: Set[str] | None = None) -> list[tuple[str, Sheet]]:
    """Of every series, or of those `wanted`."""
    whole = _months(question)
    series = [(each["name"], series_of(question, each)) for each in question["aggregates"]]
    series = [(name, each) for name, each in series if wanted is None or each in wanted]
    found: list[tuple[str, Sheet]] = []
    for number, (dimensions, monthly) in enumerate(question["groupings"]):
        for month in sorted(whole) if monthly else [None]:
            rows, codes, above = layout.chosen(number, month, dimensions)
            for name, each in series:
                over = sorted([month] if month else whole)
                months, assumed = of.months(over, name, each, dimensions)
                sheet = Sheet(
                    series=each, figure=name, dimensions=tuple(dimensions), months=months, codes=codes, above=above, rows=rows,
                    assumed=assumed,
                )  # fmt: skip
                found.append((name, replace(sheet, regrouped=of.regrouped(sheet, over))))
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
