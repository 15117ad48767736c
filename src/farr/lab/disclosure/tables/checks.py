"""Primary checks: which figures point to few people by themselves. Pure functions of arrays of shape (rows,)."""

from typing import Any

import numpy as np


def is_small(figures: Any, threshold: int, *, zero_shown: bool) -> Any:
    """True for counts (or contributors) of 1 to `threshold`, and for 0 where zeros may not be shown."""
    figures = np.asarray(figures)
    return (figures <= threshold) & ((figures > 0) | (not zero_shown))


def has_few_contributors(persons: Any, minimum: int) -> Any:
    """True where somebody contributes to a sum, but fewer than `minimum` people do."""
    persons = np.asarray(persons)
    return (persons > 0) & (persons < minimum)


def fails_p_percent(total: Any, top1: Any, top2: Any, p: float | None) -> Any:
    """True where the second largest contributor could estimate the largest to within p: X − x1 − x2 < p·x1.

    Source: Hundepool and others, Statistical Disclosure Control (2012), section 4.2.2."""
    total, top1, top2 = np.asarray(total), np.asarray(top1), np.asarray(top2)
    return np.zeros(total.shape, dtype=bool) if p is None else (total - top1 - top2) < p * top1


def is_dominated(total: Any, top1: Any, top2: Any, n: int, k: float | None) -> Any:
    """True where the `n` (1 or 2) largest contributors make up more than the share `k` of a sum: the (n, k) rule.

    Source: Hundepool and others, Statistical Disclosure Control (2012), section 4.2.2."""
    total, top1, top2 = np.asarray(total), np.asarray(top1), np.asarray(top2)
    top = top1 + top2 if n == 2 else top1
    return np.zeros(total.shape, dtype=bool) if k is None else top > k * total
