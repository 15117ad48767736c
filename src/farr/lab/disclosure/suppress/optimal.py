"""The cheapest safe pattern, or how far a pattern is from it at most.

Benders decomposition, after Fischetti and Salazar-González (2001), Solving the cell suppression problem on tabular data with linear
constraints, Management Science 47(7), 1008-1027: rows to hide are chosen by an integer program; for each figure that an attacker could
then narrow, the attacker's linear program says, by its dual, which rows would have given it room, and that becomes a constraint.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from farr.lab.disclosure.attack import AuditError, Target
from farr.lab.disclosure.attack.audit import Reach
from farr.lab.disclosure.attack.deadline import Deadline
from farr.lab.disclosure.attack.parts import parts
from farr.lab.disclosure.attack.solver import Solver, run
from farr.lab.disclosure.tables.view import View

_NOUGHT = 1e-9
Cut = tuple[Any, Any, float]
"""Σ coefficient · hidden ≥ need, over these choices."""


@dataclass(frozen=True, kw_only=True)
class Best:
    """The cheapest `pattern` found, a mask of shape (rows,); its `cost`, without the rows that are hidden for what they are; and the
    `bound`: no safe pattern costs less. They are equal where the pattern is proven to be the cheapest."""

    pattern: Any
    cost: float
    bound: float


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How much is done for a cheaper pattern: `passes` of giving room one after another, `rounds` and `nodes` of the search for the best.
    `seconds`, at most, for the search; it is counted in work where the same table must have the same pattern on any machine."""

    passes: int = 2
    rounds: int = 40
    nodes: int = 500
    seconds: float = 10.0


def improved(view: View, pattern: Any, costs: Any, effort: Effort, deadline: Deadline) -> Best:
    """The best pattern that the effort finds, beginning with a safe one. Without time it is the one given."""
    if not np.any(pattern & ~view.first):
        return Best(pattern=pattern, cost=0.0, bound=0.0)
    search = _Search(view, pattern, costs, effort)
    with suppress(AuditError):  # time is up, or the solver in trouble: what was found stands
        search.run(deadline.at_most(effort.seconds))
    return Best(pattern=search.best, cost=search.cost(search.best), bound=min(search.bound, search.cost(search.best)))


