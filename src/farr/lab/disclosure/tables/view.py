"""View: what is left of each figure to an attacker where its row is printed, and where it is hidden; and which figures are protected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from farr.lab.disclosure.attack import Knowledge, Target
from farr.lab.disclosure.attack.insiders import ANYBODY, OUTSIDERS, Insiders
from farr.lab.disclosure.attack.knowledge import TOLERANCE
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.tables.cells import Cells
from farr.lab.disclosure.tables.checks import fails_p_percent, has_few_contributors, is_dominated, is_small
from farr.lab.disclosure.tables.contributions import Ladder, half_width, insiders_of
from farr.lab.disclosure.tables.relations import is_root, relations
from farr.lab.model.question import AggregateKind

_LEVELS = 20  # of totals of totals; deeper ones are only asked for more room than they can have


@dataclass(frozen=True, kw_only=True, eq=False)
class View:
    """The cells as a policy lets them be seen. Figures are numbered by column, then complement, then row: number = block · rows + row.
    `row_of`, shape (figures,), is the row of each, and `size`, shape (rows,), the largest figure of each row: nothing is gained by hiding
    a row of nothing.

    `shown` and `hidden`, shape (figures, 2), are the least and greatest value left where the row is printed and where it is not;
    `truth`, shape (figures,), the true values; `matrix`, `low` and `high` what adds up; `first`, shape (rows,), the rows that are hidden
    for what they are; `targets` the figures of those that are protected; `insiders` what those who contribute to sums know."""

    rows: int
    row_of: Any
    size: Any
    shown: Any
    hidden: Any
    truth: Any
    matrix: Any
    low: Any
    high: Any
    first: Any
    targets: tuple[Target, ...]
    insiders: Insiders | None = None

    def bounds(self, hidden: Any, against: int = OUTSIDERS) -> Any:
        """The least and greatest value left of each figure, shape (figures, 2), where the rows of the mask `hidden` are not printed, to
        those against whom one is protected (insiders.py)."""
        found, mask = self.shown.copy(), hidden[self.row_of]
        found[mask] = self.hidden[mask]
        if self.insiders is not None and against != OUTSIDERS:
            found[:, 0] = np.maximum(found[:, 0], self.insiders.least(against))
        return found

    def knowledge(self, hidden: Any) -> Knowledge:
        """What an attacker knows where the rows of the mask `hidden`, shape (rows,), are not printed."""
        bounds, mask = self.bounds(hidden), hidden[self.row_of]
        return Knowledge(
            lower=bounds[:, 0], upper=bounds[:, 1], matrix=self.matrix, low=self.low, high=self.high, printed=~mask, insiders=self.insiders
        )


def view_of(cells: Cells, policy: Policy, *, national_exact: bool = False) -> View:
    """National rows are exempt from hiding, and printed as they are, where `national_exact`."""
    names, pairs = list(cells.values), cells.complements()
    shown = [_shown(cells, policy, name, national_exact) for name in names]
    by_name = dict(zip(names, shown, strict=True))
    shown += [_shown_complement(cells, policy, by_name[part], by_name[whole], national_exact) for part, whole in pairs]
    hidden = [_hidden(cells, policy, name) for name in names] + [_range(cells, 0.0, np.inf) for _ in pairs]
    complements = [cells.values[whole] - cells.values[part] for part, whole in pairs]
    first = first_hidden(cells, policy) & ~(cells.national & national_exact)
    matrix, slack = relations(cells.figures, cells.totals, cells.balances, cells.values)
    insiders = insiders_of(cells, policy)
    bounds, truth = np.concatenate(hidden), np.concatenate([*(cells.values[name] for name in names), *complements])
    return View(
        rows=cells.count,
        row_of=np.tile(np.arange(cells.count), len(hidden)),
        size=truth.reshape(len(hidden), cells.count).max(axis=0, initial=0.0),
        shown=np.concatenate(shown),
        hidden=bounds,
        truth=truth,
        matrix=matrix,
        low=-slack,
        high=slack,
        first=first,
        targets=tuple(_targets(cells, policy, first, _least(bounds[:, 0], cells, len(names)), insiders)),
        insiders=insiders,
    )


def is_exact(cells: Cells, policy: Policy, *, national_exact: bool) -> Any:
    """True for rows whose figures are printed unrounded, shape (rows,)."""
    return (cells.national & national_exact) | (policy.rounding_base == 1)


def reasons(cells: Cells, policy: Policy) -> dict[str, Any]:
    """Why rows are hidden for what they are: by reason, a mask of shape (rows,)."""
    found = {"small": np.zeros(cells.count, dtype=bool), "dominated": np.zeros(cells.count, dtype=bool)}
    found["leaves few"] = np.zeros(cells.count, dtype=bool)
    for figure in cells.figures:
        found["small"] |= _is_primary(cells, policy, figure.name)
        found["dominated"] |= _is_unsafe_sum(cells, policy, figure.name)
    for part, whole in cells.complements():
        found["leaves few"] |= is_small(cells.values[whole] - cells.values[part], policy.threshold, zero_shown=True)
    return found


def first_hidden(cells: Cells, policy: Policy) -> Any:
    """The rows that are hidden for what they are, a mask of shape (rows,)."""
    masks = list(reasons(cells, policy).values())
    changed = [row for rows in cells.changed.values() for row in rows]
    return np.any([*masks, np.isin(np.arange(cells.count), changed)], axis=0)


def _is_primary(cells: Cells, policy: Policy, name: str) -> Any:
    """Small counts, and figures to which few people contribute, or people whom nobody could count."""
    values, persons = cells.values[name], cells.persons[name]
    small = is_small(persons, policy.threshold, zero_shown=policy.zero_shown) | ((persons == 0) & (values > 0))
    if _is_count(cells, name):
        small = small | is_small(values, policy.threshold, zero_shown=policy.zero_shown)
    return small


def _is_unsafe_sum(cells: Cells, policy: Policy, name: str) -> Any:
    if _is_count(cells, name):
        return np.zeros(cells.count, dtype=bool)
    total, top1, top2 = cells.values[name], cells.top1[name], cells.top2[name]
    return (
        has_few_contributors(cells.persons[name], policy.minimum_contributors)
        | fails_p_percent(total, top1, top2, policy.p_percent)
        | is_dominated(total, top1, top2, policy.dominance_n, policy.dominance_k)
    )


def _shown(cells: Cells, policy: Policy, name: str, national_exact: bool) -> Any:
    values, whole = cells.values[name], _is_count(cells, name)
    bounds = _preimages(policy, values, whole=whole)
    if whole:
        # A shown count is either nothing or above the threshold, which everybody knows.
        bounds[:, 0] = np.maximum(bounds[:, 0], (values > 0) * (policy.threshold + 1.0))
        bounds[:, 1] *= values > 0
    known = is_exact(cells, policy, national_exact=national_exact) | cells.told[name]
    bounds[known] = values[known, None]
    return bounds


def _preimages(policy: Policy, values: Any, *, whole: bool) -> Any:
    """Shape (rows, 2): what each printed figure may have been."""
    different, place = np.unique(values, return_inverse=True)
    pairs = [policy.preimage(policy.rounded(float(value)), whole=whole) for value in different]
    return np.array(pairs, dtype=float).reshape(-1, 2)[place]


def _shown_complement(cells: Cells, policy: Policy, part: Any, whole: Any, national_exact: bool) -> Any:
    """A shown row's complement is nothing or above the threshold; which of the two is known where it cannot be the other."""
    ruled = ~(cells.national & national_exact)
    certain = ruled & (whole[:, 0] > part[:, 1])
    nothing = ruled & (whole[:, 1] - part[:, 0] <= policy.threshold)
    return np.column_stack([np.where(certain, float(policy.threshold + 1), 0.0), np.where(nothing, 0.0, np.inf)])


