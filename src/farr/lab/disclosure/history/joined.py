"""New figures and those of earlier releases together, as an attacker sees them."""

from dataclasses import dataclass, field, replace
from typing import Any

import highspy
import numpy as np
from scipy.sparse import bmat, hstack

from farr.lab.disclosure.attack import AuditError, Knowledge, Target
from farr.lab.disclosure.attack.audit import Reach
from farr.lab.disclosure.attack.deadline import Deadline
from farr.lab.disclosure.attack.knowledge import TOLERANCE, tightened
from farr.lab.disclosure.attack.solver import DUAL, model_of, solved
from farr.lab.disclosure.tables.view import View

_MORE_THAN_A_FEW = 20.0


class Contradiction(AuditError):
    """Earlier figures are of other data than the new ones."""


@dataclass(frozen=True, kw_only=True, eq=False)
class History:
    """`extra` unknown figures beside the new ones, none below `lower` and none above `upper`, shape (extra,), nor, by earlier releases
    alone, above `upper_before`; `lower` is nought but for changes, which may be of either sign; relations `low` ≤ `of_new` · new +
    `of_extra` · extra ≤ `high`; the masks `free`, of those extra ones that were hidden, and `derived`, of those that no release prints by
    themselves, but finer ones that add up to them; and what earlier releases protect. `one_way`: it is taken that of two deliveries the one
    has all records of the other; `guessed`: figures do not tell which."""

    lower: Any
    upper: Any
    upper_before: Any
    of_new: Any
    of_extra: Any
    low: Any
    high: Any
    free: Any
    derived: Any
    targets: tuple[Target, ...]
    one_way: bool = False
    guessed: bool = False
    _found: dict[bytes, Any] = field(default_factory=dict[bytes, Any], repr=False)

    def view(self, view: View, deadline: Deadline) -> "Joined":
        """The new table's view with the extra figures, which belong to a row that is never hidden. Raises Contradiction where the
        earlier figures and the new ones cannot all be true."""
        extra, new = len(self.upper), len(view.truth)
        bounds = np.column_stack([self.lower, self.upper])
        mine = [replace(target, figure=target.figure + new) for target in self.targets]
        return Joined(
            history=self,
            rows=view.rows + 1,
            row_of=np.concatenate([view.row_of, np.full(extra, view.rows)]),
            size=np.append(view.size, 0.0),
            shown=np.concatenate([view.shown, bounds]),
            hidden=np.concatenate([view.hidden, bounds]),
            truth=np.concatenate([view.truth, self._possible(view.truth, deadline)]),
            matrix=self._matrix(view.matrix),
            low=np.concatenate([view.low, self.low]),
            high=np.concatenate([view.high, self.high]),
            first=np.append(view.first, False),
            targets=(*view.targets, *mine),
            insiders=None if view.insiders is None else view.insiders.beside(extra),
        )

    def knowledge(self, knowledge: Knowledge) -> Knowledge:
        """What an attacker knows who holds the earlier releases too."""
        return Knowledge(
            lower=np.concatenate([knowledge.lower, self.lower]),
            upper=np.concatenate([knowledge.upper, self.upper]),
            matrix=self._matrix(knowledge.matrix),
            low=np.concatenate([knowledge.low, self.low]),
            high=np.concatenate([knowledge.high, self.high]),
            printed=self.printed(knowledge.printed),
            insiders=None if knowledge.insiders is None else knowledge.insiders.beside(len(self.lower)),
        )

    def _matrix(self, matrix: Any) -> Any:
        return bmat([[matrix, None], [self.of_new, self.of_extra]], format="csr")

    def printed(self, new: Any) -> Any:
        """What is printed of all figures, a mask, where `new`, a mask, is what is printed of the new ones: of the extra ones those that
        some release prints, unless they are part of new ones that are hidden."""
        inside = abs(self.of_extra)
        found = self.free | _beside(inside, abs(self.of_new) @ (~new).astype(float) > 0)
        while np.any(more := self.derived & ~found & _beside(inside, inside @ found.astype(float) > 0)):
            found |= more
        return np.concatenate([new, ~found])

    def _possible(self, truth: Any, deadline: Deadline) -> Any:
        """Some values of the extra figures that are possible with the true new ones, most of them more than a few. Raises Contradiction."""
        if (known := self._found.get(truth.tobytes())) is not None:
            return known
        given = self.of_new @ truth
        known = tightened(Knowledge(lower=self.lower, upper=self.upper, matrix=self.of_extra, low=self.low - given, high=self.high - given))
        # Each in two parts: the first few of it, of which there are to be as many as can be, and the rest.
        few = np.clip(known.upper, 0.0, _MORE_THAN_A_FEW)
        surely = np.clip(known.lower, 0.0, few)
        model = model_of(
            np.concatenate([surely, known.lower - surely]), np.concatenate([few, known.upper - few]),
            hstack([known.matrix, known.matrix]).tocsr(), known.low, known.high,
            costs=np.concatenate([np.full(len(few), -1.0), np.zeros(len(few))]),
            strategy=DUAL,
        )  # fmt: skip
        model.setOptionValue("presolve", "on")  # solved once
        status = solved(model, deadline)
        # What is optimised is bounded, so that presolve's doubt between the two means that there is no solution.
        if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            raise Contradiction("earlier figures and the new ones cannot all be true")
        if status != highspy.HighsModelStatus.kOptimal:
            raise AuditError("the solver did not find out whether earlier figures and the new ones can all be true")
        values = np.array(model.getSolution().col_value)
        self._found[truth.tobytes()] = values[: len(few)] + values[len(few) :]
        return self._found[truth.tobytes()]


