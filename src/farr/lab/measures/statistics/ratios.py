"""Intervals of sums of amounts, and of ratios whose two halves are counted apart.

Sources: Nelson (1970), "Confidence intervals for the ratio of two Poisson means and Poisson predictor intervals", IEEE Trans. Reliab.
19:42; Sahai & Khurshid (1993), Biom. J. 35:857 (both through Clopper & Pearson 1934, Biometrika 26:404); Cochran (1977), "Sampling
Techniques", 3rd ed., 2.11; Klugman, Panjer & Willmot, "Loss Models" (compound Poisson). Known here from general knowledge and tested
against independent computations; the papers themselves were not read.
"""

import numpy as np
import numpy.typing as npt
from scipy import special

from farr.lab.measures.statistics.arrays import FloatArray, as_counts, as_floats, check_confidence, normal_deviate
from farr.lab.measures.statistics.intervals import Interval


def compound_poisson_interval(total: npt.ArrayLike, squares: npt.ArrayLike, *, confidence: float) -> Interval:
    """Limits of a sum of independent amounts whose number is itself a Poisson count: total ± z √Σ amount².

    The variance of such a sum is the expected sum of squares. Normal approximation, so for some dozens of amounts and more; the lower
    limit is never below zero. `total`: unit of the amount; `squares`: that unit squared; shapes that broadcast. NaN stays NaN.
    Raises ValueError for a negative sum of squares or a confidence outside (0, 1).
    """
    sums = as_floats("total", total)
    margin = normal_deviate(confidence) * np.sqrt(as_counts("squares", squares))
    return Interval(lower=np.maximum(sums - margin, 0), upper=sums + margin)


def poisson_ratio_interval(numerator: npt.ArrayLike, against: npt.ArrayLike, *, confidence: float) -> Interval:
    """Exact limits of the ratio of two independent Poisson counts: Clopper and Pearson's of x/(x + y), as odds (Nelson 1970).

    Given their sum, x is binomial with p = ratio / (1 + ratio). `numerator`, `against`: shapes that broadcast, counts. NaN where
    there is nothing to divide by, or either is NaN. Raises ValueError for a negative count or a confidence outside (0, 1).
    """
    check_confidence(confidence)
    x, y = as_counts("numerator", numerator), as_counts("against", against)
    tail = (1 - confidence) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = np.where(x == 0, 0.0, special.betaincinv(x, y + 1, tail))
        upper = special.betaincinv(x + 1, y, 1 - tail)
        known = ~np.isnan(x) & (y > 0)
        return Interval(lower=np.where(known, lower / (1 - lower), np.nan), upper=np.where(known, upper / (1 - upper), np.nan))


def ratio_of_sums_interval(
    total: npt.ArrayLike,
    weight: npt.ArrayLike,
    squares: npt.ArrayLike,
    weight_squares: npt.ArrayLike,
    products: npt.ArrayLike,
    count: npt.ArrayLike,
    *,
    confidence: float,
) -> Interval:
    """Limits of Σy / Σw over the same rows: the ratio estimator, R ± z √(n s²) / Σw with s² = Σ(y − Rw)² / (n − 1) (Cochran 1977, 2.11).

    `total`: Σy; `weight`: Σw; `squares`: Σy²; `weight_squares`: Σw²; `products`: Σyw; `count`: n; shapes that broadcast. For
    some dozens of rows and more; NaN for fewer than two, nothing to divide by, or sums that contradict each other.
    Raises ValueError for a negative weight, square or count, or a confidence outside (0, 1).
    """
    sums, base = as_floats("total", total), as_counts("weight", weight)
    error = ratio_error(
        sums,
        base,
        as_counts("squares", squares),
        as_counts("weight_squares", weight_squares),
        as_floats("products", products),
        as_counts("count", count),
    )
    margin = normal_deviate(confidence) * error
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(base > 0, sums / base, np.nan)
    return Interval(lower=ratio - margin, upper=ratio + margin)


def ratio_error(
    total: FloatArray, weight: FloatArray, squares: FloatArray, weight_squares: FloatArray, products: FloatArray, count: FloatArray
) -> FloatArray:
    """The standard error of Σy / Σw; arguments and NaN as `ratio_of_sums_interval`."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = total / weight
        residual = squares - 2 * ratio * products + ratio**2 * weight_squares
        # Floating point may leave a constant ratio a hair below no residual; more than a hair is a contradiction.
        residual = np.where(np.abs(residual) <= 1e-12 * squares, 0.0, residual)
        error = np.sqrt(count * residual / (count - 1)) / weight
        return np.where((count >= 2) & (weight > 0) & (residual >= 0), error, np.nan)