def _hidden(cells: Cells, policy: Policy, name: str) -> Any:
    return _range(cells, 1.0 if policy.zero_shown and is_root(cells.figures, name) else 0.0, np.inf)


def _range(cells: Cells, low: float, high: float) -> Any:
    return np.tile([low, high], (cells.count, 1))


def _least(lowest: Any, cells: Cells, blocks: int) -> Any:
    """The least value that any pattern leaves each figure, shape (figures,): where nothing is printed as nought, a hidden total is no less
    than the least of its parts together."""
    least = np.array(lowest)
    for block in range(blocks):
        values = list(cells.values.values())[block]
        inside = np.where(values > 0, least[block * cells.count : (block + 1) * cells.count], 0.0)
        for _ in range(_LEVELS):
            before = inside.copy()
            for total in cells.totals:
                inside[total.row] = max(inside[total.row], inside[list(total.parts)].sum())
            if np.array_equal(before, inside):
                break
        least[block * cells.count : (block + 1) * cells.count] = inside
    return least


def _targets(cells: Cells, policy: Policy, first: Any, lowest: Any, insiders: Insiders | None) -> list[Target]:
    found: list[Target] = []
    for block, name in enumerate(cells.values):
        needed = np.flatnonzero((_is_primary(cells, policy, name) | _is_unsafe_sum(cells, policy, name)) & first)
        mine: list[Target] = []
        if _is_count(cells, name):
            ends = [(_around_count(policy, float(cells.values[name][row])), int(row)) for row in needed]
        else:
            ends = [(_around_sum(cells, policy, int(row), name), int(row)) for row in needed]
        mine += [_target(block * cells.count + row, end, lowest) for end, row in ends]
        mine += [replace(_target(block * cells.count + row, end, lowest), either=True) for row, end in cells.changed.get(name, {}).items()]
        found += mine if insiders is None or _is_count(cells, name) else _from_insiders(mine, cells, block, insiders, lowest)
    for number, (part, whole) in enumerate(cells.complements()):
        left = cells.values[whole] - cells.values[part]
        needed = is_small(left, policy.threshold, zero_shown=True) & first
        block = len(cells.values) + number
        found += [
            _target(block * cells.count + int(row), _around_count(policy, float(left[row])), lowest) for row in np.flatnonzero(needed)
        ]
    return found


