"""One linear program in HiGHS, of which the objective changes from one solution to the next."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import highspy
import numpy as np

from farr.lab.disclosure.attack.deadline import Deadline
from farr.lab.disclosure.attack.knowledge import AuditError, Knowledge, keeps_to

DUAL, PRIMAL = 1, 4  # HiGHS, option simplex_strategy
# Presolve would throw away the basis that makes the next solution cheap; where the objective alone has changed, that basis is
# feasible, and the primal simplex goes on from it. One thread keeps the answer the same each time.
_OPTIONS = (("output_flag", False), ("presolve", "off"), ("threads", 1), ("solver", "simplex"))
LARGE = 1_000  # relations
_GOING_ON = 10  # times at most
_UNBOUNDED = (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible)


def model_of(lower: Any, upper: Any, matrix: Any, low: Any, high: Any, *, costs: Any = None, strategy: int = PRIMAL) -> highspy.Highs:
    """A program with these bounds and relations, `matrix` in rows. Raises AuditError where HiGHS does not take it."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_ = np.zeros(lp.num_col_) if costs is None else costs
    lp.col_lower_, lp.col_upper_ = lower, upper
    lp.row_lower_, lp.row_upper_ = low, high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data
    highs = highspy.Highs()
    for option, value in (*_OPTIONS, ("simplex_strategy", strategy)):
        highs.setOptionValue(option, value)
    if highs.passModel(lp) == highspy.HighsStatus.kError:
        raise AuditError("the solver did not take the relations")
    return highs


def solved(highs: highspy.Highs, deadline: Deadline) -> Any:
    """Solves the program as it stands; its status. Sums of money of a whole country may end a hair outside of a bound, and HiGHS then says
    that it does not know: another way to the same answer mostly does."""
    status = run(highs, deadline)
    if status == highspy.HighsModelStatus.kUnknown:
        _, strategy = highs.getOptionValue("simplex_strategy")
        highs.clearSolver()
        highs.setOptionValue("presolve", "on")
        highs.setOptionValue("simplex_strategy", PRIMAL if strategy == DUAL else DUAL)
        status = run(highs, deadline)
        highs.setOptionValue("simplex_strategy", strategy)
    return status


def run(highs: highspy.Highs, deadline: Deadline) -> Any:
    """The status. HiGHS counts by the clock, all its runs together: stopped with less of the processor than was thought, it goes on."""
    status = None
    for _ in range(_GOING_ON):
        highs.setOptionValue("time_limit", highs.getRunTime() + deadline.left_by_clock())
        highs.run()
        status = highs.getModelStatus()
        if status != highspy.HighsModelStatus.kTimeLimit or deadline.is_over():
            break
    return status


