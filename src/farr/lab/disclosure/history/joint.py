"""A new table and earlier ones as one problem of the attacker's.

Every figure of a series, by the codes of a grouping, is cut into the pieces of months that releases have in common: what was printed of
a year, of eleven of its months and of each month are sums of the same pieces. Pieces of a finer grouping add up to those of a coarser.
"""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import highspy
import numpy as np
from scipy.sparse import bmat, coo_matrix, hstack

from farr.lab.disclosure.attack import AuditError, Knowledge, Target
from farr.lab.disclosure.attack.audit import Reach
from farr.lab.disclosure.attack.knowledge import TOLERANCE
from farr.lab.disclosure.attack.solver import DUAL, model_of
from farr.lab.disclosure.history.months import Months, common
from farr.lab.disclosure.history.nested import Beside, Told
from farr.lab.disclosure.history.parts import ROUNDED, Part, common_spans, leftovers, parts_of, steps
from farr.lab.disclosure.history.sheet import Codes, Sheet
from farr.lab.disclosure.tables.cells import Cells
from farr.lab.disclosure.tables.view import View
from farr.lab.model.question import AggregateKind

# More than the solver's own tolerance: what it finds possible of earlier figures is held to while new ones are looked at.
_AGREE_TO = 1e-6
_MORE_THAN_A_FEW = 20.0


class Contradiction(AuditError):
    """Earlier figures are of other data than the new ones."""


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """`extra` unknown figures beside the new ones, none below nought and none above `upper`, shape (extra,), nor, by earlier releases
    alone, above `upper_before`; relations `low` ≤ `of_new` · new + `of_extra` · extra ≤ `high`; the masks `free`, of those extra ones that
    were hidden, and `derived`, of those that no release prints by themselves, but finer ones that add up to them; and what earlier releases
    protect."""

    upper: Any
    upper_before: Any
    of_new: Any
    of_extra: Any
    low: Any
    high: Any
    free: Any
    derived: Any
    targets: tuple[Target, ...]

    def view(self, view: View, deadline: float) -> "Joined":
        """The new table's view with the extra figures, which belong to a row that is never hidden. Raises Contradiction where the
        earlier figures and the new ones cannot all be true."""
        extra, new = len(self.upper), len(view.truth)
        bounds = np.column_stack([np.zeros(extra), self.upper])
        mine = [replace(target, figure=target.figure + new) for target in self.targets]
        return Joined(
            history=self,
            rows=view.rows + 1,
            row_of=np.concatenate([view.row_of, np.full(extra, view.rows)]),
            size=np.append(view.size, 0.0),
            shown=np.concatenate([view.shown, bounds]),
            hidden=np.concatenate([view.hidden, bounds]),
            truth=np.concatenate([view.truth, self._possible(view.truth, deadline)]),
            matrix=self._matrix(view.matrix),
            low=np.concatenate([view.low, self.low]),
            high=np.concatenate([view.high, self.high]),
            first=np.append(view.first, False),
            targets=(*view.targets, *mine),
        )

    def knowledge(self, knowledge: Knowledge) -> Knowledge:
        """What an attacker knows who holds the earlier releases too."""
        extra = len(self.upper)
        return Knowledge(
            lower=np.concatenate([knowledge.lower, np.zeros(extra)]),
            upper=np.concatenate([knowledge.upper, self.upper]),
            matrix=self._matrix(knowledge.matrix),
            low=np.concatenate([knowledge.low, self.low]),
            high=np.concatenate([knowledge.high, self.high]),
            printed=self.printed(knowledge.printed),
        )

    def _matrix(self, matrix: Any) -> Any:
        return bmat([[matrix, None], [self.of_new, self.of_extra]], format="csr")

    def printed(self, new: Any) -> Any:
        """What is printed of all figures, a mask, where `new`, a mask, is what is printed of the new ones: of the extra ones those that
        some release prints, unless they are part of new ones that are hidden."""
        inside = abs(self.of_extra)
        found = self.free | _beside(inside, abs(self.of_new) @ (~new).astype(float) > 0)
        while np.any(more := self.derived & ~found & _beside(inside, inside @ found.astype(float) > 0)):
            found |= more
        return np.concatenate([new, ~found])

    def _possible(self, truth: Any, deadline: float) -> Any:
        """Some values of the extra figures that are possible with the true new ones, most of them more than a few. Raises Contradiction."""
        given = self.of_new @ truth
        few = np.minimum(self.upper, _MORE_THAN_A_FEW)
        model = model_of(
            np.zeros(2 * len(self.upper)), np.concatenate([few, self.upper - few]), hstack([self.of_extra, self.of_extra]).tocsr(),
            self.low - given, self.high - given, costs=np.concatenate([np.full(len(few), -1.0), np.zeros(len(few))]),
            strategy=DUAL, seconds=deadline - time.monotonic(),
        )  # fmt: skip
        model.setOptionValue("presolve", "on")
        model.run()
        if model.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise Contradiction("earlier figures and the new ones cannot all be true")
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise AuditError("the solver did not find out whether earlier figures and the new ones can all be true")
        values = np.array(model.getSolution().col_value)
        return values[: len(few)] + values[len(few) :]


