"""Two feeds of one organisation, as they were released: each a side of a pair."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from farr.lab.measures.released_rows import UNKNOWN, in_grouping, keys_of, numbers
from farr.lab.planning.feeds_compared.questions import (
    ATTENDANCES,
    CASEMIX,
    CHAPTER,
    CODING,
    DELIVERIES,
    DIAGNOSES,
    EPISODES,
    ITEMS,
    MONTHS,
    OUTPATIENTS,
    PAID,
    POD,
    POUNDS,
    SPELLS,
    UNGROUPED,
    WEIGHT,
    WEIGHTED,
    WEIGHTS,
)

_NAN = float("nan")
Amounts = Mapping[str, tuple[float, float]]
"""By code, spells and pounds; NaN where hidden."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """What a feed holds of the organisation. `months`: spells of every month of the period that it has any of, `paid` the pounds of each;
    `by_month` both by point of delivery. `chapters`, `cells` (chapter and point of delivery) and `coding` (spells, episodes, diagnoses,
    ungrouped, weighted, weight) are of all its months; `others` are items and pounds of outpatient and emergency attendances by month."""

    months: Mapping[str, float]
    paid: Mapping[str, float] = field(default_factory=dict[str, float])
    by_month: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict[tuple[str, str], tuple[float, float]], repr=False)
    chapters: Amounts = field(default_factory=dict[str, tuple[float, float]])
    cells: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict[tuple[str, str], tuple[float, float]], repr=False)
    coding: Mapping[str, float] = field(default_factory=dict[str, float])
    others: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict[tuple[str, str], tuple[float, float]], repr=False)

    def mean(self, name: str, of: str) -> float:
        """One figure of coding over another."""
        whole = self.coding.get(of, 0.0)
        return self.coding.get(name, _NAN) / whole if whole > 0 else _NAN


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The national feed and the client's own. `shared` are the months that both hold, in order."""

    national: Side
    client: Side
    shared: tuple[str, ...]

    @property
    def deliveries(self) -> dict[str, tuple[tuple[float, float], tuple[float, float]]]:
        """By point of delivery, spells and pounds of each side, over the months and points of delivery that both show."""
        return self._added(self.national.by_month, self.client.by_month, 1)

    @property
    def spells(self) -> tuple[float, float]:
        """Spells of each side over the months that both hold and show."""
        pairs = [(self.national.months[month], self.client.months[month]) for month in self.shared]
        shown = [pair for pair in pairs if np.isfinite(pair).all()]
        return (float(sum(one for one, _ in shown)), float(sum(two for _, two in shown))) if shown else (_NAN, _NAN)

    @property
    def pounds(self) -> tuple[float, float]:
        """Pounds of each side over the months that both hold and show; where no month is shown, over the points of delivery that are."""
        pairs = [(self.national.paid.get(month, _NAN), self.client.paid.get(month, _NAN)) for month in self.shared]
        shown = [pair for pair in pairs if np.isfinite(pair).all()] or [(one[1], two[1]) for one, two in self.deliveries.values()]
        return (float(sum(one for one, _ in shown)), float(sum(two for _, two in shown))) if shown else (_NAN, _NAN)

    def attended(self, name: str) -> tuple[float, float]:
        """Outpatient or emergency attendances of each side, over the months that both show; NaN where a side has none at all."""
        first, second = ({key: each for key, each in side.others.items() if key[1] == name} for side in (self.national, self.client))
        found = self._added(first, second, 1).get(name) if first and second else None
        return (_NAN, _NAN) if found is None else (found[0][0], found[1][0])

    def _added(
        self, first: Mapping[tuple[str, str], tuple[float, float]], second: Mapping[tuple[str, str], tuple[float, float]], place: int
    ) -> dict[str, tuple[tuple[float, float], tuple[float, float]]]:
        found: dict[str, list[float]] = {}
        for key in sorted({*first, *second}):
            figures = (*first.get(key, (0.0, 0.0)), *second.get(key, (0.0, 0.0)))
            if key[0] in self.shared and np.isfinite(figures).all():
                found[key[place]] = [sum(pair) for pair in zip(found.get(key[place], [0.0] * 4), figures, strict=True)]
        return {code: ((each[0], each[1]), (each[2], each[3])) for code, each in found.items()}

    @property
    def only_national(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.national.months) - set(self.client.months)))

    @property
    def only_client(self) -> tuple[str, ...]:
        return tuple(sorted(set(self.client.months) - set(self.national.months)))


