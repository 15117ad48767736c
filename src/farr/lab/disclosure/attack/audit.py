"""Which hidden figures an attacker can narrow too far, and how far each can be narrowed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from farr.lab.disclosure.attack.deadline import Deadline
from farr.lab.disclosure.attack.insiders import ANYBODY, OUTSIDERS, Insiders
from farr.lab.disclosure.attack.knowledge import TOLERANCE, AuditError, Knowledge, Target, is_possible, keeps_to, tightened
from farr.lab.disclosure.attack.merged import Merged, apart, merged
from farr.lab.disclosure.attack.parts import Part, parts
from farr.lab.disclosure.attack.solver import Solver


def failing(
    knowledge: Knowledge, targets: Sequence[Target], *, truth: Any = None, witnesses: Iterable[Any] = (), seconds: float = 60.0
) -> list[Target]:
    """The targets whose interval an attacker can narrow. Raises AuditError if that cannot be decided for every one. `witnesses` are points,
    shape (figures,), that may be possible: those that prove to be need not be found again.

    With the `truth`, shape (figures,), most are decided in small parts: first with all that is printed held at its true value, which
    allows for less than the attacker must, and only what is not met there with everything that is not known exactly."""
    if not targets:
        return []
    reach, deadline = Reach(targets, knowledge.insiders), Deadline(seconds)
    for point in witnesses:
        if reach.would_gain(point) and is_possible(knowledge, point):
            reach.note(point)
    if truth is not None:
        if not is_possible(knowledge, truth) or not reach.is_possible_to_anybody(truth):
            raise AuditError("the truth does not fit what the attacker is taken to know")
        reach.meet(knowledge, truth, deadline)
    reach.decide(knowledge, deadline)
    return reach.unmet()


def interval(knowledge: Knowledge, figure: int, *, seconds: float = 60.0) -> tuple[float, float]:
    """The least and greatest value that the figure can have (infinity where nothing bounds it). Raises AuditError."""
    ((low, high),) = intervals(knowledge, [figure], seconds=seconds)
    return float(low), float(high)


def intervals(knowledge: Knowledge, figures: Sequence[int], *, seconds: float = 60.0) -> Any:
    """The least and greatest value of each figure, shape (len(figures), 2): the least to insiders but for whoever contributes most to it,
    the greatest to all of them. Raises AuditError."""
    deadline = Deadline(seconds)
    fixed = knowledge.lower == knowledge.upper
    found = np.column_stack([knowledge.lower, knowledge.upper]).astype(float)
    for part in parts(knowledge, fixed, knowledge.lower, [figure for figure in figures if not fixed[figure]]):
        known = tightened(part.knowledge)
        solver = Solver(known, deadline)
        for place in np.flatnonzero(np.isin(part.figures, figures)):
            whose = OUTSIDERS if known.insiders is None else int(known.insiders.whose[place])
            for at, highest in enumerate((False, True)):
                solver.allow(known.least(ANYBODY if highest else whose))
                found[part.figures[place], at] = solver.extreme(int(place), highest=highest)[place]
    return found[list(figures)]


_FEW = 40  # targets, which are sooner met each by itself
_SEED = 1876  # the same knowledge is looked at in the same way
_MANY = 0.75  # of a round's targets must be left at most, or the next round costs more than each by itself
_KEPT = 20_000_000  # figures of points, at eight bytes each


@dataclass(frozen=True, eq=False)
class Point:
    """A point, shape (figures of the whole,), that was found possible: as `around`, but for the `values` of these `figures`."""

    around: Any
    figures: Any
    values: Any

    def whole(self) -> Any:
        found = self.around.copy()
        found[self.figures] = self.values
        return found


class Reach:
    """The least and greatest value seen for each target in any feasible point."""

    def __init__(self, targets: Sequence[Target], insiders: Insiders | None = None) -> None:
        self.targets, self.insiders = targets, insiders
        self.figures = np.array([target.figure for target in targets], dtype=int)
        self.need_low = np.array([target.low for target in targets])
        self.need_high = np.array([target.high for target in targets])
        self.either = np.array([target.either for target in targets], dtype=bool)
        self.against = np.array([target.against for target in targets], dtype=int)
        self.least = np.full(len(targets), np.inf)
        self.greatest = np.full(len(targets), -np.inf)
        self.points: list[Point] | None = None
        self._kept = 0

    @classmethod
    def keeping(cls, targets: Sequence[Target], insiders: Insiders | None = None) -> "Reach":
        """One that keeps the points that it is told of, for those to whom it has to be shown."""
        reach = cls(targets, insiders)
        reach.points = []
        return reach

    def asked(self, targets: Sequence[Target]) -> "Reach":
        """What was seen so far, of targets for the same figures; what is seen later of the one is not of the other."""
        reach = Reach(targets, self.insiders)
        reach.least, reach.greatest = self.least.copy(), self.greatest.copy()
        reach.points, reach._kept = None if self.points is None else list(self.points), self._kept
        return reach

    def keep(self, point: Point) -> None:
        if self.points is not None and self._kept < _KEPT:
            self.points.append(point)
            self._kept += len(point.values)

    def unmet(self) -> list[Target]:
        return [self.targets[place] for place in map(int, np.flatnonzero(~self.are_met()))]

    def are_met(self) -> Any:
        return self.met(highest=False) & self.met(highest=True)

    def met(self, *, highest: bool) -> Any:
        """Whether no more is needed at that end: where either end will do, that is so at both as soon as one was seen."""
        low, high = self.least <= self.need_low + TOLERANCE, self.greatest >= self.need_high - TOLERANCE
        return (high if highest else low) | (self.either & (low | high))

    def note(self, point: Any) -> None:
        """Takes note of a feasible point of the whole, shape (figures,)."""
        self.keep(Point(point, slice(None), point))
        which = np.flatnonzero(self.told_by(self.against, self.insiders, point))
        self.note_some(which, point[self.figures[which]])

    def is_possible_to_anybody(self, point: Any) -> bool:
        return self.insiders is None or self.insiders.possible_to(point) == ANYBODY

    @staticmethod
    def told_by(against: Any, insiders: Insiders | None, point: Any) -> Any:
        """To which targets a possible point says something, a mask: not to those against somebody who knows that it is not the truth."""
        whom = ANYBODY if insiders is None else insiders.possible_to(point)
        return np.full(len(against), True) if whom == ANYBODY else (against == OUTSIDERS) | (against == whom)

    def would_gain(self, point: Any) -> bool:
        """Whether a target that is not met would be further reached by the point."""
        values = point[self.figures]
        return bool(np.any(((values < self.least) & ~self.met(highest=False)) | ((values > self.greatest) & ~self.met(highest=True))))

    def note_along(self, knowledge: Knowledge, truth: Any, direction: Any) -> None:
        """Takes note of the points truth + t · direction, t of either sign, as far as bounds let them be, and where relations do, which may
        have slack that a longer step uses up."""
        if not direction.any():
            return
        for against in (OUTSIDERS,) if self.insiders is None else (OUTSIDERS, ANYBODY):
            with np.errstate(divide="ignore", invalid="ignore"):
                room = np.stack([(knowledge.least(against) - truth) / direction, (knowledge.upper - truth) / direction])
            room[:, direction == 0] = np.nan
            furthest = float(np.nanmin(np.fmax(room[0], room[1])))
            nearest = float(np.nanmax(np.fmin(room[0], room[1])))
            for step in (furthest, nearest):
                if np.isfinite(step) and is_possible(knowledge, truth + step * direction):
                    self.note(truth + step * direction)

    def meet(self, knowledge: Knowledge, truth: Any, deadline: Deadline, *, one_by_one: bool = True, alone: bool = False) -> None:
        """Meets what can be met while everything printed has its true value: hidden figures alone move, in small parts."""
        self.note(truth)
        narrow = knowledge.lower == knowledge.upper
        held = narrow | knowledge.printed if knowledge.printed is not None else narrow
        for part in parts(knowledge, held, truth, self._open_figures()):
            piece = _Piece(part, self, truth, deadline)
            self._screen(piece, alone=alone)
            if one_by_one:
                self._one_by_one(piece)

    def decide(self, knowledge: Knowledge, deadline: Deadline, *, around: Any = None, one_by_one: bool = True) -> None:
        """Decides of every target not yet met whether the attacker can narrow it; not `one_by_one`, meets what can be met together.
        `around`, shape (figures,), is a possible point, if there is one to hand."""
        fixed = knowledge.lower == knowledge.upper
        self.note_some(np.flatnonzero(fixed[self.figures]), knowledge.lower[self.figures[fixed[self.figures]]])
        for part in parts(knowledge, fixed, knowledge.lower, self._open_figures()):
            piece = _Piece(part, self, knowledge.lower if around is None else around, deadline)
            self._screen(piece)
            if one_by_one:
                self._one_by_one(piece)

    def _open_figures(self) -> Any:
        return self.figures[~self.are_met()]

    def note_some(self, which: Any, values: Any) -> None:
        self.least[which] = np.fmin(self.least[which], values)  # a point that has no bound says nothing of the others
        self.greatest[which] = np.fmax(self.greatest[which], values)

    def _screen(self, piece: "_Piece", *, alone: bool = False) -> None:
        """Many targets at once: push all that are not met towards their need, none beyond it, while that meets many of them and more than a
        few are left. Half of them go up and half down, and then the other way about: what is more of some is less of others. Then each by
        itself, if `alone`; those that go below what insiders but one know, of which no two can go together, in any case."""
        for against in (OUTSIDERS, ANYBODY):
            chance, left = np.random.default_rng(_SEED), np.inf
            while _FEW < (now := piece.open_ends(against)) < _MANY * left:
                left = now
                upwards = chance.random(len(self.targets)) < 0.5
                for way in (upwards, ~upwards):
                    piece.push(way, against)
        for highest in (False, True):
            for target in piece.open_targets(highest=highest):
                if (alone or self.against[target] >= 0) and not self.met(highest=highest)[target]:
                    piece.reach_for(int(target), highest=highest)

    def _one_by_one(self, piece: "_Piece") -> None:
        for highest in (False, True):
            for target in piece.open_targets(highest=highest):
                if not self.met(highest=highest)[target]:
                    piece.push_alone(int(target), highest=highest)


class _Piece:
    """The targets that lie in one part; outside of it figures are as `around`, shape (figures,). `which` are their numbers, `places` where
    their figures are among those that are solved for."""

    def __init__(self, part: Part, reach: Reach, around: Any, deadline: Deadline) -> None:
        self.part, self.around = part, around
        self.reach = reach
        self.which = np.flatnonzero(np.isin(reach.figures, part.figures))
        self.columns = np.searchsorted(part.figures, reach.figures[self.which])  # figures of a part are in order
        self.deadline = deadline
        self.knowledge = tightened(part.knowledge)
        against = reach.against[self.which]
        is_low = reach.need_low[self.which] < self.knowledge.least(ANYBODY)[self.columns] - TOLERANCE
        # With others only by what everybody has to believe, those that are against one and all.
        self.together = {OUTSIDERS: against == OUTSIDERS, ANYBODY: (against == ANYBODY) | ((against >= 0) & ~is_low)}
        self._solve_for(merged(self.knowledge))
        self.is_sure = False  # that something is possible of equal figures as one

    def _solve_for(self, figures: Merged) -> None:
        self.of, self.is_merged = figures.of, figures.knowledge is not self.knowledge
        self.places = dict(zip(self.which.tolist(), self.of[self.columns].tolist(), strict=True))
        self.solver, self.lower = Solver(figures.knowledge, self.deadline), figures.knowledge.lower

    def _against(self, against: int) -> Solver:
        """The solver, which knows what those know against whom a target is protected."""
        if self.knowledge.insiders is not None:
            lower = self.lower.copy()
            np.maximum.at(lower, self.of, self.knowledge.least(against))
            self.solver.allow(np.minimum(lower, self.solver.knowledge.upper))
        return self.solver

    def open_targets(self, *, highest: bool, against: int | None = None) -> Any:
        """Those that are not met at that end; only those that go together by what these know, where that is said."""
        needs = self.reach.need_high if highest else self.reach.need_low
        found = ~self.reach.met(highest=highest)[self.which] & np.isfinite(needs[self.which])
        return self.which[found if against is None else found & self.together[against]]

    def open_ends(self, against: int) -> int:
        return sum(len(self.open_targets(highest=highest, against=against)) for highest in (False, True))

    def push(self, upwards: Any, against: int) -> None:
        """All that are not met at some end towards it, at once; of those at both, the mask `upwards`, shape (targets,), goes up."""
        low, high = (set(self.open_targets(highest=highest, against=against).tolist()) for highest in (False, True))
        wanted = {target: bool(upwards[target]) if target in low and target in high else target in high for target in sorted(low | high)}
        if wanted:
            self._note(self._found(lambda: self._against(against).push(self._ends(wanted))))

    def reach_for(self, target: int, *, highest: bool) -> None:
        """That one target has its need, whatever becomes of all others."""
        need, against = self._need(target, highest=highest), int(self.reach.against[target])
        self._note(self._found(lambda: self._against(against).reaching(self.places[target], need, highest=highest)))

    def push_alone(self, target: int, *, highest: bool) -> None:
        against = int(self.reach.against[target])
        point = self._found(lambda: self._against(against).push(self._ends({target: highest})))
        if point is None:
            raise AuditError("the solver found no answer")
        self._note(point)

    def _need(self, target: int, *, highest: bool) -> float:
        return float((self.reach.need_high if highest else self.reach.need_low)[target])

    def _ends(self, wanted: Mapping[int, bool]) -> dict[int, tuple[float, bool]]:
        """By figure how far it is to go, and whether upwards, of targets that are to go upwards or not."""
        ends: dict[int, tuple[float, bool]] = {}
        for target, highest in wanted.items():
            place, need = self.places[target], self._need(target, highest=highest)
            # Of several needs for one figure the nearest comes first: the figure goes no further than it.
            known, way = ends.get(place, (need, highest))
            if way is highest:
                ends[place] = (min(known, need) if highest else max(known, need), highest)
        return ends

    def _found(self, look: Callable[[], Any]) -> Any:
        """What is found, shape (figures of the part,), or None; where equal figures cannot be taken as one, of each by itself."""
        if self.is_merged:
            with suppress(AuditError):
                point = look()
                if point is None and (self.is_sure or self.solver.is_possible()):
                    self.is_sure = True
                    return None
                if point is not None and keeps_to(self.knowledge, point[self.of]):
                    self.is_sure = True
                    return point[self.of]
            self._solve_for(apart(self.knowledge))
        return look()

    def _note(self, point: Any) -> None:
        if point is not None:
            told = self.reach.told_by(self.reach.against[self.which], self.knowledge.insiders, point)
            self.reach.note_some(self.which[told], point[self.columns[told]])
            self.reach.keep(Point(self.around, self.part.figures, point))