def _beside(inside: Any, lines: Any) -> Any:
    """The figures, a mask, that one of these lines, a mask, has."""
    return inside.T @ lines.astype(float) > 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Joined(View):
    """New figures, and then the extra ones of earlier releases, in a last row of their own."""

    history: History

    def without_new(self) -> Knowledge:
        """What an attacker knows before the new table is printed: neither that hidden rows are not empty, nor which rows are not there."""
        new, extra = len(self.truth) - len(self.history.upper), len(self.history.upper)
        return replace(
            self.knowledge(np.ones(self.rows, dtype=bool)),
            lower=np.zeros(new + extra),
            upper=np.concatenate([np.full(new, np.inf), self.history.upper_before]),
        )

    def knowledge(self, hidden: Any) -> Knowledge:
        known = super().knowledge(hidden)
        return replace(known, printed=self.history.printed(known.printed[: len(known.printed) - len(self.history.upper)]))


def within_reach(joined: Joined, unmet: Any, deadline: float, *, new: bool) -> Joined:
    """The same, where those `unmet`, a mask of shape (targets,), that earlier releases protect are asked for no more than these leave by
    themselves: what they gave away is not taken back by hiding now, and must not be narrowed further. So are `new` ones, if that is
    said."""
    earlier = np.array([joined.row_of[target.figure] == joined.rows - 1 for target in joined.targets], dtype=bool)
    places = np.flatnonzero(unmet & (earlier | new))
    knowledge = joined.without_new()
    reach = Reach([joined.targets[place] for place in places])
    reach.meet(knowledge, joined.truth, deadline, one_by_one=False)
    reach.decide(knowledge, deadline)
    targets = list(joined.targets)
    for place, least, most in zip(places, reach.least, reach.greatest, strict=True):
        targets[place] = _within(targets[place], float(least), float(most))
    return replace(joined, targets=tuple(targets))


def _within(target: Target, least: float, most: float) -> Target:
    low, high = least <= target.low + TOLERANCE, most >= target.high - TOLERANCE
    if target.either and (low or high):
        return replace(target, low=target.low if low else -np.inf, high=target.high if high else np.inf)
    near = TOLERANCE / 2  # so that the very end need not be reached again to the last digit
    return replace(target, low=target.low if low else least + near, high=target.high if high else most - near)


def history_of(new: Sequence[Sheet], told: Told, cells: Cells, threshold: int) -> History | None:
    """What earlier releases add to the sheets of a new one, whose `cells` number its figures (see relations.py); None where they tell
    nothing of its series."""
    known = {sheet.series for sheet in new}
    if not any(sheet.series in known for sheet in told.sheets) and not told.beside:
        return None
    before = {sheet.series: list[Sheet]() for sheet in (*told.sheets, *new) if sheet.series in known}
    for sheet in told.sheets:
        before.get(sheet.series, []).append(sheet)
    before = {series: sheets for series, sheets in before.items() if sheets or any(each.series == series for each in told.beside)}
    before |= {each.other: list(each.sheets) for each in told.beside if each.exact}
    blocks, rows = list(cells.values), cells.count
    build = _Build(new_figures=(len(blocks) + len(cells.complements())) * rows)
    every: dict[str, dict[tuple[str, ...], Part]] = {}
    for series, sheets in before.items():
        mine = [sheet for sheet in new if sheet.series == series]
        build.begin(series, _near(mine, cells) if mine else _AGREE_TO)
        exact = [each for each in told.beside if each.exact]
        others = [sheet for each in exact if each.series == series for sheet in each.sheets]
        others += [sheet for each in exact if each.other == series for sheet in new if sheet.series == each.series]
        parts = every[series] = parts_of([*mine, *sheets], first=len(build.upper), beside=others)
        build.upper += [np.inf] * sum(part.size for part in parts.values())
        for sheet in mine:
            build.add_new(parts[sheet.dimensions], sheet, blocks.index(sheet.figure) * rows, cells.values[sheet.figure])
        for sheet in sheets:
            build.add_before(parts[sheet.dimensions], sheet)
        _join(build, parts)
        for part in parts.values():
            build.protect_differences(part, threshold)
    for each in told.beside:
        if each.exact:
            around, inside = (each.series, each.other) if each.inside else (each.other, each.series)
            build.nest(around, inside, every, threshold)
    for series in dict.fromkeys(each.series for each in told.beside):
        rounded = [each for each in told.beside if each.series == series and not each.exact]
        build.bound(series, rounded, every[series], threshold)
    return build.history()