class Solver:
    """Feasible points of one Knowledge."""

    def __init__(self, knowledge: Knowledge, deadline: Deadline) -> None:
        self.knowledge = knowledge
        self.deadline = deadline
        self.highs = model_of(knowledge.lower, knowledge.upper, knowledge.matrix, knowledge.low, knowledge.high)
        self.is_large, self.is_new = len(knowledge.low) > LARGE, True
        self.priced: Any = np.zeros(0, dtype=np.int32)

    def allow(self, lower: Any) -> None:
        """From now on no figure is less than `lower`, shape (figures,)."""
        changed = np.flatnonzero(lower != self.knowledge.lower).astype(np.int32)
        if len(changed):
            self.highs.changeColsBounds(len(changed), changed, lower[changed], self.knowledge.upper[changed])
            self.knowledge = replace(self.knowledge, lower=lower)

    def extreme(self, figure: int, *, highest: bool) -> Any:
        """A feasible point at which the figure is greatest or least; where that has no end, one with infinity there and NaN elsewhere."""
        status = self._solve(np.array([figure], dtype=np.int32), highest=highest)
        if status in _UNBOUNDED:
            self._check_feasible()
            point = np.full(len(self.knowledge.lower), np.nan)
            point[figure] = np.inf if highest else -np.inf
            return point
        if status != highspy.HighsModelStatus.kOptimal:
            raise AuditError("the solver found no answer")
        return self._checked(self._point())

    def push(self, wanted: Mapping[int, tuple[float, bool]]) -> Any:
        """A feasible point that moves all these figures towards the values wanted, upwards where that is said, and none beyond; None where
        there is none."""
        figures = np.fromiter(wanted, dtype=np.int32, count=len(wanted))
        ends = np.array([end for end, _ in wanted.values()])
        highest = np.array([up for _, up in wanted.values()], dtype=bool)
        low, high = self.knowledge.lower[figures], self.knowledge.upper[figures]
        near = np.clip(ends, low, high)
        self.highs.changeColsBounds(len(figures), figures, np.where(highest, low, near), np.where(highest, near, high))
        try:
            status = self._solve(figures, highest=highest)
            return self._checked(self._point()) if status == highspy.HighsModelStatus.kOptimal else None
        finally:
            self.highs.changeColsBounds(len(figures), figures, low, high)

    def reaching(self, figure: int, end: float, *, highest: bool) -> Any:
        """A feasible point at which the figure has that value or lies beyond it; None where none was found. Nothing is optimised, so that
        from the last solution a few steps are enough."""
        low, high = float(self.knowledge.lower[figure]), float(self.knowledge.upper[figure])
        if (highest and end > high) or (not highest and end < low):
            return None
        self._check_time()
        self._price(np.zeros(0, dtype=np.int32), highest=highest)
        self._choose(DUAL, presolve="off")
        self.highs.changeColBounds(figure, end if highest else low, high if highest else end)
        try:
            return self._checked(self._point()) if solved(self.highs, self.deadline) == highspy.HighsModelStatus.kOptimal else None
        finally:
            self.highs.changeColBounds(figure, low, high)

    def is_possible(self) -> bool:
        """Whether there is any feasible point. Raises AuditError where time is up."""
        return self._solve(np.zeros(0, dtype=np.int32), highest=False) == highspy.HighsModelStatus.kOptimal

    def row_duals(self) -> Any:
        """Of the last solution, shape (relations,): what the objective gains by a unit of each relation."""
        return np.array(self.highs.getSolution().row_dual)

    def _solve(self, figures: Any, *, highest: Any) -> Any:
        self._check_time()
        self._price(figures, highest=highest)
        # Of a large program the first solution, or one for many figures, is had from scratch with presolve in a third to a sixth of the
        # time that it takes to go on from the last solution.
        if self.is_large and (self.is_new or len(figures) != 1):
            self.highs.clearSolver()
            self._choose(DUAL, presolve="on")
        else:
            self._choose(PRIMAL, presolve="off")
        self.is_new = False
        return solved(self.highs, self.deadline)

    def _check_time(self) -> None:
        if self.deadline.is_over():
            raise AuditError("there was no time left")

    def _price(self, figures: Any, *, highest: Any) -> None:
        """The sum of these figures is the objective, those to be greatest where `highest`."""
        self.highs.changeColsCost(len(self.priced), self.priced, np.zeros(len(self.priced)))
        self.highs.changeColsCost(len(figures), figures, np.broadcast_to(np.where(highest, -1.0, 1.0), len(figures)))
        self.priced = figures

    def _choose(self, strategy: int, *, presolve: str) -> None:
        self.highs.setOptionValue("simplex_strategy", strategy)
        self.highs.setOptionValue("presolve", presolve)

    def _point(self) -> Any:
        return np.array(self.highs.getSolution().col_value)

    def _checked(self, point: Any) -> Any:
        if not keeps_to(self.knowledge, point):
            raise AuditError("the solver's answer breaks a relation")
        return point

    def _check_feasible(self) -> None:
        if not self.is_possible():
            raise AuditError("the figures contradict each other")
