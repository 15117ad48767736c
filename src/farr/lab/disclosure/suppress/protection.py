"""Protection: a pattern that passed the attacker's audit of what is printed by it."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from farr.lab.disclosure.attack import AuditError, failing
from farr.lab.disclosure.attack.deadline import Deadline
from farr.lab.disclosure.history.joined import History, within_reach
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.suppress.choose import choose, fewer, reach_of
from farr.lab.disclosure.suppress.optimal import Effort, improved
from farr.lab.disclosure.tables.cells import Cells
from farr.lab.disclosure.tables.contributions import insiders_of
from farr.lab.disclosure.tables.published import Published, knowledge_of, published
from farr.lab.disclosure.tables.view import View, view_of
from farr.lab.model.question import AggregateKind

# A total is what most readers came for: hiding one is taken to cost as much as hiding two parts. Farr's own choice.
_COST_OF_A_TOTAL = 2.0
# What a row's leaning adds to its cost: next to nothing, so that rows lean only where they cost as much.
_LEANING = 1e-3


@dataclass(frozen=True, kw_only=True)
class Protection:
    """What was hidden, and what it took. `hidden`, a mask of shape (rows,); `cost` of the rows hidden besides those that are hidden for
    what they are, and the least that any safe pattern must cost, the `bound`, as far as that is known. `protected`: of each column of
    counts the rows that are small, with the interval that an attacker must be left with, which says no more than that they are."""

    hidden: Any
    national_exact: bool
    table: Published
    protected: dict[str, dict[int, tuple[float, float]]]
    protected_figures: int
    rows_hidden_first: int
    rows_hidden_besides: int
    cost: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """By how much of the bound the pattern may cost more than the cheapest; 0 where it is proven to be that."""
        return 0.0 if self.cost <= self.bound else (self.cost - self.bound) / max(self.bound, 1.0)

    def checks(self, policy: Policy) -> tuple[tuple[str, str], ...]:
        """What was done, without how often: the number of hidden cells is itself a hint."""
        national = "exact, as the audit allows" if self.national_exact else "treated like any other"
        return (
            ("people", f"figures of 1 to {policy.threshold} people or records are hidden with their row"),
            ("complements", "so are rows whose numerator leaves as few of the denominator"),
            ("sums", f"at least {policy.minimum_contributors} contributors; p% {policy.p_percent}; "
                     f"({policy.dominance_n}, k) {policy.dominance_k}"),
            ("rounding", f"to the {policy.rounding.value} {policy.rounding_base}, totals before rounding"),
            ("national figures", national),
            ("attacker audit", "passed: linear programming on the printed values and verdicts"),
        )  # fmt: skip

    def protected_of(self, printed: Any) -> dict[str, dict[int, tuple[float, float]]]:
        """What is protected by figure and row, rows numbered among those of the mask `printed`, shape (rows,)."""
        place = np.cumsum(printed) - 1
        return {name: {int(place[row]): ends for row, ends in rows.items()} for name, rows in self.protected.items()}

    def summary(self) -> dict[str, Any]:
        """For the ledger, which only the lab reads: how many cells are hidden is not published."""
        left_out = ("hidden", "table", "seconds")  # what is protected goes with it: later releases must not undo this one
        return {name: value for name, value in vars(self).items() if name not in left_out} | {"seconds": round(self.seconds, 2)}


def protect(cells: Cells, policy: Policy, *, effort: Effort, seconds: float = 120.0) -> Protection:
    """Hides small rows, then as few others as `effort` finds, until no hidden figure can be narrowed too far. `seconds` of processor.

    Raises AuditError where that is not reached in time. The same cells and effort give the same pattern, unless its seconds ran out."""
    attempt = _Attempt(cells=cells, policy=policy, history=None, deadline=Deadline(seconds))
    if policy.national_exempt:
        with suppress(AuditError):
            view = attempt.view(national_exact=True)
            return attempt.audited(view, view.first, (), bound=0.0, national_exact=True)
    view = attempt.view()
    costs = costs_of(cells, view.rows)
    leaning = _leaning(cells, costs)
    reach = reach_of(view, view.first, attempt.deadline)
    found = choose(view, leaning, attempt.deadline, reach=reach)
    found = fewer(view, found, leaning, attempt.deadline.at_most(effort.seconds / 2), passes=effort.passes, reach=reach)
    if cells.changed:  # the bound is of intervals both of whose ends are needed
        return attempt.audited(view, found.pattern, found.witnesses(), bound=0.0)
    best = improved(view, found.pattern, costs, effort, attempt.deadline)
    return attempt.audited(view, best.pattern, found.witnesses(), bound=best.bound)


def withheld(cells: Cells, policy: Policy, *, seconds: float = 60.0) -> Protection:
    """Nothing is shown. Raises AuditError where even that does not protect what is hidden."""
    attempt = _Attempt(cells=cells, policy=policy, history=None, deadline=Deadline(seconds))
    return attempt.audited(attempt.view(), np.ones(cells.count, dtype=bool), (), bound=0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Alone:
    """A table as it is protected by itself, which is worked out once, beside however many histories it is looked at."""

    cells: Cells
    effort: Effort
    seconds: float
    _found: dict[Policy, Protection] = field(default_factory=dict[Policy, Protection], repr=False)

    def under(self, policy: Policy) -> Protection:
        """Raises AuditError."""
        if policy not in self._found:
            self._found[policy] = protect(self.cells, policy, effort=self.effort, seconds=self.seconds)
        return self._found[policy]


def protect_beside(history: History, table: Alone, policy: Policy, *, hidden: Any = None, seconds: float = 120.0) -> Protection:
    """Hides until no hidden figure can be narrowed too far, nor one of the `history`: in any case what the table hides by itself, and the
    rows of the mask `hidden`, shape (rows,). Mostly what is safe by itself is safe beside earlier releases too; where it is not, rows are
    hidden besides. No pattern is cheaper than the bound of those that are safe by themselves. Raises AuditError as `protect`."""
    alone, effort = table.under(policy), table.effort
    attempt = _Attempt(cells=table.cells, policy=policy, history=history, deadline=Deadline(seconds))
    view = history.view(view_of(table.cells, policy), attempt.deadline)
    hidden = np.append(alone.hidden if hidden is None else alone.hidden | hidden, False)
    costs = _leaning(attempt.cells, costs_of(attempt.cells, view.rows))
    reach = reach_of(view, hidden, attempt.deadline)
    if np.isinf(history.lower).any() and not reach.are_met().all():
        # What rounding leaves of two deliveries is mostly enough for each change by itself, and not for all at once.
        reach.decide(view.knowledge(hidden), attempt.deadline, around=view.truth)
    if not reach.are_met().all():
        # As long as rows of nothing are shown, hiding them may yet give new figures the room that they should have.
        view = within_reach(view, ~reach.are_met(), attempt.deadline, new=not attempt.policy.zero_shown)
        reach = reach_of(view, hidden, attempt.deadline, reach)
    found = choose(view, costs, attempt.deadline, hidden=hidden, reach=reach)
    found = fewer(view, found, costs, attempt.deadline, passes=effort.passes, hidden=hidden, reach=reach)
    return attempt.audited(view, found.pattern, found.witnesses(), bound=alone.bound)


def costs_of(cells: Cells, rows: int) -> Any:
    """What hiding each row costs, shape (rows,): the table's, and what a view has beside them."""
    costs = np.ones(rows)
    costs[[total.row for total in cells.totals]] = _COST_OF_A_TOTAL
    return costs


