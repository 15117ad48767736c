"""A new table and earlier ones as one problem of the attacker's.

Every figure of a series, by the codes of a grouping, is cut into the pieces of months that releases have in common: what was printed of
a year, of eleven of its months and of each month are sums of the same pieces. Pieces of a finer grouping add up to those of a coarser.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix, vstack

from farr.lab.disclosure.attack import Target
from farr.lab.disclosure.history.deliveries import compared, counted, deliveries, way_of
from farr.lab.disclosure.history.differing import Differing, holding, left_by_print
from farr.lab.disclosure.history.joined import History
from farr.lab.disclosure.history.months import Months, common
from farr.lab.disclosure.history.nested import Beside, Told
from farr.lab.disclosure.history.parts import ROUNDED, Part, common_spans, leftovers, parts_of, steps
from farr.lab.disclosure.history.sheet import Codes, Sheet
from farr.lab.disclosure.history.together import small_together, solutions
from farr.lab.disclosure.tables.cells import Cells
from farr.lab.model.dimension import AS_WAS
from farr.lab.model.question import AggregateKind

# More than the solver's own tolerance: what it finds possible of earlier figures is held to while new ones are looked at.
_AGREE_TO = 1e-6
# Of the size of a sum, in these units: Farr's own choice, a hundred times what adding up a million doubles may be off by.
_ROUNDING = 1e-4


def history_of(new: Sequence[Sheet], told: Told, cells: Cells, threshold: int, way: int = 0) -> History | None:
    """What earlier releases add to the sheets of a new one, whose `cells` number its figures (see relations.py); None where they tell
    nothing of its series. `way`: 1 where, of two deliveries of which figures do not tell, the new one is taken to have all records of the
    other, -1 where the other is to have all of its; 0: neither has, whatever figures tell."""
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
            true, largest = cells.values[sheet.figure], cells.top1.get(sheet.figure)
            build.add_new(parts[sheet.dimensions], sheet, blocks.index(sheet.figure) * rows, true, largest)
        for sheet in sheets:
            build.add_before(parts[sheet.dimensions], sheet)
        _join(build, parts)
        for sheet in sheets:
            build.regroup(parts[sheet.dimensions], sheet)
        build.protect_together(parts.values(), threshold)
        told_apart = deliveries([sheet.months for sheet in mine], [sheet.months for sheet in sheets])
        for part in parts.values():
            build.protect_differences(part, threshold)
        for delivery in told_apart:
            build.protect_changes(parts.values(), delivery, threshold, way, is_sum=bool(mine) and mine[0].figure in cells.top1)
    for each in told.beside:
        if each.exact:
            around, inside = (each.series, each.other) if each.inside else (each.other, each.series)
            build.nest(around, inside, every, threshold)
    for series in dict.fromkeys(each.series for each in told.beside):
        rounded = [each for each in told.beside if each.series == series and not each.exact]
        build.bound(series, rounded, every[series], threshold)
    return build.history()


@dataclass(frozen=True, kw_only=True)
class _Change:
    """Figures of one delivery and of another; by how much the ones are more than the others, where print tells about; how much is few,
    and how little is nothing."""

    ones: list[int]
    others: list[int]
    more: float | None
    few: float
    near: float


@dataclass
class _Entries:
    """What a matrix has in which line of which figure."""

    lines: list[int] = field(default_factory=list[int])
    figures: list[int] = field(default_factory=list[int])
    values: list[float] = field(default_factory=list[float])

    def add(self, line: int, figures: Sequence[int], value: float) -> None:
        self.lines += [line] * len(figures)
        self.figures += figures
        self.values += [value] * len(figures)

    def matrix(self, shape: tuple[int, int]) -> Any:
        places = np.array(self.lines, dtype=np.int32), np.array(self.figures, dtype=np.int32)
        return coo_matrix((np.array(self.values, dtype=float), places), shape=shape).tocsr()


@dataclass
class _Build:
    new_figures: int
    upper: list[float] = field(default_factory=list[float])
    entries: "_Entries" = field(default_factory=_Entries)
    new_entries: "_Entries" = field(default_factory=_Entries)
    sides: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    targets: list[Target] = field(default_factory=list[Target])
    free: set[int] = field(default_factory=set[int])
    derived: set[int] = field(default_factory=set[int])
    empty: set[int] = field(default_factory=set[int])
    shown: dict[tuple[tuple[str, ...], Codes], dict[Months, float]] = field(default_factory=dict[Any, Any])
    """Of the series at hand, by grouping and code, what is printed over which months, about, or may be."""
    every_shown: dict[str, dict[tuple[tuple[str, ...], Codes], dict[Months, float]]] = field(default_factory=dict[Any, Any])
    largest: dict[tuple[tuple[str, ...], Codes], dict[Months, float]] = field(default_factory=dict[Any, Any])
    """Of the sum at hand, by grouping and code, the largest contribution to what is printed over which months."""
    changes: set[int] = field(default_factory=set[int])
    one_way: bool = False
    guessed: bool = False
    rough: float = 0.0
    """How far what is printed of the series at hand may be from what it is, about."""
    near: float = 0.0
    """How far relations of the series at hand may be off."""
    begun: tuple[int, int, int] = (0, 0, 0)
    """How many figures, lines and entries there were before the series at hand."""
    true: dict[int, float] = field(default_factory=dict[int, float])
    """By line, what the figure of the new table is that its pieces are to come to."""

    def add_new(self, part: Part, sheet: Sheet, first: int, true: Any, largest: Any = None) -> None:
        """The figures of the new table, `true` by row, are sums of pieces."""
        for codes, row in zip(sheet.codes, sheet.rows, strict=True):
            line = self._line(part.of(codes, sheet.months), -self.near, self.near)
            self.new_entries.add(line, [first + int(row)], -1.0)
            self.true[line] = float(true[int(row)])
            self.shown.setdefault((part.dimensions, codes), {})[sheet.months] = float(true[int(row)])
            if largest is not None:
                self.largest.setdefault((part.dimensions, codes), {})[sheet.months] = float(largest[int(row)])
        self.empty.update(self._elsewhere(part, sheet))

    def add_before(self, part: Part, sheet: Sheet) -> None:
        """So are those that were printed, within what rounding left of them."""
        need = sheet.need or {}
        for place, codes in enumerate(sheet.codes):
            numbers, low, high = part.of(codes, sheet.months), float(sheet.low[place]), float(sheet.high[place])
            self._line(numbers, low - self.near, high + self.near)
            for number in numbers:
                self.upper[number] = min(self.upper[number], high + self.near)
            if np.isinf(high):
                self.free.update(numbers)
            else:
                self.shown.setdefault((part.dimensions, codes), {})[sheet.months] = (low + high) / 2
                self.rough = ROUNDED if low < high else self.rough
            if place in need:
                self._protect(numbers, need[place])
        for number in self._elsewhere(part, sheet):
            self.upper[number] = 0.0

    def regroup(self, part: Part, sheet: Sheet) -> None:
        """The same records by the codes of now: codes of which some have gone over into others count the same together, all others by
        themselves."""
        same = sheet.regrouped
        if same is None or not part.covers(same.months):
            return
        groups: dict[Codes, list[Codes]] = defaultdict(list)
        places = [at for at, name in enumerate(part.dimensions) if name in AS_WAS]
        for codes in part.place:
            alike = tuple(same.together.get(code or "", code) if at in places else code for at, code in enumerate(codes))
            groups[alike].append(codes)
            for months, gone in ((sheet.months, same.then), (same.months, same.now)):
                for number in part.of(codes, months) if any(codes[at] in gone for at in places) else ():
                    self.upper[number] = 0.0
        for group in groups.values():
            then, now = ([number for codes in group for number in part.of(codes, months)] for months in (sheet.months, same.months))
            self.relate(then, now)

    def protect_differences(self, part: Part, threshold: int) -> None:
        """Months that were never printed by themselves are a difference of sums: nobody may be sure that it is a small count and not
        nothing. What it truly is, nobody counted."""
        for codes in part.place:
            shown = self.shown.get((part.dimensions, codes), {})
            for months in (*part.differences, *leftovers(part, shown, threshold)):
                self._protect(part.of(codes, months), (0.0, threshold + 1.0), either=True)

    def protect_together(self, parts: Collection[Part], threshold: int) -> None:
        """The same of several months together, where exact figures of all codes tell what none of them was printed of."""
        if self.rough or self.near > _AGREE_TO or not any(part.open_together for part in parts):
            return
        figures, first = len(self.upper) - self.begun[0], self.begun[0]
        matrix, (low, high) = self._since(), np.array(self.sides[self.begun[1] :], dtype=float).reshape(-1, 2).T
        given = (low + high) / 2 + [self.true.get(self.begun[1] + line, 0.0) for line in range(len(low))]
        told = high - low <= 2 * self.near + _AGREE_TO
        nothing = np.flatnonzero(np.array(self.upper[first:]) == 0)
        nothing = np.union1d(nothing, [figure - first for figure in self.empty if figure >= first]).astype(int)
        none = coo_matrix((np.ones(len(nothing)), (np.arange(len(nothing)), nothing)), shape=(len(nothing), figures))
        of = solutions(vstack([matrix[told], none]).tocsr(), np.concatenate([given[told], np.zeros(len(nothing))]))
        for part in parts:
            for codes, months in small_together(part, of, first, threshold):
                self._protect(part.of(codes, months), (0.0, threshold + 1.0), either=True)

    def _since(self) -> Any:
        """What the lines of the series at hand have of its figures, shape (lines, figures)."""
        figures, lines, entries = self.begun
        places = np.array(self.entries.lines[entries:]) - lines, np.array(self.entries.figures[entries:]) - figures
        shape = (len(self.sides) - lines, len(self.upper) - figures)
        return coo_matrix((np.array(self.entries.values[entries:], dtype=float), places), shape=shape).tocsr()

    def protect_changes(self, parts: Iterable[Part], delivery: tuple[Months, Months], threshold: int, way: int, *, is_sum: bool) -> None:
        """Nobody may be sure that the one delivery of some months counts more, or fewer, than the other by a few: as many, or a difference
        of more than a few, must stay possible. The two are tied by nothing else, but where one seems to have all that the other has."""
        changes: list[_Change] = []
        for part in parts:
            for ones, others in compared(part, *delivery):
                for codes, place in part.place.items():
                    key = (part.dimensions, codes)
                    mine, theirs = (counted(part, self.shown.get(key, {}), places) for places in (ones, others))
                    change = _Change(
                        ones=[part.number(place, at) for at in ones], others=[part.number(place, at) for at in others],
                        more=None if mine is None or theirs is None else mine - theirs,
                        few=threshold * (self._largest(key, Months().union(*(part.pieces[at] for at in ones))) if is_sum else 1.0),
                        near=near_to(mine or 0.0),
                    )  # fmt: skip
                    changes.append(change)
        told = way_of([each.more for each in changes if each.more is not None], self.rough or self.near)
        self.guessed |= bool(changes) and told is None
        way = way and (way if told is None else told)
        for each in changes:
            if way:
                self.one_way = True
                self._never_less(*((each.ones, each.others) if way > 0 else (each.others, each.ones)), each.near)
            self._protect_change(each)

    def _protect_change(self, change: "_Change") -> None:
        more, few = change.more, change.few
        if more is not None and (abs(more) > few + self.rough or (abs(more) <= change.near and not self.rough)):
            return
        figure = self._difference(change)
        if more is None or more > -self.rough:
            self.targets.append(Target(figure=figure, low=0.0, high=few + 1.0, either=True))
        if more is None or more < self.rough:
            self.targets.append(Target(figure=figure, low=-few - 1.0, high=0.0, either=True))

    def begin(self, series: str, near: float) -> None:
        self.near, self.shown, self.largest, self.rough = near, self.every_shown.setdefault(series, {}), {}, 0.0
        self.begun = len(self.upper), len(self.sides), len(self.entries.lines)

    def nest(self, around: str, inside: str, every: Mapping[str, Mapping[tuple[str, ...], Part]], threshold: int) -> None:
        """No count of a cohort is less than one of a cohort inside it; and nobody may be sure that it is more by a few."""
        self.near = _AGREE_TO
        for dimensions in every[around].keys() & every[inside].keys():
            large, small = every[around][dimensions], every[inside][dimensions]
            for codes in large.place.keys() & small.place.keys():
                of_large, of_small = (self.every_shown[series].get((dimensions, codes), {}) for series in (around, inside))
                for large_pieces, small_pieces in common(large.pieces, small.pieces):
                    ones = [large.number(large.place[codes], piece) for piece in large_pieces]
                    others = [small.number(small.place[codes], piece) for piece in small_pieces]
                    self._never_less(ones, others, self.near)
                for months in common_spans(large, small, of_large, of_small, threshold):
                    self._protect_less(large.of(codes, months), small.of(codes, months), threshold)

    def bound(self, series: str, beside: Sequence[Beside], every: Mapping[tuple[str, ...], Part], threshold: int) -> None:
        """The same, of what print leaves of the other cohorts' figures by themselves, and of differences that hold others."""
        self.begin(series, _AGREE_TO)
        for each in beside:
            differing: list[Differing] = []
            for (dimensions, codes, months), (low, high) in left_by_print(tuple(each.sheets)).items():
                part = every.get(dimensions)
                if part is None or codes not in part.place or not part.covers(months):
                    continue
                least, most = (low, np.inf) if each.inside else (0.0, high)
                if least > 0 or most < np.inf:
                    self._line(part.of(codes, months), least, most)
                if high < np.inf and self._may_differ_by_few(dimensions, codes, months, (low + high) / 2, threshold):
                    differing.append(Differing(part=part, codes=codes, months=months, low=low, high=high))
            self._protect_differing(differing, threshold, inside=each.inside)

    def _protect_differing(self, differing: Sequence[Differing], threshold: int, *, inside: bool) -> None:
        """Nobody may be sure that the other cohort, `inside` or around, counts a few fewer or more."""
        numbers: list[int] = []
        for each in differing:
            other, less = len(self.upper), len(self.upper) + 1
            self.upper += [each.high, np.inf]
            self.free |= {other, less}
            self._line([other], each.low, each.high)
            mine = each.part.of(each.codes, each.months)
            self.relate(*((mine, [other, less]) if inside else ([other], [*mine, less])))
            self.targets.append(Target(figure=less, low=0.0, high=threshold + 1.0, either=True))
            numbers.append(less)
        for around, within in holding(differing):
            self._never_less([numbers[around]], [numbers[each] for each in within], self.near)

    def _may_differ_by_few(self, dimensions: tuple[str, ...], codes: Codes, months: Months, count: float, threshold: int) -> bool:
        about = self.shown.get((dimensions, codes), {}).get(months)
        return about is None or abs(about - count) <= threshold + ROUNDED

    def _never_less(self, ones: list[int], others: list[int], near: float) -> None:
        line = self._line(ones, -near, np.inf)
        self.entries.add(line, others, -1.0)

    def _difference(self, change: "_Change") -> int:
        """By how much the ones are more than the others, which may be less than nothing."""
        self.upper.append(np.inf)
        figure = len(self.upper) - 1
        self.free.add(figure)
        self.changes.add(figure)
        self.relate([figure, *change.others], change.ones, change.near)
        return figure

    def _largest(self, key: tuple[tuple[str, ...], Codes], months: Months) -> float:
        """What one person may make up of a sum over these months: no more than of any longer span; where none was asked for, of any."""
        around = [value for span, value in self.largest.get(key, {}).items() if months <= span]
        return min(around) if around else max((value for each in self.largest.values() for value in each.values()), default=0.0)

    def _protect_less(self, ones: list[int], others: list[int], threshold: int) -> None:
        self.upper.append(np.inf)
        self.free.add(len(self.upper) - 1)
        self.relate([len(self.upper) - 1, *others], ones)
        self.targets.append(Target(figure=len(self.upper) - 1, low=0.0, high=threshold + 1.0, either=True))

    def history(self) -> History:
        lines, extra = len(self.sides), len(self.upper)
        sides = np.array(self.sides, dtype=float).reshape(-1, 2)
        return History(
            lower=np.where(np.isin(np.arange(extra), sorted(self.changes)), -np.inf, 0.0),
            upper=np.where(np.isin(np.arange(extra), sorted(self.empty)), 0.0, self.upper),
            upper_before=np.array(self.upper),
            of_new=self.new_entries.matrix((lines, self.new_figures)),
            of_extra=self.entries.matrix((lines, extra)),
            low=sides[:, 0],
            high=sides[:, 1],
            free=np.isin(np.arange(extra), sorted(self.free)),
            derived=np.isin(np.arange(extra), sorted(self.derived)),
            targets=tuple(self.targets),
            one_way=self.one_way,
            guessed=self.guessed,
        )

    def relate(self, ones: Sequence[int], others: Sequence[int], near: float | None = None) -> None:
        """The ones add up to what the others add up to."""
        near = self.near if near is None else near
        self.entries.add(self._line(ones, -near, near), others, -1.0)

    def _line(self, numbers: Sequence[int], low: float, high: float) -> int:
        line = len(self.sides)
        self.sides.append((low, high))
        self.entries.add(line, numbers, 1.0)
        return line

    def _elsewhere(self, part: Part, sheet: Sheet) -> list[int]:
        """Codes that a release does not have counted nothing in its months."""
        return [number for codes in part.place.keys() - set(sheet.codes) for number in part.of(codes, sheet.months)]

    def _protect(self, numbers: list[int], need: tuple[float, float], *, either: bool = False) -> None:
        if len(numbers) > 1:
            self.upper.append(np.inf)
            self.relate([len(self.upper) - 1], numbers)
            numbers = [len(self.upper) - 1]
            self.free.update(numbers)
        self.targets.append(Target(figure=numbers[0], low=need[0], high=need[1], either=either))


