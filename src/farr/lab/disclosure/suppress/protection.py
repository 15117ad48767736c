"""Protection: a pattern that passed the attacker's audit of what is printed by it."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from farr.lab.disclosure.attack import AuditError, failing
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.suppress.choose import choose, fewer
from farr.lab.disclosure.suppress.optimal import Effort, improved
from farr.lab.disclosure.tables.cells import Cells
from farr.lab.disclosure.tables.published import Published, knowledge_of, published
from farr.lab.disclosure.tables.view import View, view_of

# A total is what most readers came for: hiding one is taken to cost as much as hiding two parts. Farr's own choice.
_COST_OF_A_TOTAL = 2.0


@dataclass(frozen=True, kw_only=True)
class Protection:
    """What was hidden, and what it took. `hidden`, a mask of shape (rows,); `cost` of the rows hidden besides those that are hidden for
    what they are, and the least that any safe pattern must cost, the `bound`, as far as that is known."""

    hidden: Any
    national_exact: bool
    table: Published
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

    def summary(self) -> dict[str, Any]:
        """For the ledger, which only the lab reads: how many cells are hidden is not published."""
        left_out = ("hidden", "table", "seconds")
        return {name: value for name, value in vars(self).items() if name not in left_out} | {"seconds": round(self.seconds, 2)}


def protect(cells: Cells, policy: Policy, *, effort: Effort, seconds: float = 120.0) -> Protection:
    """Hides small rows, then as few others as `effort` finds, until no hidden figure can be narrowed too far.

    Raises AuditError where that is not reached in time. The same cells and effort give the same pattern, unless its seconds ran out."""
    started = time.monotonic()
    if policy.national_exempt:
        as_it_is = _unchanged(cells, policy, started, seconds)
        if as_it_is is not None:
            return as_it_is
    view = view_of(cells, policy)
    costs = costs_of(cells)
    deadline = started + seconds
    pattern = choose(view, costs, deadline)
    pattern = fewer(view, pattern, costs, min(deadline, time.monotonic() + effort.seconds / 2), passes=effort.passes)
    best = improved(view, pattern, costs, effort, deadline)
    return _audited(cells, policy, view, best.pattern, bound=best.bound, national_exact=False, started=started, seconds=seconds)


def costs_of(cells: Cells) -> Any:
    """What hiding each row costs, shape (rows,)."""
    costs = np.ones(cells.count)
    costs[[total.row for total in cells.totals]] = _COST_OF_A_TOTAL
    return costs


def _unchanged(cells: Cells, policy: Policy, started: float, seconds: float) -> Protection | None:
    """The pattern that hides nothing besides, with national figures as they are, if it is safe."""
    view = view_of(cells, policy, national_exact=True)
    try:
        return _audited(cells, policy, view, view.first, bound=0.0, national_exact=True, started=started, seconds=seconds)
    except AuditError:
        return None


def _audited(
    cells: Cells, policy: Policy, view: View, hidden: Any, *, bound: float, national_exact: bool, started: float, seconds: float
) -> Protection:
    table = published(cells, policy, hidden, national_exact=national_exact)
    told = {name: np.where(cells.told[name] & ~hidden, cells.values[name], np.nan) for name in cells.values}
    knowledge = knowledge_of(table, policy, told=told)
    if failing(knowledge, view.targets, truth=view.truth, seconds=seconds - (time.monotonic() - started)):
        raise AuditError("what would be printed narrows a hidden figure")
    besides = hidden & ~view.first
    return Protection(
        hidden=hidden,
        national_exact=national_exact,
        table=table,
        protected_figures=len(view.targets),
        rows_hidden_first=int(view.first.sum()),
        rows_hidden_besides=int(besides.sum()),
        cost=float(costs_of(cells)[besides].sum()),
        bound=bound,
        seconds=time.monotonic() - started,
    )
