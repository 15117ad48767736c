"""Intervals of counts, proportions and means.

Sources: APHO Technical Briefing 3 (2008), "Commonly used public health statistics and their confidence intervals"; Breslow & Day
(1987), "Statistical Methods in Cancer Research II", p. 69 (Byar); Wilson (1927), JASA 22:209; Newcombe (1998), Statist. Med.
17:857.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from farr.lab.measures.statistics.arrays import FloatArray, as_counts, as_floats, check_confidence, normal_deviate

EXACT_BELOW = 10
"""Byar's approximation is not used for fewer events: PHE takes the exact Poisson limits there (APHO Technical Briefing 3)."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Two-sided limits, each of the shape of the arguments, in their unit. NaN where no limit can be given."""

    lower: FloatArray
    upper: FloatArray


def byar_interval(count: npt.ArrayLike, *, confidence: float, exact_below: float = EXACT_BELOW) -> Interval:
    """Limits of a Poisson count (Breslow & Day 1987), exact below `exact_below` events, as PHE publishes them.

    `count`: any shape, events. Divide the limits by person-years or expected events for a rate or ratio. With `exact_below=0`
    it is Byar's formula throughout, whose lower limit is NaN where the formula gives less than zero. NaN stays NaN.
    Raises ValueError for a negative count or a confidence outside (0, 1).
    """
    counts = as_counts("count", count)
    exact, byar = _exact_poisson(counts, confidence), _byar(counts, confidence)
    small = counts < exact_below
    return Interval(lower=np.where(small, exact.lower, byar.lower), upper=np.where(small, exact.upper, byar.upper))


def _byar(counts: FloatArray, confidence: float) -> Interval:
    z = normal_deviate(confidence)
    above = counts + 1
    with np.errstate(divide="ignore", invalid="ignore"):
        root = 1 - 1 / (9 * counts) - z / (3 * np.sqrt(counts))
        lower = np.where(root >= 0, counts * root**3, np.nan)
    return Interval(lower=lower, upper=above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3)


def _exact_poisson(counts: FloatArray, confidence: float) -> Interval:
    # Garwood (1936): chi-squared quantiles; no events leave a lower limit of exactly zero.
    tail = (1 - confidence) / 2
    with np.errstate(invalid="ignore"):
        lower = np.where(counts == 0, 0.0, special.chdtri(2 * counts, 1 - tail) / 2)
    return Interval(lower=lower, upper=special.chdtri(2 * counts + 2, tail) / 2)


def wilson_interval(numerator: npt.ArrayLike, denominator: npt.ArrayLike, *, confidence: float) -> Interval:
    """Score limits of a proportion, between 0 and 1 (Wilson 1927; method 3 of Newcombe 1998).

    `numerator`, `denominator`: shapes that broadcast, counts. NaN where the denominator is zero or either is NaN. Raises
    ValueError for a negative count, a numerator above its denominator, or a confidence outside (0, 1).
    """
    x, n = as_counts("numerator", numerator), as_counts("denominator", denominator)
    if (x > n).any():
        raise ValueError("a numerator exceeds its denominator; a proportion needs the numerator's rows among the denominator's")
    z = normal_deviate(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = z * np.sqrt(z**2 + 4 * x * (1 - x / n))
        centre, scale = 2 * x + z**2, 2 * (n + z**2)
        lower, upper = (centre - spread) / scale, (centre + spread) / scale
    return Interval(lower=np.clip(lower, 0, 1), upper=np.clip(upper, 0, 1))  # rounding error only: at x = 0 and x = n


def mean_interval(total: npt.ArrayLike, squares: npt.ArrayLike, count: npt.ArrayLike, *, confidence: float) -> Interval:
    """Student's t limits of a mean, from the sum of values and the sum of their squares (Armitage, Berry & Matthews 2002, 4.1).

    `total`: unit of the value; `squares`: that unit squared; `count`: values summed; shapes that broadcast. NaN for fewer
    than two values, and where the three contradict each other (less than no variance), as rounded figures may.
    Raises ValueError for a negative count or sum of squares, or a confidence outside (0, 1).
    """
    check_confidence(confidence)
    sums, n = as_floats("total", total), as_counts("count", count)
    variance = sample_variance(sums, as_counts("squares", squares), n)
    with np.errstate(divide="ignore", invalid="ignore"):
        margin = special.stdtrit(n - 1, 0.5 + confidence / 2) * np.sqrt(variance / n)
        mean = sums / n
    return Interval(lower=mean - margin, upper=mean + margin)


def sample_variance(total: FloatArray, squares: FloatArray, count: FloatArray) -> FloatArray:
    """The unbiased variance from sums; NaN for fewer than two values or contradictory sums."""
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = total**2 / count
        deviations = squares - centre
        # Floating point may leave a constant value a hair below no variance; more than a hair is a contradiction.
        deviations = np.where(np.abs(deviations) <= 1e-12 * centre, 0.0, deviations)
        return np.where((count >= 2) & (deviations >= 0), deviations / (count - 1), np.nan)