class _Search:
    def __init__(self, view: View, pattern: Any, costs: Any, effort: Effort) -> None:
        self.view, self.costs, self.effort, self.best, self.bound = view, costs, effort, pattern, 0.0
        self.choices = np.flatnonzero(~view.first & (view.size > 0))
        self.place = np.full(view.rows, -1)
        self.place[self.choices] = np.arange(len(self.choices))
        self.master = _master(costs[self.choices], effort.nodes)

    def cost(self, pattern: Any) -> float:
        return float(self.costs[pattern & ~self.view.first].sum())

    def run(self, deadline: Deadline) -> None:
        hidden = self.view.first.copy()
        self._add(self._single_relations())
        for _ in range(self.effort.rounds):
            cuts = self._cuts(hidden, deadline)
            if not cuts:
                self._take(hidden)
            self._add([*cuts, *self._partners(hidden)])
            chosen = self._solved(deadline)
            if self.bound >= self.cost(self.best) - 1e-6:
                return
            hidden = self.view.first.copy()
            hidden[self.choices[chosen]] = True

    def _add(self, cuts: list[Cut]) -> None:
        for rows, coefficients, need in cuts:
            self.master.addRow(need, highspy.kHighsInf, len(rows), rows, coefficients)

    def _single_relations(self) -> list[Cut]:
        """What each relation by itself asks for each target in it."""
        view = self.view
        by_figure = view.matrix.tocsc()
        found: list[Cut | None] = []
        for target in view.targets:
            lines = slice(*by_figure.indptr[target.figure : target.figure + 2])
            for line, sign in zip(by_figure.indices[lines], by_figure.data[lines], strict=True):
                for highest in (True, False):
                    prices = np.zeros(view.matrix.shape[0])
                    prices[line] = sign if highest else -sign
                    found.append(self._cut(target, highest, prices))
        return [cut for cut in found if cut is not None]

    def _partners(self, hidden: Any) -> list[Cut]:
        """A hidden row that nothing else in one of its relations moves with gives no other any room, so that the cheapest pattern has none.
        Where printed figures are exact, and there is one column of them."""
        view = self.view
        if len(view.truth) != view.rows or np.any(view.shown[:, 0] < view.shown[:, 1]):
            return []
        found: list[Cut] = []
        inside = abs(view.matrix)
        for line in np.flatnonzero(inside @ hidden.astype(float) == 1.0):
            rows = view.matrix.indices[view.matrix.indptr[line] : view.matrix.indptr[line + 1]]
            alone = rows[hidden[rows]]
            if not view.first[alone].any():
                others = rows[(self.place[rows] >= 0) & (rows != alone[0])]
                places = self.place[np.append(others, alone)].astype(np.int32)
                found.append((places, np.append(np.ones(len(others)), -1.0), 0.0))
        return found

    def _take(self, hidden: Any) -> None:
        if self.cost(hidden) < self.cost(self.best):
            self.best = hidden.copy()

    def _solved(self, deadline: Deadline) -> Any:
        if deadline.is_over():
            raise AuditError("there was no time left")
        status = run(self.master, deadline)
        info = self.master.getInfo()
        self.bound = max(self.bound, float(np.ceil(info.mip_dual_bound - 1e-6)) if _whole(self.costs) else info.mip_dual_bound)
        if status != highspy.HighsModelStatus.kOptimal:
            raise AuditError("the search was not finished")
        return np.array(self.master.getSolution().col_value) > 0.5

    def _cuts(self, hidden: Any, deadline: Deadline) -> list[Cut]:
        """What every safe pattern must keep to and this one does not; nothing where it is safe."""
        knowledge, view = self.view.knowledge(hidden), self.view
        reach = Reach(view.targets, view.insiders)
        reach.note(view.truth)
        fixed = knowledge.lower == knowledge.upper
        found: list[Cut] = []
        for part in parts(knowledge, fixed, view.truth, reach.figures[~reach.are_met()]):
            place = {int(figure): at for at, figure in enumerate(part.figures)}
            solver = Solver(part.knowledge, deadline)
            for number, target in enumerate(view.targets):
                for highest in (True, False) if target.figure in place else ():
                    if reach.met(highest=highest)[number]:
                        continue
                    solver.allow(part.knowledge.least(target.against))
                    point = solver.extreme(place[target.figure], highest=highest)
                    reach.note(_whole_point(view.truth, part.figures, point))
                    if not reach.met(highest=highest)[number]:
                        prices = np.zeros(view.matrix.shape[0])
                        prices[part.lines] = -solver.row_duals()  # the program minimised what is here to be greatest
                        cut = self._cut(target, highest, prices)
                        if cut is not None:
                            found.append(cut)
        if not found and not reach.are_met().all():
            raise AuditError("the search found no way to give a figure room")
        return found

    def _cut(self, target: Target, highest: bool, prices: Any) -> Cut | None:
        """By the dual, ±figure ≤ prices · relations + Σ gains · (bounds by what is hidden), for every pattern and whatever the prices,
        shape (relations,): so much must be hidden that this reaches the need."""
        view, need = self.view, target.high if highest else -target.low
        gains = -(view.matrix.T @ prices)
        gains[target.figure] += 1.0 if highest else -1.0
        gains[np.abs(gains) < _NOUGHT] = 0.0
        prices[np.abs(prices) < _NOUGHT] = 0.0
        priced = prices != 0
        given = float(np.maximum(prices[priced] * view.low[priced], prices[priced] * view.high[priced]).sum())
        now, all_hidden = view.bounds(view.first, target.against), view.bounds(np.ones(view.rows, dtype=bool), target.against)
        side = (gains > 0).astype(int)
        moving = gains != 0
        given += float(np.sum(gains[moving] * now[np.arange(len(gains)), side][moving]))
        if not np.isfinite(given):
            return None
        more = np.zeros(len(gains))
        more[moving] = (gains * (all_hidden[np.arange(len(gains)), side] - now[np.arange(len(gains)), side]))[moving]
        return self._by_row(more, need - given)

    def _by_row(self, more: Any, need: float) -> Cut | None:
        if need <= 1e-6:
            return None
        by_row = np.bincount(self.view.row_of, weights=np.minimum(np.nan_to_num(more, posinf=need), need), minlength=self.view.rows)
        rows = self.choices[by_row[self.choices] > _NOUGHT]
        return self.place[rows].astype(np.int32), np.minimum(by_row[rows], need) / need, 1.0


def _whole_point(truth: Any, figures: Any, point: Any) -> Any:
    whole = np.where(np.isnan(point).any(), np.nan, truth) if np.isnan(point).any() else truth.copy()
    whole[figures] = point
    return whole


def _whole(costs: Any) -> bool:
    return bool(np.all(costs == np.floor(costs)))


def _master(costs: Any, nodes: int) -> highspy.Highs:
    master = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_max_nodes", nodes)):
        master.setOptionValue(option, value)
    count = len(costs)
    master.addVars(count, np.zeros(count), np.ones(count))
    every = np.arange(count, dtype=np.int32)
    master.changeColsCost(count, every, costs.astype(float))
    master.changeColsIntegrality(count, every, np.full(count, highspy.HighsVarType.kInteger))
    return master
