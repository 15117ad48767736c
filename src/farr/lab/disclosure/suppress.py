"""Secondary suppression: hide further rows until the attacker's audit passes, or give up. Simple and safe, not the least loss."""

import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np

from farr.lab.disclosure.attack import AuditError, Target, failing, is_possible
from farr.lab.disclosure.cells import Cells, Total
from farr.lab.disclosure.pattern import Pattern, first_pattern, truth, what_is_known
from farr.lab.disclosure.policy import Policy
from farr.lab.model.question import AggregateKind

_ROUNDS = 200


@dataclass(frozen=True, kw_only=True)
class Protection:
    """A pattern that passed the audit, and what it took."""

    pattern: Pattern
    protected_figures: int
    rows_hidden_first: int
    rows_hidden_besides: int
    audits: int
    seconds: float

    def summary(self) -> dict[str, Any]:
        """For the ledger, which only the lab reads: how many cells are hidden is not published."""
        numbers = {name: value for name, value in vars(self).items() if name != "pattern"}
        return {**numbers, "national_exact": self.pattern.national_exact}


def protect(cells: Cells, policy: Policy, *, seconds: float = 120.0) -> Protection:
    """Hides small rows, then rounds the national figures, then hides siblings, until no hidden figure can be narrowed too far.

    Raises AuditError where that is not reached within the rounds and seconds allowed. The same cells give the same pattern."""
    started = time.monotonic()
    pattern = first_pattern(cells, policy, national_exact=policy.national_exempt)
    for audits in range(1, _ROUNDS + 1):
        knowledge, targets = what_is_known(cells, policy, pattern)
        if not is_possible(knowledge, truth(cells)):
            raise AuditError("the truth does not fit what the attacker is taken to know")
        unsafe = failing(knowledge, targets, seconds=seconds - (time.monotonic() - started))
        if not unsafe:
            first = first_pattern(cells, policy, national_exact=pattern.national_exact)
            return Protection(
                pattern=pattern,
                protected_figures=len(targets),
                rows_hidden_first=len(first.hidden),
                rows_hidden_besides=len(pattern.hidden - first.hidden),
                audits=audits,
                seconds=round(time.monotonic() - started, 2),
            )
        pattern = _safer(cells, policy, pattern, unsafe)
    raise AuditError("hiding more rows did not make the table safe")


def _safer(cells: Cells, policy: Policy, pattern: Pattern, unsafe: list[Target]) -> Pattern:
    if pattern.national_exact:
        return first_pattern(cells, policy, national_exact=False)
    totals, size = _totals_by_row(cells), _sizes(cells)
    helped: set[int] = set()
    for row in dict.fromkeys(target.figure % cells.count for target in unsafe):
        if row in helped:
            continue
        near = _hidden_together(row, totals, pattern)
        # One more hidden row may help every unsafe one that hangs together with it: the next audit says whether it did.
        if helped.isdisjoint(near):
            hidden = _next_to_hide(near, totals, pattern, size)
            helped |= {*near, hidden}
            pattern = pattern.hiding(frozenset({hidden}))
    return pattern


def _hidden_together(row: int, totals: list[list[Total]], pattern: Pattern) -> list[int]:
    """The hidden rows that stand in a relation with `row`, or with one that does, and so on: nearest first."""
    found, waiting = {row: None}, deque([row])
    while waiting:
        for total in totals[waiting.popleft()]:
            new = [other for other in _members(total) if other in pattern.hidden and other not in found]
            found |= dict.fromkeys(new)
            waiting.extend(new)
    return list(found)


def _next_to_hide(near: list[int], totals: list[list[Total]], pattern: Pattern, size: Any) -> int:
    """A shown row of the relation that leaves one of these hidden rows the least room: the nearer relation first, a part before
    the total, a row that others hidden stand beside before one that needs a partner of its own, then the smallest."""
    relations = [(_room(row, total, pattern, size), at, total) for at, row in enumerate(near) for total in totals[row]]
    for _, _, total in sorted(relations, key=lambda found: (found[0], found[1], found[2].row)):
        shown = [other for other in _members(total) if other not in pattern.hidden and size[other] > 0]
        if shown:
            return min(shown, key=lambda other: (other == total.row, _is_alone(other, total, totals, pattern), size[other], other))
    raise AuditError("there is no row left to hide")


def _is_alone(row: int, beside: Total, totals: list[list[Total]], pattern: Pattern) -> bool:
    """Whether, in its other relations, the row would be the only hidden one, so that it could be had by subtraction."""
    others = [total for total in totals[row] if total is not beside]
    return any(all(member not in pattern.hidden for member in _members(total)) for total in others)


def _members(total: Total) -> tuple[int, ...]:
    return (*total.parts, total.row)


def _room(row: int, total: Total, pattern: Pattern, size: Any) -> float:
    """How far the other hidden rows of the relation could give way."""
    return float(sum(size[other] for other in _members(total) if other != row and other in pattern.hidden))


def _totals_by_row(cells: Cells) -> list[list[Total]]:
    """The relations in which each row stands, as a part or as the total."""
    found: list[list[Total]] = [[] for _ in range(cells.count)]
    for total in cells.totals:
        for row in _members(total):
            found[row].append(total)
    return found


def _sizes(cells: Cells) -> Any:
    """The largest count of each row (its people, where the question only sums). Rows of size 0 are never hidden: see pattern.py."""
    counts = [aggregate.name for aggregate in cells.question.aggregates if aggregate.kind is AggregateKind.COUNT]
    figures = [cells.values[name] for name in counts] or list(cells.persons.values())
    return np.max(np.vstack(figures), axis=0)