def _leaning(cells: Cells, costs: Any) -> Any:
    """The costs, shape (rows,), of which no two are the same where the rows of the table lean."""
    found = costs.copy()
    found[: cells.count] += _LEANING * cells.leaning
    return found


@dataclass(frozen=True, kw_only=True, eq=False)
class _Attempt:
    cells: Cells
    policy: Policy
    history: History | None
    deadline: Deadline

    def view(self, *, national_exact: bool = False) -> View:
        return view_of(self.cells, self.policy, national_exact=national_exact)

    def audited(self, view: View, pattern: Any, witnesses: Iterable[Any], *, bound: float, national_exact: bool = False) -> Protection:
        """The protection by a pattern, if an attacker who holds what is printed by it cannot narrow what is protected. `witnesses` are what
        the search found possible: the audit looks itself whether they are."""
        cells, hidden = self.cells, pattern[: self.cells.count]
        table = published(cells, self.policy, hidden, national_exact=national_exact)
        told = {name: np.where(cells.told[name] & ~hidden, cells.values[name], np.nan) for name in cells.values}
        knowledge = replace(knowledge_of(table, self.policy, told=told), insiders=insiders_of(cells, self.policy))
        if self.history is not None:
            knowledge = self.history.knowledge(knowledge)
        if failing(knowledge, view.targets, truth=view.truth, witnesses=witnesses, seconds=self.deadline.left()):
            raise AuditError("what would be printed narrows a hidden figure")
        besides = hidden & ~view.first[: cells.count]
        return Protection(
            hidden=hidden,
            national_exact=national_exact,
            table=table,
            protected=self._protected(view),
            protected_figures=len({target.figure for target in view.targets}),
            rows_hidden_first=int(view.first.sum()),
            rows_hidden_besides=int(besides.sum()),
            cost=float(costs_of(cells, cells.count)[besides].sum()),
            bound=bound,
            seconds=self.deadline.taken(),
        )

    def _protected(self, view: View) -> dict[str, dict[int, tuple[float, float]]]:
        found: dict[str, dict[int, tuple[float, float]]] = {}
        names = [figure.name if figure.kind is AggregateKind.COUNT else None for figure in self.cells.figures]
        for target in view.targets:
            block, row = divmod(target.figure, self.cells.count) if self.cells.count else (len(names), 0)
            name = names[block] if block < len(names) else None
            if name is not None and view.truth[target.figure] <= self.policy.threshold:
                found.setdefault(name, {})[row] = (target.low, target.high)
        return found
