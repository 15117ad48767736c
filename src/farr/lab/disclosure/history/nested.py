"""Cohorts that lie within each other: what an earlier release counts of one, less what is counted now of the other, are people too.

A hospital's spells, and all of them but those of one rare kind, differ by these. Nobody may be sure that such a difference is a count of
few: none, or more than a few, must stay possible, as of months that were never printed by themselves.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from farr.lab.disclosure.history.months import Months
from farr.lab.disclosure.history.parts import ROUNDED
from farr.lab.disclosure.history.sheet import Sheet, series_of
from farr.lab.disclosure.vault import Nested
from farr.lab.model.question import AggregateKind, Question


@dataclass(frozen=True, kw_only=True, eq=False)
class Beside:
    """A sheet of an earlier release, of a cohort that lies within the one that `series` counts, or else around it."""

    series: str
    sheet: Sheet
    inside: bool

    def ends(self, place: int, threshold: int) -> tuple[float, float] | None:
        """What one count of `series` must be left to be, one of the two: as many as the earlier one, or more than a few apart from it.
        None where the earlier one is hidden, and says nothing."""
        low, high = float(self.sheet.low[place]), float(self.sheet.high[place])
        if not np.isfinite(high):
            return None
        apart = threshold + 1.0
        return (high, low + apart) if self.inside else (max(high - apart, 0.0), low)

    def may_be_few(self, place: int, about: float | None, threshold: int) -> bool:
        """Whether the two may differ by few, where `about` so many are counted of the new one; None where that is not known."""
        middle = (float(self.sheet.low[place]) + float(self.sheet.high[place])) / 2
        return about is None or abs(about - middle) <= threshold + ROUNDED


@dataclass(frozen=True, kw_only=True, eq=False)
class Told:
    """What earlier releases tell of the figures of a new one: `sheets` of the same series, and those `beside` them."""

    sheets: Sequence[Sheet]
    beside: Sequence[Beside] = ()

    @property
    def is_assumed(self) -> bool:
        """Whether any of it is only taken to be of the same records."""
        return any(sheet.assumed for sheet in (*self.sheets, *(each.sheet for each in self.beside)))

    def without_assumed(self) -> "Told":
        return Told(
            sheets=[sheet for sheet in self.sheets if not sheet.assumed], beside=[each for each in self.beside if not each.sheet.assumed]
        )


def beside_of(question: Question, nested: Iterable[Nested], sheets: Iterable[Sheet]) -> tuple[list[Sheet], list[Beside]]:
    """Of the sheets of other series, as ones of the question's own those that count the very same rows, and those of cohorts that lie
    within or around one of its own."""
    canonical, sheets = question.canonical(), list(sheets)
    series = {each["name"]: series_of(canonical, each) for each in canonical["aggregates"]}
    lying: dict[str, list[Nested]] = {}
    for each in nested:
        lying.setdefault(each.series, []).append(each)
    same: list[Sheet] = []
    beside: list[Beside] = []
    for of_series, each in ((of_series, each) for of_series, lie in lying.items() for each in lie):
        mine, theirs = series[each.figure], [sheet for sheet in sheets if sheet.series == of_series]
        if each.within and each.around:
            same += [replace(sheet, series=mine) for sheet in theirs]
        else:
            beside += [Beside(series=mine, sheet=sheet, inside=each.around) for sheet in (*theirs, *_left(theirs))]
    return same, beside


def _left(sheets: Sequence[Sheet]) -> list[Sheet]:
    """What printed months leave of others: of each sheet without one that lies in it, and without all of its smallest that do not meet."""
    by_dimensions: dict[tuple[str, ...], dict[Months, Sheet]] = {}
    for sheet in sheets:
        by_dimensions.setdefault(sheet.dimensions, {})[sheet.months] = sheet
    found: list[Sheet] = []
    for spans in by_dimensions.values():
        left: dict[Months, Sheet] = {}
        for months, whole in spans.items():
            inside = sorted((each for other, each in spans.items() if other < months), key=lambda each: len(each.months))
            apart: list[Sheet] = []
            for each in inside:
                if not any(each.months & other.months for other in apart):
                    apart.append(each)
            for each in inside:
                left.setdefault(months - each.months, _less(whole, [each]))
            if apart:
                left.setdefault(months.difference(*(each.months for each in apart)), _less(whole, apart))
        found += [sheet for months, sheet in left.items() if months and months not in spans]
    return found


def _less(whole: Sheet, parts: Sequence[Sheet]) -> Sheet:
    """The sheet without some of its months; a code that a part does not have counts nothing in it."""
    low, high = np.array(whole.low, dtype=float), np.array(whole.high, dtype=float)
    for part in parts:
        place = {codes: at for at, codes in enumerate(part.codes)}
        for at, codes in enumerate(whole.codes):
            if codes in place:
                low[at] -= part.high[place[codes]]
                high[at] -= part.low[place[codes]]
    months = whole.months.difference(*(part.months for part in parts))
    assumed = whole.assumed or any(part.assumed for part in parts)
    return replace(whole, months=months, low=np.maximum(low, 0.0), high=high, need=None, assumed=assumed)


def spans_of(beside: Iterable[Beside]) -> dict[tuple[str, ...], set[Months]]:
    """By dimensions, the months that they are printed of."""
    found: dict[tuple[str, ...], set[Months]] = {}
    for each in beside:
        found.setdefault(each.sheet.dimensions, set()).add(each.sheet.months)
    return found


def count_series(question: Question) -> Mapping[str, str]:
    """The series of the question's counts, by figure."""
    canonical = question.canonical()
    counts = [each for each in canonical["aggregates"] if each["kind"] == AggregateKind.COUNT.value]
    return {each["name"]: series_of(canonical, each) for each in counts}