@dataclass
class _Build:
    new_figures: int
    upper: list[float] = field(default_factory=list[float])
    entries: list[tuple[int, int, float]] = field(default_factory=list[tuple[int, int, float]])
    new_entries: list[tuple[int, int, float]] = field(default_factory=list[tuple[int, int, float]])
    sides: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    targets: list[Target] = field(default_factory=list[Target])
    free: set[int] = field(default_factory=set[int])
    derived: set[int] = field(default_factory=set[int])
    empty: set[int] = field(default_factory=set[int])
    shown: dict[tuple[tuple[str, ...], Codes], dict[Months, float]] = field(default_factory=dict[Any, Any])
    """Of the series at hand, by grouping and code, what is printed over which months, about, or may be."""
    every_shown: dict[str, dict[tuple[tuple[str, ...], Codes], dict[Months, float]]] = field(default_factory=dict[Any, Any])
    near: float = 0.0
    """How far relations of the series at hand may be off."""

    def add_new(self, part: Part, sheet: Sheet, first: int, true: Any) -> None:
        """The figures of the new table, `true` by row, are sums of pieces."""
        for codes, row in zip(sheet.codes, sheet.rows, strict=True):
            line = self._line(self._pieces(part, codes, sheet.months), -self.near, self.near)
            self.new_entries.append((line, first + int(row), -1.0))
            self.shown.setdefault((part.dimensions, codes), {})[sheet.months] = float(true[int(row)])
        self.empty.update(self._elsewhere(part, sheet))

    def add_before(self, part: Part, sheet: Sheet) -> None:
        """So are those that were printed, within what rounding left of them."""
        need = sheet.need or {}
        for place, codes in enumerate(sheet.codes):
            numbers, low, high = self._pieces(part, codes, sheet.months), float(sheet.low[place]), float(sheet.high[place])
            self._line(numbers, low - self.near, high + self.near)
            for number in numbers:
                self.upper[number] = min(self.upper[number], high + self.near)
            if np.isinf(high):
                self.free.update(numbers)
            else:
                self.shown.setdefault((part.dimensions, codes), {})[sheet.months] = (low + high) / 2
            if place in need:
                self._protect(numbers, need[place])
        for number in self._elsewhere(part, sheet):
            self.upper[number] = 0.0

    def protect_differences(self, part: Part, threshold: int) -> None:
        """Months that were never printed by themselves are a difference of sums: nobody may be sure that it is a small count and not
        nothing. What it truly is, nobody counted."""
        for codes in part.place:
            shown = self.shown.get((part.dimensions, codes), {})
            for months in (*part.differences, *leftovers(part, shown, threshold)):
                self._protect(self._pieces(part, codes, months), (0.0, threshold + 1.0), either=True)

    def begin(self, series: str, near: float) -> None:
        self.near, self.shown = near, self.every_shown.setdefault(series, {})

    def nest(self, around: str, inside: str, every: Mapping[str, Mapping[tuple[str, ...], Part]], threshold: int) -> None:
        """No count of a cohort is less than one of a cohort inside it; and nobody may be sure that it is more by a few."""
        self.near = _AGREE_TO
        for dimensions in every[around].keys() & every[inside].keys():
            large, small = every[around][dimensions], every[inside][dimensions]
            for codes in large.place.keys() & small.place.keys():
                of_large, of_small = (self.every_shown[series].get((dimensions, codes), {}) for series in (around, inside))
                for large_pieces, small_pieces in common(large.pieces, small.pieces):
                    ones = [int(large.numbers(large.place[codes], piece)) for piece in large_pieces]
                    others = [int(small.numbers(small.place[codes], piece)) for piece in small_pieces]
                    self._never_less(ones, others)
                for months in common_spans(large, small, of_large, of_small, threshold):
                    self._protect_less(self._pieces(large, codes, months), self._pieces(small, codes, months), threshold)

    def bound(self, series: str, beside: Sequence[Beside], every: Mapping[tuple[str, ...], Part], threshold: int) -> None:
        """The same, of what print leaves of the other cohorts' figures by themselves."""
        self.begin(series, _AGREE_TO)
        found: dict[tuple[tuple[str, ...], Codes, Months], tuple[float, float]] = {}
        for each in beside:
            for sheet in each.sheets:
                part = every.get(sheet.dimensions)
                if part is None or not part.covers(sheet.months):
                    continue
                for codes, low, high in zip(sheet.codes, sheet.low.tolist(), sheet.high.tolist(), strict=True):
                    if codes not in part.place:
                        continue
                    key = (sheet.dimensions, codes, sheet.months)
                    least, most = found.get(key, (0.0, np.inf))
                    found[key] = (max(least, low), most) if each.inside else (least, min(most, high))
                    about = self.every_shown[series].get(key[:2], {}).get(sheet.months)
                    if np.isfinite(high) and (about is None or abs(about - (low + high) / 2) <= threshold + ROUNDED):
                        ends = (high, low + threshold + 1.0) if each.inside else (max(high - threshold - 1.0, 0.0), low)
                        self._protect(self._pieces(part, codes, sheet.months), ends, either=True)
        for (dimensions, codes, months), (low, high) in found.items():
            if low > 0 or high < np.inf:
                self._line(self._pieces(every[dimensions], codes, months), low, high)

    def _never_less(self, ones: list[int], others: list[int]) -> None:
        line = self._line(ones, -self.near, np.inf)
        self.entries += [(line, number, -1.0) for number in others]

    def _protect_less(self, ones: list[int], others: list[int], threshold: int) -> None:
        self.upper.append(np.inf)
        self.free.add(len(self.upper) - 1)
        self.relate([len(self.upper) - 1, *others], ones)
        self.targets.append(Target(figure=len(self.upper) - 1, low=0.0, high=threshold + 1.0, either=True))

    def history(self) -> History:
        lines, extra = len(self.sides), len(self.upper)
        sides = np.array(self.sides, dtype=float).reshape(-1, 2)
        return History(
            upper=np.where(np.isin(np.arange(extra), sorted(self.empty)), 0.0, self.upper),
            upper_before=np.array(self.upper),
            of_new=_matrix(self.new_entries, (lines, self.new_figures)),
            of_extra=_matrix(self.entries, (lines, extra)),
            low=sides[:, 0],
            high=sides[:, 1],
            free=np.isin(np.arange(extra), sorted(self.free)),
            derived=np.isin(np.arange(extra), sorted(self.derived)),
            targets=tuple(self.targets),
        )

    def relate(self, ones: Any, others: Any) -> None:
        """The ones add up to what the others add up to."""
        line = self._line([int(number) for number in ones], -self.near, self.near)
        self.entries += [(line, int(number), -1.0) for number in others]

    def _line(self, numbers: Sequence[int], low: float, high: float) -> int:
        line = len(self.sides)
        self.sides.append((low, high))
        self.entries += [(line, number, 1.0) for number in numbers]
        return line

    def _pieces(self, part: Part, codes: Codes, months: Months) -> list[int]:
        return [int(part.numbers(part.place[codes], at)) for at, piece in enumerate(part.pieces) if piece <= months]

    def _elsewhere(self, part: Part, sheet: Sheet) -> list[int]:
        """Codes that a release does not have counted nothing in its months."""
        return [number for codes in part.place.keys() - set(sheet.codes) for number in self._pieces(part, codes, sheet.months)]

    def _protect(self, numbers: list[int], need: tuple[float, float], *, either: bool = False) -> None:
        if len(numbers) > 1:
            self.upper.append(np.inf)
            self.relate([len(self.upper) - 1], numbers)
            numbers = [len(self.upper) - 1]
            self.free.update(numbers)
        self.targets.append(Target(figure=numbers[0], low=need[0], high=need[1], either=either))