def _beside(inside: Any, lines: Any) -> Any:
    """The figures, a mask, that one of these lines, a mask, has."""
    return inside.T @ lines.astype(float) > 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Joined(View):
    """New figures, and then the extra ones of earlier releases, in a last row of their own."""

    history: History

    def without_new(self) -> Knowledge:
        """What an attacker knows before the new table is printed: neither that hidden rows are not empty, nor which rows are not there."""
        new = len(self.truth) - len(self.history.upper)
        return replace(
            self.knowledge(np.ones(self.rows, dtype=bool)),
            lower=np.concatenate([np.zeros(new), self.history.lower]),
            upper=np.concatenate([np.full(new, np.inf), self.history.upper_before]),
        )

    def knowledge(self, hidden: Any) -> Knowledge:
        known = super().knowledge(hidden)
        return replace(known, printed=self.history.printed(known.printed[: len(known.printed) - len(self.history.upper)]))


def within_reach(joined: Joined, unmet: Any, deadline: Deadline, *, new: bool) -> Joined:
    """The same, where those `unmet`, a mask of shape (targets,), that earlier releases protect are asked for no more than these leave by
    themselves: what they gave away is not taken back by hiding now, and must not be narrowed further. So are `new` ones, if that is
    said."""
    earlier = np.array([joined.row_of[target.figure] == joined.rows - 1 for target in joined.targets], dtype=bool)
    places = np.flatnonzero(unmet & (earlier | new))
    knowledge = joined.without_new()
    reach = Reach([joined.targets[place] for place in places], knowledge.insiders)
    reach.meet(knowledge, joined.truth, deadline, one_by_one=False)
    reach.decide(knowledge, deadline)
    targets = list(joined.targets)
    for place, least, most in zip(places, reach.least, reach.greatest, strict=True):
        targets[place] = _within(targets[place], float(least), float(most))
    return replace(joined, targets=tuple(targets))


def _within(target: Target, least: float, most: float) -> Target:
    low, high = least <= target.low + TOLERANCE, most >= target.high - TOLERANCE
    if target.either and (low or high):
        return replace(target, low=target.low if low else -np.inf, high=target.high if high else np.inf)
    near = TOLERANCE / 2  # so that the very end need not be reached again to the last digit
    return replace(target, low=target.low if low else least + near, high=target.high if high else most - near)
