"""Pattern: what is printed for each row of a question, and what an attacker learns from it."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from farr.lab.disclosure.attack import Knowledge, Relation, Target
from farr.lab.disclosure.cells import Cells
from farr.lab.disclosure.checks import fails_p_percent, has_few_contributors, is_dominated, is_small
from farr.lab.disclosure.policy import Policy
from farr.lab.model.question import AggregateKind

# A verdict that says nothing against an organisation leaves its count within what rounding leaves of it. Any other might be
# reached by one count of those only, so the attacker is taken to know the count itself.
NEUTRAL_VERDICTS = frozenset({"as expected"})


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """`hidden`: rows of which nothing is printed; `national_exact`: national figures are printed unrounded."""

    hidden: frozenset[int]
    national_exact: bool

    def hiding(self, rows: frozenset[int]) -> "Pattern":
        return replace(self, hidden=self.hidden | rows)


def first_pattern(cells: Cells, policy: Policy, *, national_exact: bool) -> Pattern:
    """Every row with a small figure is hidden whole; national rows are exempt while they are printed exactly."""
    unsafe = np.zeros(cells.count, dtype=bool)
    for aggregate in cells.question.aggregates:
        unsafe |= _is_primary(cells, policy, aggregate.name) | _is_unsafe_sum(cells, policy, aggregate.name)
    for part, whole in cells.complements():
        unsafe |= is_small(cells.values[whole] - cells.values[part], policy.threshold, zero_shown=True)
    if national_exact:
        unsafe &= ~cells.national
    return Pattern(hidden=frozenset(int(row) for row in np.flatnonzero(unsafe)), national_exact=national_exact)


def is_exact(cells: Cells, policy: Policy, pattern: Pattern) -> Any:
    """True for rows whose figures are printed unrounded, shape (rows,)."""
    return (cells.national & pattern.national_exact) | (policy.rounding_base == 1)


def what_is_known(cells: Cells, policy: Policy, pattern: Pattern) -> tuple[Knowledge, list[Target]]:
    """The attacker's knowledge and the figures to protect. Figures are numbered by aggregate, then complement, then row."""
    names = list(cells.values)
    pairs = cells.complements()
    bounds = [_bounds(cells, policy, pattern, name) for name in names] + [
        _complement_bounds(cells, policy, pattern, *pair) for pair in pairs
    ]
    relations = _sum_relations(cells, len(names)) + _complement_relations(cells, names, pairs)
    knowledge = Knowledge(
        lower=np.concatenate([low for low, _ in bounds]),
        upper=np.concatenate([high for _, high in bounds]),
        relations=tuple(relations),
    )
    return knowledge, _targets(cells, policy, pattern, knowledge)


def truth(cells: Cells) -> Any:
    """The true figures in the order of `what_is_known`: they must be possible in the attacker's eyes."""
    complements = [cells.values[whole] - cells.values[part] for part, whole in cells.complements()]
    return np.concatenate([*cells.values.values(), *complements])


def figure_number(cells: Cells, block: int, row: int) -> int:
    return block * cells.count + row


def _is_primary(cells: Cells, policy: Policy, name: str) -> Any:
    """Small counts, and figures to which few people contribute, or people whom nobody could count."""
    values, persons = cells.values[name], cells.persons[name]
    small = is_small(persons, policy.threshold, zero_shown=policy.zero_shown) | ((persons == 0) & (values > 0))
    if _kind(cells, name) is AggregateKind.COUNT:
        small = small | is_small(values, policy.threshold, zero_shown=policy.zero_shown)
    return small


def _is_unsafe_sum(cells: Cells, policy: Policy, name: str) -> Any:
    if _kind(cells, name) is AggregateKind.COUNT:
        return np.zeros(cells.count, dtype=bool)
    total, top1, top2 = cells.values[name], cells.top1[name], cells.top2[name]
    return (
        has_few_contributors(cells.persons[name], policy.minimum_contributors)
        | fails_p_percent(total, top1, top2, policy.p_percent)
        | is_dominated(total, top1, top2, policy.dominance_n, policy.dominance_k)
    )


def _bounds(cells: Cells, policy: Policy, pattern: Pattern, name: str) -> tuple[Any, Any]:
    values, whole = cells.values[name], _kind(cells, name) is AggregateKind.COUNT
    ends: Any = _preimages(policy, values, whole=whole)
    low: Any = ends[:, 0]
    high: Any = ends[:, 1]
    if whole:
        # A shown count is either nothing or above the threshold, which everybody knows.
        low = np.maximum(low, (values > 0) * (policy.threshold + 1.0))
        high = high * (values > 0)
    known = is_exact(cells, policy, pattern) | _is_told_by_verdict(cells, name)
    hidden = _mask(cells, pattern)
    least = 1.0 if policy.zero_shown and _is_root(cells, name) else 0.0
    return _first_of((hidden, least), (known, values), low), _first_of((hidden, np.inf), (known, values), high)


def _first_of(one: tuple[Any, Any], other: tuple[Any, Any], otherwise: Any) -> Any:
    return np.select([one[0], other[0]], [one[1], other[1]], otherwise)


