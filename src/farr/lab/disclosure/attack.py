"""The attacker: how far may each hidden figure be narrowed by all that is published? Linear programming with HiGHS.

The attacker solves for real numbers. Where the relations form a two-way table or a hierarchy with whole bounds, whole numbers
narrow no further; elsewhere they may, which is not looked at. A figure passes only by feasible points, which are checked against
every relation here, so that a solver's error can fail a safe table but not pass an unsafe one.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_matrix

from farr.lab.model.errors import FarrError

_TOLERANCE = 1e-5
_PRIMAL = 4  # HiGHS, option simplex_strategy


class AuditError(FarrError):
    """The audit could not be finished: no solution, no convergence, or no time left. The release must be refused."""


@dataclass(frozen=True, kw_only=True)
class Relation:
    """low ≤ Σ coefficient · figure ≤ high, over the figures with these numbers."""

    figures: tuple[int, ...]
    coefficients: tuple[float, ...]
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """What the attacker knows: bounds of every true figure, shape (figures,), and relations between them."""

    lower: Any
    upper: Any
    relations: tuple[Relation, ...]


@dataclass(frozen=True, kw_only=True)
class Target:
    """A hidden figure, and the interval that the attacker must be left with at least."""

    figure: int
    low: float
    high: float


def failing(knowledge: Knowledge, targets: Sequence[Target], *, seconds: float = 60.0) -> list[Target]:
    """The targets whose interval an attacker can narrow. Raises AuditError if that cannot be decided for every one."""
    if not targets:
        return []
    solver = _Solver(knowledge, seconds)
    reach = _Reach(targets)
    _screen(solver, reach)
    for position, target in enumerate(targets):
        for highest in (False, True):
            if not reach.is_met(position, highest=highest):
                reach.note(solver.extreme({target.figure: 1.0}, highest=highest))
    return [target for position, target in enumerate(targets) if not reach.is_covered(position)]


def interval(knowledge: Knowledge, figure: int, *, seconds: float = 60.0) -> tuple[float, float]:
    """The least and greatest value that the figure can have (infinity where nothing bounds it). Raises AuditError."""
    solver = _Solver(knowledge, seconds)
    ends: list[float] = []
    for highest in (False, True):
        point = solver.extreme({figure: 1.0}, highest=highest)
        ends.append(float(point[figure]))
    return ends[0], ends[1]


def is_possible(knowledge: Knowledge, figures: Any) -> bool:
    """Whether the figures keep to every bound and relation: the true ones must, or the audit would prove nothing."""
    return _keeps_to(knowledge, _matrix(knowledge), np.asarray(figures, dtype=float))


class _Reach:
    """The least and greatest value seen for each target in any feasible point."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self.figures = np.array([target.figure for target in targets])
        self.need_low = np.array([target.low for target in targets])
        self.need_high = np.array([target.high for target in targets])
        self.least = np.full(len(targets), np.inf)
        self.greatest = np.full(len(targets), -np.inf)

    def note(self, point: Any) -> None:
        values = point[self.figures]
        self.least = np.fmin(self.least, values)  # a point that has no bound says nothing of the others
        self.greatest = np.fmax(self.greatest, values)

    def met(self, *, highest: bool) -> Any:
        return self.greatest >= self.need_high - _TOLERANCE if highest else self.least <= self.need_low + _TOLERANCE

    def is_met(self, position: int, *, highest: bool) -> bool:
        return bool(self.met(highest=highest)[position])

    def is_covered(self, position: int) -> bool:
        return self.is_met(position, highest=False) and self.is_met(position, highest=True)


def _screen(solver: "_Solver", reach: _Reach) -> None:
    """Many targets at once: push all that are not met towards their need, none beyond it, while that meets more of them."""
    for highest in (False, True):
        needs = reach.need_high if highest else reach.need_low
        while True:
            open_targets = np.flatnonzero(~reach.met(highest=highest))
            if len(open_targets) < 2:
                break
            wanted = {int(reach.figures[at]): float(needs[at]) for at in open_targets}
            point = solver.push(wanted, highest=highest)
            if point is None:
                break
            reach.note(point)
            if len(np.flatnonzero(~reach.met(highest=highest))) == len(open_targets):
                break