def _from_insiders(targets: Sequence[Target], cells: Cells, block: int, insiders: Insiders, lowest: Any) -> Iterator[Target]:
    """Sums as they are protected from whoever contributes to others: at the upper end from all; at the lower end, below which whoever
    contributes most to it knows that it is not, from all others, or from outsiders where even in a table that shows nothing these know
    together that it is hardly less."""
    ladder, rows = Ladder.of(cells.totals), slice(block * cells.count, (block + 1) * cells.count)
    values = cells.values[cells.figures[block].name]
    for target in targets:
        whose, row = int(insiders.whose[target.figure]), target.figure - rows.start
        if target.either:
            yield replace(target, against=whose)
            continue
        yield replace(target, low=np.inf, against=ANYBODY)
        room = values - np.maximum(insiders.least(whose), lowest)[rows] >= values[row] - target.low - TOLERANCE
        yield replace(target, high=-np.inf, against=whose if ladder.may_be_less(row, room) else OUTSIDERS)


def _target(figure: int, ends: tuple[float, float], lowest: Any) -> Target:
    return Target(figure=figure, low=max(ends[0], float(lowest[figure])), high=ends[1])


def _around_count(policy: Policy, value: float) -> tuple[float, float]:
    """The policy's interval for a small count; as wide an interval around a larger count of few people."""
    low, high = (float(end) for end in policy.protected)
    if value > policy.threshold:
        return value - (high - low) / 2, value + (high - low) / 2
    return low, high


def _around_sum(cells: Cells, policy: Policy, row: int, name: str) -> tuple[float, float]:
    """The largest contribution must stay uncertain by p per cent, and the sum by half the width asked of a count."""
    width = max(half_width(policy), (policy.p_percent or 0.0) * float(cells.top1[name][row]))
    value = float(cells.values[name][row])
    return value - width, value + width


def _is_count(cells: Cells, name: str) -> bool:
    return next(figure.kind for figure in cells.figures if figure.name == name) is AggregateKind.COUNT