def read_months(table: pa.Table, level: str, code: str, figure: str = SPELLS) -> dict[str, float]:
    """Spells, or pounds, by month of one organisation, from the answer to `feed.months`, or `feed.pounds`; months of which it has none are
    absent."""
    rows = in_grouping(table, 0)
    pairs = zip(keys_of(rows, (level, "month")), numbers(rows, figure).tolist(), strict=True)
    return {month: amount for (own, month), amount in pairs if own == code and amount != 0}


def read_side(tables: Mapping[str, pa.Table], level: str, code: str) -> Side:
    """One organisation's side, from the answers by name; what was not answered is empty."""
    no_cells: dict[tuple[str, ...], tuple[float, float]] = {}
    cells, chapters = (
        no_cells if CASEMIX not in tables else _amounts(tables[CASEMIX], place, level, code, columns)
        for place, columns in enumerate(((CHAPTER, POD), (CHAPTER,)))
    )
    by_month = no_cells if DELIVERIES not in tables else _amounts(tables[DELIVERIES], 0, level, code, ("month", POD))
    others = {
        (month, name): each
        for name in (OUTPATIENTS, ATTENDANCES)
        if name in tables
        for (month,), each in _amounts(tables[name], 0, level, code, ("month",), ITEMS).items()
    }
    return Side(
        months=read_months(tables[MONTHS], level, code),
        paid=read_months(tables[POUNDS], level, code, PAID) if POUNDS in tables else {},
        by_month={(key[0], key[1]): each for key, each in by_month.items()},
        chapters={key[0]: each for key, each in chapters.items()}, cells={(key[0], key[1]): each for key, each in cells.items()},
        coding=_coding(tables, level, code), others=others,
    )  # fmt: skip


def _amounts(
    table: pa.Table, grouping: int, level: str, code: str, columns: tuple[str, ...], items: str = SPELLS
) -> dict[tuple[str, ...], tuple[float, float]]:
    rows = in_grouping(table, grouping)
    keys = keys_of(rows, (level, *columns))
    figures = zip(numbers(rows, items).tolist(), numbers(rows, PAID).tolist(), strict=True)
    return {key[1:]: each for key, each in zip(keys, figures, strict=True) if key[0] == code}


def _coding(tables: Mapping[str, pa.Table], level: str, code: str) -> dict[str, float]:
    """An organisation that is not listed among the ungrouped has none of them."""
    found: dict[str, float] = {}
    for name, figures in ((CODING, (SPELLS, EPISODES, DIAGNOSES)), (WEIGHTS, (WEIGHTED, WEIGHT)), (UNGROUPED, (UNGROUPED,))):
        if name not in tables:
            continue
        rows = in_grouping(tables[name], 0)
        places = [place for place, (own,) in enumerate(keys_of(rows, (level,))) if own == code]
        found |= {figure: float(numbers(rows, figure)[places[0]]) for figure in figures} if places else {}
        if name == UNGROUPED and not places:
            found[UNGROUPED] = 0.0
    return found


def shown_in_both(
    first: Mapping[str, tuple[float, float]], second: Mapping[str, tuple[float, float]], place: int
) -> dict[str, tuple[float, float]]:
    """By code, the figure at `place` of each, where both are shown; what one has and the other has not is nothing there."""
    pairs = {code: (first.get(code, (0.0, 0.0))[place], second.get(code, (0.0, 0.0))[place]) for code in sorted({*first, *second})}
    return {code: pair for code, pair in pairs.items() if code != UNKNOWN and np.isfinite(pair).all()}
