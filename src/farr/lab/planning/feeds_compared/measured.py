"""How two feeds differ, as numbers: distances of distributions, prices like for like, months out of step."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import chi2

from farr.lab.measures.statistics.arrays import FloatArray
from farr.lab.planning.variance import Variance, variance

_NAN = float("nan")
_LEAST_MONTHS = 8
Cells = Mapping[tuple[str, str], tuple[float, float]]
"""By chapter and point of delivery, spells and pounds."""


def total_variation(pairs: Mapping[str, tuple[float, float]]) -> float:
    """Half the sum of what the shares differ by: the share of one side that would have to be of another code to be as the other side (total
    variation distance; Levin and Peres, Markov Chains and Mixing Times, 4.1). NaN where a side has nothing."""
    first, second = _sides(pairs)
    if not pairs or first.sum() <= 0 or second.sum() <= 0:
        return _NAN
    return float(np.abs(first / first.sum() - second / second.sum()).sum() / 2)


def chi_square(pairs: Mapping[str, tuple[float, float]]) -> tuple[float, int, float]:
    """Pearson's statistic for two samples of one distribution, its degrees of freedom and p. Two feeds of the same patients are no samples:
    a small p says that they differ by more than two samples would, a large one does not say that they are the same."""
    table = np.stack(_sides({code: pair for code, pair in pairs.items() if sum(pair) > 0}))
    if table.shape[1] < 2 or np.any(table.sum(axis=1) <= 0):
        return _NAN, 0, _NAN
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    freedom = table.shape[1] - 1
    return statistic, freedom, float(chi2.sf(statistic, freedom))


def standardised_difference(first: float, second: float) -> float:
    """Of two shares: their difference over the root of the mean of their variances (Austin, Statistics in Medicine 2009, 28:3083)."""
    spread = np.sqrt((first * (1 - first) + second * (1 - second)) / 2)
    return float((second - first) / spread) if spread > 0 else 0.0


def furthest(pairs: Mapping[str, tuple[float, float]]) -> tuple[str, float]:
    """The code whose share differs most in standardised units, and by how many."""
    first, second = _sides(pairs)
    shares = zip(pairs, first / first.sum(), second / second.sum(), strict=True)
    return max(((code, standardised_difference(a, b)) for code, a, b in shares), key=lambda each: abs(each[1]))


def like_for_like(first: Cells, second: Cells) -> Variance:
    """Why the pounds of the second side are more than those of the first, over cells that are shown on both: volume, casemix and price
    (planning/variance.py), each a number."""
    keys = _comparable(first, second)
    spells, pounds = (np.array([[side[key][place] for side in (first, second)] for key in keys]).reshape(-1, 2) for place in (0, 1))
    at_first = float((spells[:, 1] * pounds[:, 0] / spells[:, 0]).sum()) if keys else _NAN
    return variance(
        planned_activity=spells[:, 0].sum(), planned_finance=pounds[:, 0].sum(), activity=spells[:, 1].sum(), paid=pounds[:, 1].sum(),
        at_tariff=at_first,
    )  # fmt: skip


def price_change(first: Cells, second: Cells) -> tuple[float, float]:
    """By what share the second side pays more for the same cells, and which share of its pounds is in cells that are shown on both. A
    Paasche price index less one: pounds over what the same items come to at the first side's mean prices."""
    keys = _comparable(first, second)
    at_first = sum(second[key][0] * first[key][1] / first[key][0] for key in keys)
    paid, whole = sum(second[key][1] for key in keys), sum(each[1] for each in second.values() if np.isfinite(each[1]))
    return (paid / at_first - 1 if at_first > 0 else _NAN), (paid / whole if whole > 0 else _NAN)


def out_of_step(first: Sequence[float], second: Sequence[float], allowed: float) -> FloatArray:
    """By what share each month of the second lies off the usual ratio of the two (the median), once rounding is taken off."""
    one, two = np.array(first, dtype=np.float64), np.array(second, dtype=np.float64)
    if not len(one):
        return one
    usual = float(np.nanmedian(two / np.where(one > 0, one, np.nan)))
    off = two - usual * one
    return np.sign(off) * np.maximum(np.abs(off) - allowed, 0.0) / np.where(usual * one > 0, usual * one, np.nan)


def best_lag(first: Mapping[str, float], second: Mapping[str, float], months: Sequence[str]) -> tuple[int, float, float]:
    """By how many months the second follows the first where they go together best (-1, 0 or 1; 1: later), how well they do so, and how well
    as they stand. `months` are all of the period, in order. Correlation of Pearson of each month's change on the month before, so that a
    common trend is no agreement. NaN with fewer than eight months."""
    found: dict[int, float] = {}
    for lag in (-1, 0, 1):
        pairs = [
            (first.get(month, _NAN), second.get(months[place + lag], _NAN))
            for place, month in enumerate(months)
            if 0 <= place + lag < len(months)
        ]
        changes = np.diff(np.log(np.array(pairs, dtype=np.float64)), axis=0)
        changes = changes[np.isfinite(changes).all(axis=1)]
        is_enough = len(changes) >= _LEAST_MONTHS and bool(np.all(changes.std(axis=0) > 0))
        found[lag] = float(np.corrcoef(changes.T)[0, 1]) if is_enough else _NAN
    if not np.isfinite(found[0]):
        return 0, _NAN, _NAN
    best = max((lag for lag in found if np.isfinite(found[lag])), key=lambda lag: (found[lag], lag == 0))
    return best, found[best], found[0]


def _comparable(first: Cells, second: Cells) -> list[tuple[str, str]]:
    both = sorted(set(first) & set(second))
    return [key for key in both if np.isfinite([*first[key], *second[key]]).all() and first[key][0] > 0 and second[key][0] > 0]


def _sides(pairs: Mapping[str, tuple[float, float]]) -> tuple[FloatArray, FloatArray]:
    table = np.array(list(pairs.values()), dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]