def _near(sheets: Sequence[Sheet], cells: Cells) -> float:
    figure = next(figure for figure in cells.figures if figure.name == sheets[0].figure)
    size = 1.0 if figure.kind is AggregateKind.COUNT else max(1.0, float(cells.values[figure.name].max(initial=0.0)))
    return _AGREE_TO * size


def _join(build: _Build, parts: dict[tuple[str, ...], Part]) -> None:
    """What a finer grouping counts adds up to what a coarser one does, over the months that both were printed of."""
    for small, large in steps(list(parts.values())):
        into: dict[Codes, list[int]] = defaultdict(list)
        for place in small.place.values():
            into[tuple(small.above[name][place] for name in large.dimensions)].append(place)
        unprinted = {at for at, piece in enumerate(large.pieces) if piece not in large.printed}
        for small_pieces, large_pieces in common(small.pieces, large.pieces):
            for codes, place in large.place.items():
                totals = [int(large.numbers(place, piece)) for piece in large_pieces]
                build.derived.update(number for number, piece in zip(totals, large_pieces, strict=True) if piece in unprinted)
                build.relate(totals, [number for piece in small_pieces for number in small.numbers(into.get(codes, []), piece)])


def _matrix(entries: Sequence[tuple[int, int, float]], shape: tuple[int, int]) -> Any:
    lines, figures, values = (np.array(each) for each in zip(*entries, strict=True)) if entries else (np.zeros(0),) * 3
    return coo_matrix((values.astype(float), (lines.astype(int), figures.astype(int))), shape=shape).tocsr()
