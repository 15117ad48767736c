"""The cheapest way to give a hidden figure room: which printed rows would have to move with it, and so be hidden as well."""

from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np
from scipy.sparse import hstack

from farr.lab.disclosure.attack import AuditError
from farr.lab.disclosure.attack.deadline import Deadline
from farr.lab.disclosure.attack.insiders import OUTSIDERS
from farr.lab.disclosure.attack.knowledge import Knowledge, tightened
from farr.lab.disclosure.attack.solver import DUAL, LARGE, model_of, solved
from farr.lab.disclosure.tables.view import View

_MOVED = 1e-5  # what is within the attacker's tolerance has not moved
_MANY = 8  # figures wanted at once, for which the last solution is no start


class Deviation:
    """A program over how far each figure is from its true value. A printed row moves beyond what its rounding leaves at a cost; a hidden
    one for nothing. After Kelly, Golden and Assad (1992), Cell suppression: disclosure protection for sensitive tabular data, Networks 22,
    397-417, who find patterns by such flows."""

    def __init__(self, view: View, hidden: Any, costs: Any, deadline: Deadline, *, among: Any = None) -> None:
        """`hidden` and `among`, masks of shape (rows,): what is hidden already, and what may be (None: everything but rows of nothing)."""
        self.view, self.deadline = view, deadline
        self.hidden, self._begun = hidden.copy(), hidden.copy()
        self._number(costs, view.size > 0 if among is None else among)
        self.highs = self._model()

    def hide(self, rows: Any) -> None:
        """From now on these rows, numbers, move for nothing."""
        self.hidden[rows] = True
        columns = np.flatnonzero(np.isin(self.row_of_move, rows)).astype(np.int32)
        for offset in (len(self.free), len(self.free) + len(self.movable)):
            self.highs.changeColsCost(len(columns), columns + np.int32(offset), np.zeros(len(columns)))

    def towards(self, wanted: Sequence[tuple[int, float, bool]], against: int = OUTSIDERS) -> tuple[Any, Any]:
        """A point, shape (figures,), at which each figure has the value wanted or lies beyond it, above where that is said, else below, and
        which may be the truth to those `against` whom they are protected; and the rows, numbers, that must be hidden for it. Raises
        AuditError where there is none."""
        self._allow(against)
        for figure, value, above in wanted:
            place, end = int(self.place[figure]), value - self.view.truth[figure]
            low, high = self.bounds[place]
            self.highs.changeColBounds(place, *((max(low, min(end, high)), high) if above else (low, min(high, max(end, low)))))
        try:
            return self._solved(afresh=self.is_large and (self.is_new or len(wanted) > _MANY))
        finally:
            for figure, _, _ in wanted:
                self.highs.changeColBounds(int(self.place[figure]), *self.bounds[self.place[figure]])

    def _number(self, costs: Any, among: Any) -> None:
        view, mask = self.view, self.hidden[self.view.row_of]
        now = view.bounds(self.hidden) - view.truth[:, None]
        # What is neither free already nor may be hidden never moves, and has no column.
        may_move = ~mask & among[view.row_of]
        self.free = np.flatnonzero(now[:, 0] < now[:, 1])
        self.movable = np.flatnonzero(may_move & ((view.hidden[:, 0] < view.shown[:, 0]) | (view.hidden[:, 1] > view.shown[:, 1])))
        self.row_of_move = view.row_of[self.movable]
        self.place = np.full(len(view.truth), -1)
        self.place[self.free] = np.arange(len(self.free))
        self.costs = costs[self.row_of_move]

    def _ends(self, against: int) -> Any:
        """How far each column may go, shape (columns, 2)."""
        view, every = self.view, np.ones(self.view.rows, dtype=bool)
        free: Any = (view.bounds(self._begun, against) - view.truth[:, None])[self.free]
        hidden, shown = view.bounds(every, against)[self.movable], view.bounds(~every, against)[self.movable]
        with np.errstate(invalid="ignore"):
            above: Any = np.nan_to_num(hidden[:, 1] - shown[:, 1], nan=0.0, posinf=np.inf)
        nothing = np.zeros(len(self.movable))
        return np.concatenate([free, np.column_stack([nothing, above]), np.column_stack([nothing, shown[:, 0] - hidden[:, 0]])])

    def _allow(self, against: int) -> None:
        """From now on what those know is not to be undone."""
        if self.view.insiders is None:
            return
        ends, known = self._ends(against), self.known
        ends = np.column_stack([np.maximum(ends[:, 0], known[:, 0]), np.minimum(ends[:, 1], known[:, 1])])
        ends[:, 0] = np.minimum(ends[:, 0], ends[:, 1])
        changed = np.flatnonzero(np.any(ends != self.ends, axis=1)).astype(np.int32)
        self.highs.changeColsBounds(len(changed), changed, ends[changed, 0].copy(), ends[changed, 1].copy())
        self.ends, self.bounds = ends, ends[: len(self.free)]

    def _model(self) -> highspy.Highs:
        view = self.view
        moves = view.matrix[:, self.movable]
        matrix = hstack([view.matrix[:, self.free], moves, -moves]).tocsr()
        given, ends = view.matrix @ view.truth, self._ends(OUTSIDERS)
        moves_by = tightened(Knowledge(lower=ends[:, 0], upper=ends[:, 1], matrix=matrix, low=view.low - given, high=view.high - given))
        self.known = self.ends = np.column_stack([moves_by.lower, moves_by.upper])
        self.bounds = self.ends[: len(self.free)]
        self.is_large, self.is_new = len(moves_by.low) > LARGE, True
        return model_of(
            moves_by.lower,
            moves_by.upper,
            moves_by.matrix,
            moves_by.low,
            moves_by.high,
            costs=np.concatenate([np.zeros(len(self.free)), self.costs, self.costs]),
            strategy=DUAL,  # costs are not negative: with one bound changed, the last basis is a start
        )

    def _solved(self, *, afresh: bool) -> tuple[Any, Any]:
        """`afresh`, from scratch and with presolve: of a large program that is a third of the time of going on from afar."""
        if self.deadline.is_over():
            raise AuditError("there was no time left")
        if afresh:
            self.highs.clearSolver()
        self.highs.setOptionValue("presolve", "on" if afresh else "off")
        self.is_new = False
        if solved(self.highs, self.deadline) != highspy.HighsModelStatus.kOptimal:
            raise AuditError("the solver found no way to give a figure room")
        values = np.array(self.highs.getSolution().col_value)
        count = len(self.movable)
        above, below = values[len(self.free) : len(self.free) + count], values[len(self.free) + count :]
        point = self.view.truth.copy()
        point[self.free] += values[: len(self.free)]
        np.add.at(point, self.movable, above - below)
        moved = np.unique(self.row_of_move[(above > _MOVED) | (below > _MOVED)])
        return point, moved[~self.hidden[moved]]