def _preimages(policy: Policy, values: Any, *, whole: bool) -> Any:
    """Shape (rows, 2): what each printed figure may have been."""
    pairs = [policy.preimage(policy.rounded(value), whole=whole) for value in values]
    return np.array(pairs, dtype=float).reshape(-1, 2)


def _complement_bounds(cells: Cells, policy: Policy, pattern: Pattern, part: str, whole: str) -> tuple[Any, Any]:
    """A shown row's complement is nothing or above the threshold; which of the two is known where it cannot be nothing."""
    part_high, whole_low = _bounds(cells, policy, pattern, part)[1], _bounds(cells, policy, pattern, whole)[0]
    certain = ~_mask(cells, pattern) & ~(cells.national & pattern.national_exact) & (whole_low > part_high)
    return np.where(certain, float(policy.threshold + 1), 0.0), np.full(cells.count, np.inf)


def _is_told_by_verdict(cells: Cells, name: str) -> Any:
    told = np.zeros(cells.count, dtype=bool)
    for estimate in cells.question.estimates:
        if name in {aggregate for _, aggregate in estimate.inputs}:
            told |= np.array([verdict is not None and verdict not in NEUTRAL_VERDICTS for verdict in cells.estimates[estimate.name]], bool)
    return told


def _is_root(cells: Cells, name: str) -> bool:
    """Whether a hidden row cannot be empty of this: all other figures lie within it, and rows empty of it are never hidden."""
    above = {aggregate.name: aggregate.subset_of for aggregate in cells.question.aggregates}
    return above[name] is None and all(_top(other, above) == name for other in above)


def _top(name: str, above: dict[str, str | None]) -> str:
    for _ in above:
        name = above.get(name) or name
    return name


def _sum_relations(cells: Cells, aggregates: int) -> list[Relation]:
    return [
        Relation(
            figures=tuple(figure_number(cells, block, row) for row in (total.row, *total.parts)),
            coefficients=(1.0, *(-1.0 for _ in total.parts)),
            low=-_slack(cells, block, total.row),
            high=_slack(cells, block, total.row),
        )
        for block in range(aggregates)
        for total in cells.totals
    ]


def _slack(cells: Cells, block: int, row: int) -> float:
    """Sums of decimals add up only to rounding error; counts add up."""
    name = list(cells.values)[block]
    return 0.0 if _kind(cells, name) is AggregateKind.COUNT else 1e-6 * max(1.0, float(cells.values[name][row]))


def _complement_relations(cells: Cells, names: list[str], pairs: list[tuple[str, str]]) -> list[Relation]:
    return [
        Relation(
            figures=(
                figure_number(cells, names.index(whole), row),
                figure_number(cells, names.index(part), row),
                figure_number(cells, len(names) + at, row),
            ),
            coefficients=(1.0, -1.0, -1.0),
        )
        for at, (part, whole) in enumerate(pairs)
        for row in range(cells.count)
    ]


def _targets(cells: Cells, policy: Policy, pattern: Pattern, knowledge: Knowledge) -> list[Target]:
    found: list[Target] = []
    for block, name in enumerate(cells.values):
        if _kind(cells, name) is AggregateKind.COUNT:
            needed = _is_primary(cells, policy, name)
            found += [_count_target(cells, policy, block, row, cells.values[name][row]) for row in _rows(needed, pattern)]
        else:
            needed = _is_primary(cells, policy, name) | _is_unsafe_sum(cells, policy, name)
            found += [_sum_target(cells, policy, block, row, name) for row in _rows(needed, pattern)]
    for at, (part, whole) in enumerate(cells.complements()):
        left = cells.values[whole] - cells.values[part]
        block = len(cells.values) + at
        needed = is_small(left, policy.threshold, zero_shown=True)
        found += [_count_target(cells, policy, block, row, left[row]) for row in _rows(needed, pattern)]
    return [replace(target, low=max(target.low, float(knowledge.lower[target.figure]))) for target in found]


def _count_target(cells: Cells, policy: Policy, block: int, row: int, value: float) -> Target:
    """The policy's interval for a small count; as wide an interval around a larger count of few people."""
    low, high = (float(end) for end in policy.protected)
    if value > policy.threshold:
        low, high = value - (high - low) / 2, value + (high - low) / 2
    return Target(figure=figure_number(cells, block, row), low=low, high=high)


def _sum_target(cells: Cells, policy: Policy, block: int, row: int, name: str) -> Target:
    """The largest contribution must stay uncertain by p per cent, and the sum by half the width asked of a count."""
    width = max((policy.protected[1] - policy.protected[0]) / 2, (policy.p_percent or 0.0) * float(cells.top1[name][row]))
    value = float(cells.values[name][row])
    return Target(figure=figure_number(cells, block, row), low=value - width, high=value + width)


def _rows(needed: Any, pattern: Pattern) -> list[int]:
    return [int(row) for row in np.flatnonzero(needed) if int(row) in pattern.hidden]


def _mask(cells: Cells, pattern: Pattern) -> Any:
    mask = np.zeros(cells.count, dtype=bool)
    mask[list(pattern.hidden)] = True
    return mask


def _kind(cells: Cells, name: str) -> AggregateKind:
    return next(aggregate.kind for aggregate in cells.question.aggregates if aggregate.name == name)