class _Solver:
    """One HiGHS model: the objective changes, and each solution starts from the last."""

    def __init__(self, knowledge: Knowledge, seconds: float) -> None:
        self.lower = np.asarray(knowledge.lower, dtype=float)
        self.upper = np.asarray(knowledge.upper, dtype=float)
        self.knowledge = knowledge
        self.matrix = _matrix(knowledge)
        self.deadline = time.monotonic() + seconds
        self.highs = self._model(seconds)
        self.priced: list[int] = []

    def extreme(self, weights: dict[int, float], *, highest: bool) -> Any:
        """A feasible point at which Σ weight · figure is greatest or least; infinite where that has no bound."""
        status = self._solve(weights, highest=highest)
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            self._check_feasible()
            point = np.full(len(self.lower), np.nan)
            point[list(weights)] = np.inf if highest else -np.inf
            return point
        if status != highspy.HighsModelStatus.kOptimal:
            raise AuditError("the solver found no answer")
        return self._checked(self._point())

    def push(self, wanted: dict[int, float], *, highest: bool) -> Any:
        """A feasible point that moves all these figures towards the values wanted, and none beyond; None where there is none."""
        for figure, value in wanted.items():
            low, high = self.lower[figure], self.upper[figure]
            bounds = (low, max(low, min(high, value))) if highest else (min(high, max(low, value)), high)
            self.highs.changeColBounds(figure, *bounds)
        try:
            status = self._solve(dict.fromkeys(wanted, 1.0), highest=highest)
            return self._checked(self._point()) if status == highspy.HighsModelStatus.kOptimal else None
        finally:
            for figure in wanted:
                self.highs.changeColBounds(figure, self.lower[figure], self.upper[figure])

    def _solve(self, weights: dict[int, float], *, highest: bool) -> Any:
        if time.monotonic() > self.deadline:
            raise AuditError("there was no time left")
        for figure in self.priced:
            self.highs.changeColCost(figure, 0.0)
        for figure, weight in weights.items():
            self.highs.changeColCost(figure, -weight if highest else weight)
        self.priced = list(weights)
        self.highs.run()
        return self.highs.getModelStatus()

    def _point(self) -> Any:
        return np.array(self.highs.getSolution().col_value)

    def _checked(self, point: Any) -> Any:
        if not _keeps_to(self.knowledge, self.matrix, point):
            raise AuditError("the solver's answer breaks a relation")
        return point

    def _check_feasible(self) -> None:
        if self._solve({}, highest=False) != highspy.HighsModelStatus.kOptimal:
            raise AuditError("the figures contradict each other")

    def _model(self, seconds: float) -> Any:
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = self.matrix.shape
        lp.col_cost_ = np.zeros(lp.num_col_)
        lp.col_lower_, lp.col_upper_ = self.lower, self.upper
        lp.row_lower_, lp.row_upper_ = _sides(self.knowledge)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = self.matrix.indptr
        lp.a_matrix_.index_ = self.matrix.indices
        lp.a_matrix_.value_ = self.matrix.data
        highs = highspy.Highs()
        # Presolve would throw away the basis that makes the next solution cheap; where the objective alone has changed, that basis is
        # feasible, and the primal simplex goes on from it. One thread keeps the answer the same each time.
        for option, value in (
            ("output_flag", False), ("presolve", "off"), ("threads", 1), ("solver", "simplex"), ("simplex_strategy", _PRIMAL),
            ("time_limit", seconds),
        ):  # fmt: skip
            highs.setOptionValue(option, value)
        if highs.passModel(lp) == highspy.HighsStatus.kError:
            raise AuditError("the solver did not take the relations")
        return highs


def _matrix(knowledge: Knowledge) -> Any:
    relations = knowledge.relations
    starts = np.cumsum([0, *(len(relation.figures) for relation in relations)])
    figures = np.array([figure for relation in relations for figure in relation.figures], dtype=np.int32)
    coefficients = np.array([value for relation in relations for value in relation.coefficients], dtype=float)
    return csr_matrix((coefficients, figures, starts), shape=(len(relations), len(knowledge.lower)))


def _sides(knowledge: Knowledge) -> tuple[Any, Any]:
    low = np.array([relation.low for relation in knowledge.relations], dtype=float)
    return low, np.array([relation.high for relation in knowledge.relations], dtype=float)


def _keeps_to(knowledge: Knowledge, matrix: Any, point: Any) -> bool:
    sums, (low, high) = matrix @ point, _sides(knowledge)
    within = [point - knowledge.lower, knowledge.upper - point, sums - low, high - sums]
    return all(bool(np.all(slack >= -_TOLERANCE)) for slack in within)
