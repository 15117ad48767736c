"""A pattern that is safe, soon, and then with fewer rows hidden."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from farr.lab.disclosure.attack import AuditError
from farr.lab.disclosure.attack.audit import Point, Reach
from farr.lab.disclosure.attack.deadline import Deadline
from farr.lab.disclosure.suppress.deviation import Deviation
from farr.lab.disclosure.tables.view import View

# So many figures are given room, one after another, before it is looked at which others gained by it.
_BETWEEN_LOOKS = 8
_UNHURRIED = 0.5  # of the time for a pattern with fewer rows
_SEED = 1876  # the same table has the same pattern


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """The rows to hide, a mask of shape (rows,), and points that show every target to have its interval."""

    pattern: Any
    points: tuple[Point, ...]

    def witnesses(self) -> Iterator[Any]:
        """The points, each of shape (figures,), one after another."""
        return (point.whole() for point in self.points)


def choose(view: View, costs: Any, deadline: Deadline, *, hidden: Any = None, reach: Reach | None = None, among: Any = None) -> Found:
    """What to hide, so that every target keeps its interval: all figures are given room at once, half of them
    upwards and half downwards, and then the other way about. `costs`, shape (rows,), are what is to be kept low; `hidden`, a mask of
    that shape, is what is hidden anyhow (None: what is hidden for what it is), and `reach` what is known of it (`reach_of`); `among`, one
    too, what may be (None: everything but rows of nothing).

    Raises AuditError where there is no such pattern, or none is found in time."""
    hidden = view.first if hidden is None else hidden
    reach = reach_of(view, hidden, deadline) if reach is None else reach.asked(view.targets)
    if reach.are_met().all():
        return Found(pattern=hidden.copy(), points=tuple(reach.points or ()))
    deviation = Deviation(view, hidden, costs, deadline, among=among)
    chance, most = np.random.default_rng(_SEED), len(view.targets)
    while not reach.are_met().all():
        chosen = _next(reach, chance, most)
        upwards = chance.random(len(chosen)) < 0.5
        try:
            for highest in (upwards, ~upwards):
                _give_room(deviation, reach, chosen, highest)
        except AuditError:
            # Together they may ask for what each can have by itself.
            if most == 1:
                raise
            most = max(1, min(most, len(chosen)) // 4)
        _look(reach, view, deviation.hidden, deadline)
    return Found(pattern=deviation.hidden, points=tuple(reach.points or ()))


def _next(reach: Reach, chance: np.random.Generator, most: int) -> Any:
    """The targets that are given room next: those against all insiders but one, of which no two go together, at last and few of them."""
    unmet = np.flatnonzero(~reach.are_met())
    together = unmet[reach.against[unmet] < 0]
    return chance.permutation(together)[:most] if len(together) else chance.permutation(unmet)[: min(most, _BETWEEN_LOOKS)]


def fewer(view: View, best: Found, costs: Any, deadline: Deadline, *, passes: int, hidden: Any = None, reach: Reach | None = None) -> Found:
    """The same or a cheaper pattern, of rows that the `best` so far hides: figures are given room one after another, `passes` times over
    and in another order each time, as long as that gains; when time runs out, all that are left at once. `hidden` and `reach` as in
    `choose`."""
    chance, hidden = np.random.default_rng(_SEED), view.first if hidden is None else hidden
    hurry = Deadline(_UNHURRIED * deadline.left())
    for _ in range(passes if np.any(best.pattern & ~hidden) else 0):
        try:
            reach = reach_of(view, hidden, deadline) if reach is None else reach
            found = _one_after_another(view, best.pattern, (hidden, reach), costs, (hurry, deadline), chance)
        except AuditError:
            return best
        if costs[found.pattern].sum() >= costs[best.pattern].sum():
            return best
        best = found
    return best


def _one_after_another(
    view: View, among: Any, begin: tuple[Any, Reach], costs: Any, until: tuple[Deadline, Deadline], chance: Any
) -> Found:
    (hidden, known), (hurry, deadline) = begin, until
    reach = known.asked(view.targets)
    deviation = Deviation(view, hidden, costs, deadline, among=among)
    while not reach.are_met().all():
        if hurry.is_over():
            return choose(view, costs, deadline, hidden=deviation.hidden, reach=reach, among=among)
        for place in chance.permutation(np.flatnonzero(~reach.are_met()))[:_BETWEEN_LOOKS]:
            for highest in (True, False):
                _give_room(deviation, reach, [place], [highest])
        reach.meet(view.knowledge(deviation.hidden), view.truth, deadline, one_by_one=False)
    return Found(pattern=deviation.hidden, points=tuple(reach.points or ()))


def reach_of(view: View, hidden: Any, deadline: Deadline, known: Reach | None = None) -> Reach:
    """How far an attacker can be shown not to narrow each target, where the rows of the mask `hidden` are; `known`, what was seen there for
    other needs."""
    reach = Reach.keeping(view.targets, view.insiders) if known is None else known.asked(view.targets)
    _look(reach, view, hidden, deadline, alone=True)
    return reach


def _look(reach: Reach, view: View, hidden: Any, deadline: Deadline, *, alone: bool = False) -> None:
    """Which figures have room as it is: by hidden ones alone, and then by what rounding leaves of printed ones."""
    knowledge = view.knowledge(hidden)
    reach.meet(knowledge, view.truth, deadline, one_by_one=False, alone=alone)
    if not reach.are_met().all():
        reach.decide(knowledge, deadline, around=view.truth, one_by_one=False)


def _give_room(deviation: Deviation, reach: Reach, places: Any, highest: Any) -> None:
    """Hides what targets `places` need to reach their ends, the upper one where `highest`, unless a point was seen that does."""
    upper_of = dict(zip(map(int, places), map(bool, highest), strict=True))
    for against in dict.fromkeys(int(reach.against[place]) for place in upper_of):
        wanted: list[tuple[int, float, bool]] = []
        for place, upper in upper_of.items():
            if reach.against[place] == against and not reach.met(highest=upper)[place]:
                ends = {True: float(reach.need_high[place]), False: float(reach.need_low[place])}
                above = upper if np.isfinite(ends[upper]) else not upper  # of two ends of which either will do, the one that can be reached
                wanted.append((int(reach.figures[place]), ends[above], above))
        if wanted:
            point, moved = deviation.towards(wanted, against)
            deviation.hide(moved)
            reach.note(point)
            reach.note_along(deviation.view.knowledge(deviation.hidden), deviation.view.truth, point - deviation.view.truth)
