"""What is printed, and what an attacker knows by it. The audit begins from here: from what leaves, not from what was to leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from farr.lab.disclosure.attack import Knowledge
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.tables.cells import Balance, Cells, Figure, Total, complements
from farr.lab.disclosure.tables.relations import is_root, relations
from farr.lab.model.question import AggregateKind

SHOWN, ROUNDED, SUPPRESSED = "shown", "rounded", "suppressed"
EARLIER = "earlier"  # hidden, with a figure in its place that was released before


@dataclass(frozen=True, kw_only=True, eq=False)
class Published:
    """Printed figures by row. `values` maps a figure's name to floats of shape (rows,), NaN or the policy's token where it is hidden;
    `status` to strings of the same shape: shown (exactly), rounded or suppressed."""

    figures: tuple[Figure, ...]
    values: dict[str, Any]
    status: dict[str, Any]
    totals: tuple[Total, ...]
    balances: tuple[Balance, ...] = ()


def published(cells: Cells, policy: Policy, hidden: Any, *, national_exact: bool = False) -> Published:
    """The cells as they are printed, with the rows of the mask `hidden`, shape (rows,), left out. Raises PolicyError."""
    exact = (cells.national & national_exact) | (policy.rounding_base == 1)
    token = np.nan if policy.token is None else float(policy.token)
    values: dict[str, Any] = {}
    status: dict[str, Any] = {}
    for name, true in cells.values.items():
        printed = [float(value if as_is else policy.rounded(float(value))) for value, as_is in zip(true, exact, strict=True)]
        values[name] = np.where(hidden, token, np.array(printed, dtype=float))
        status[name] = np.where(hidden, SUPPRESSED, np.where(exact, SHOWN, ROUNDED))
    return Published(figures=cells.figures, values=values, status=status, totals=cells.totals, balances=cells.balances)


def knowledge_of(table: Published, policy: Policy, *, told: Mapping[str, Any] | None = None) -> Knowledge:
    """What an attacker who knows the policy learns from a table. `told` maps a figure's name to what is known of it otherwise, shape
    (rows,), NaN where nothing is. Figures are numbered as in relations.py."""
    ranges = ranges_of(table, policy, told=told)
    hidden = {name: status == SUPPRESSED for name, status in table.status.items()}
    pairs = complements(table.figures)
    left = [_left(ranges[part], ranges[whole], hidden[part] | hidden[whole], table.status[whole], policy) for part, whole in pairs]
    bounds = np.concatenate([*ranges.values(), *left])
    matrix, slack = relations(table.figures, table.totals, table.balances, table.values)
    printed = np.concatenate([*(~mask for mask in hidden.values()), *(~(hidden[part] | hidden[whole]) for part, whole in pairs)])
    return Knowledge(lower=bounds[:, 0], upper=bounds[:, 1], matrix=matrix, low=-slack, high=slack, printed=printed)


def ranges_of(table: Published, policy: Policy, *, told: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """By figure, what print leaves of it, shape (rows, 2)."""
    return {figure.name: _ranges(table, policy, figure, (told or {}).get(figure.name)) for figure in table.figures}


def _ranges(table: Published, policy: Policy, figure: Figure, told: Any) -> Any:
    """Shape (rows, 2)."""
    values, status = table.values[figure.name], table.status[figure.name]
    whole = figure.kind is AggregateKind.COUNT
    least = 1.0 if policy.zero_shown and is_root(table.figures, figure.name) else 0.0
    found = np.tile([least, np.inf], (len(values), 1))
    exact, rounded = status == SHOWN, status == ROUNDED
    found[exact] = values[exact, None]
    different, place = np.unique(values[rounded], return_inverse=True)
    found[rounded] = np.array([_before(float(value), policy, whole) for value in different]).reshape(-1, 2)[place]
    if told is not None:
        known = np.isfinite(told)
        found[known] = told[known, None]
    return found


def _before(printed: float, policy: Policy, whole: bool) -> tuple[float, float]:
    """What a rounded figure may have been. A count that is printed is nothing or above the threshold; nothing is printed as nothing, and as
    such nothing else is."""
    ends = policy.preimage(printed, whole=whole)
    if not whole:
        return ends
    is_nothing = printed == 0 and ends[1] <= policy.threshold
    return (0.0, 0.0) if is_nothing else (max(ends[0], policy.threshold + 1.0), ends[1])


def _left(part: Any, whole: Any, hidden: Any, status: Any, policy: Policy) -> Any:
    """A complement that is not hidden is nothing or above the threshold; which of the two is known where it cannot be the other."""
    ruled = ~hidden & ((status == ROUNDED) | (policy.rounding_base == 1))
    certain = ruled & (whole[:, 0] > part[:, 1])
    nothing = ruled & (whole[:, 1] - part[:, 0] <= policy.threshold)
    return np.column_stack([np.where(certain, float(policy.threshold + 1), 0.0), np.where(nothing, 0.0, np.inf)])