def _near(sheets: Sequence[Sheet], cells: Cells) -> float:
    figure = next(figure for figure in cells.figures if figure.name == sheets[0].figure)
    return _AGREE_TO if figure.kind is AggregateKind.COUNT else near_to(float(cells.values[figure.name].max(initial=0.0)))


def near_to(size: float) -> float:
    """How far sums of this size may be off: those of a whole country, half a pound in five thousand million."""
    return _AGREE_TO * max(1.0, _ROUNDING * size)


def _join(build: _Build, parts: dict[tuple[str, ...], Part]) -> None:
    """What a finer grouping counts adds up to what a coarser one does, over the months that both were printed of."""
    for small, large in steps(list(parts.values())):
        into: dict[Codes, list[int]] = defaultdict(list)
        for place in small.place.values():
            into[tuple(small.above[name][place] for name in large.dimensions)].append(place)
        unprinted = {at for at, piece in enumerate(large.pieces) if piece not in large.printed}
        for small_pieces, large_pieces in common(small.pieces, large.pieces):
            for codes, place in large.place.items():
                totals = [large.number(place, piece) for piece in large_pieces]
                build.derived.update(number for number, piece in zip(totals, large_pieces, strict=True) if piece in unprinted)
                build.relate(totals, [small.number(each, piece) for piece in small_pieces for each in into.get(codes, [])])
