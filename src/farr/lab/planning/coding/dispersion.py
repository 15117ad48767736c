"""Who differs from what is expected by more than chance and the usual spread between providers, told without the outliers' own help.

Sources: Spiegelhalter (2005) Qual. Saf. Health Care 14:347 and (2012) J. R. Statist. Soc. A 175:1 (over-dispersion: winsorised z-scores,
added as a variance between providers); DerSimonian and Laird (1986); Efron (2004), J. Am. Statist. Ass. 99:96 (where most of many tests
have nothing to find, the bulk of them tells centre and width of chance). Winsorising takes spread away from honest figures too: of standard
normal ones a tenth at each end leaves 0.68 of the variance. Spiegelhalter's formulas let that be; here it is put back, or false discoveries
would be more than said. Roots are taken because they have nearly the same variance at any size (Bartlett 1936).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from farr.lab.measures.statistics.arrays import FloatArray, as_counts, normal_deviate

TRIM = 0.1
"""Share of z-scores winsorised at either end, Spiegelhalter (2012)."""
LEAST_EXPECTED = 10.0
"""Fewer expected than this are not tested: small counts are hidden, so that only high ones would be. A parameter."""
LEAST_PROVIDERS = 10
"""Fewer providers than this cannot tell their usual spread: a parameter."""


@dataclass(frozen=True, kw_only=True)
class Tested:
    """Arrays of shape (providers,), NaN where not tested. `ratio`: observed to expected, over that of the bulk (`centre`); `lower`,
    `upper`: its 95% interval by chance alone; `low_limit`, `high_limit`: what nineteen of twenty providers without an anomaly lie within;
    `z`: by chance and usual spread; `p`: two-sided. `tau`: standard deviation between providers on the scale of roots; `phi`: mean
    squared z-score by chance alone, winsorised, 1 where there is no more than chance."""

    ratio: FloatArray
    lower: FloatArray
    upper: FloatArray
    low_limit: FloatArray
    high_limit: FloatArray
    z: FloatArray
    p: FloatArray
    centre: float
    phi: float
    tau: float


def kept_by_winsorising(trim: float = TRIM) -> float:
    """The share of a standard normal variance that is left when both tails of that share are drawn in to their quantile."""
    cut = float(special.ndtri(1 - trim))
    density = float(np.exp(-(cut**2) / 2) / np.sqrt(2 * np.pi))
    return 1 - 2 * trim - 2 * cut * density + 2 * trim * cut**2


def against_bulk(
    observed: npt.ArrayLike, expected: npt.ArrayLike, *, dispersion: float, rounded_to: float = 0.0, trim: float = TRIM
) -> Tested:
    """Each provider against the bulk of them. `observed`, `expected`: shape (providers,), NaN where hidden. `dispersion`: variance of
    what is observed over what is expected, by chance (1: counts of rare events). `rounded_to`: figures were rounded to multiples of this,
    which adds the variance of what rounding hides. Raises ValueError for a negative number."""
    counts, base = as_counts("observed", observed), as_counts("expected", expected)
    with np.errstate(divide="ignore", invalid="ignore"):
        known = (base >= LEAST_EXPECTED) & ~np.isnan(counts)
        root = np.where(known, np.sqrt(counts / base), np.nan)
        error = np.where(known, error_of_root(base, dispersion, rounded_to), np.nan)
    if known.sum() < LEAST_PROVIDERS or not dispersion > 0:
        nothing = np.full(counts.shape, np.nan)
        return Tested(
            ratio=nothing, lower=nothing, upper=nothing, low_limit=nothing, high_limit=nothing, z=nothing, p=nothing, centre=float("nan"),
            phi=float("nan"), tau=float("nan"),
        )  # fmt: skip
    centre = float(np.nanmedian(root))
    deviation = root - centre
    phi, tau_squared = spread(deviation[known], error[known], trim=trim)
    whole = np.sqrt(error**2 + tau_squared)
    z = deviation / whole
    reach = normal_deviate(0.95)

    def back(value: FloatArray) -> FloatArray:
        return (np.maximum(value, 0.0) / centre) ** 2

    return Tested(
        ratio=back(root), lower=back(root - reach * error), upper=back(root + reach * error), low_limit=back(centre - reach * whole),
        high_limit=back(centre + reach * whole), z=z, p=two_sided(z), centre=centre**2, phi=phi, tau=float(np.sqrt(tau_squared)),
    )  # fmt: skip


def error_of_root(base: FloatArray, dispersion: float, rounded_to: float) -> FloatArray:
    """The standard error of √(observed / expected) near 1: half the relative error. Two rounded numbers stand in it."""
    return np.sqrt(dispersion / base + 2 * rounded_to**2 / 12 / base**2) / 2


def two_sided(z: npt.ArrayLike) -> FloatArray:
    """How often chance alone lies as far from nothing, or further."""
    return np.asarray(2 * special.ndtr(-np.abs(np.asarray(z, dtype=np.float64))))


def spread(deviation: FloatArray, error: FloatArray, *, trim: float = TRIM) -> tuple[float, float]:
    """φ and τ² (DerSimonian and Laird) of deviations and their errors, after winsorising and putting back what it takes of chance."""
    z = deviation / error
    drawn_in = np.clip(z, *np.quantile(z, [trim, 1 - trim])) if trim else z
    phi = float(np.mean(drawn_in**2)) / kept_by_winsorising(trim) if trim else float(np.mean(drawn_in**2))
    weight = 1 / error**2
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    count = z.size
    return phi, max(0.0, (count * phi - (count - 1)) / scale) if scale > 0 else 0.0
