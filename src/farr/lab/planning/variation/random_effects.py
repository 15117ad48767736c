"""The variance component of a Poisson-lognormal model, and what it makes of each place (empirical Bayes).

O ~ Poisson(E exp(b)), b ~ N(μ, σ²): σ² is how much true rates differ on the logarithmic scale, whatever the places' sizes. Unlike the
systematic component of variation, small places weigh as little as they know (Shwartz, Ash, Anderson, Iezzoni, Payne and Restuccia, Med Care
1994;32:189, on why "how much you see depends on how you look"; Clayton and Kaldor, Biometrics 1987;43:671, on the model). Fitted by maximum
likelihood with adaptive Gauss-Hermite quadrature (Pinheiro and Bates, J Comput Graph Stat 1995;4:12), not by their approximations.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from farr.lab.measures.statistics.arrays import FloatArray, as_counts

FEWEST_PLACES = 5
_NODES = 15
_NEWTON_STEPS = 40
_SMALLEST, _LARGEST = 1e-4, 3.0  # of σ: below, ratios differ by a ten-thousandth; above, by twentyfold
_INTERVAL = 0.95


@dataclass(frozen=True, kw_only=True)
class RandomEffects:
    """`variance` is σ² with the limits of its profile likelihood (the lower one 0 where none is not excluded); `shrunk` each place's ratio
    as it is believed to be, with limits of 95%; NaN of places that are not known. `p_value`: of no variation at all (half a chi-squared,
    for none is at the edge: Self and Liang, JASA 1987;82:605)."""

    variance: float
    lower: float
    upper: float
    p_value: float
    shrunk: FloatArray
    shrunk_lower: FloatArray
    shrunk_upper: FloatArray


def random_effects(observed: npt.ArrayLike, expected: npt.ArrayLike) -> RandomEffects | None:
    """The model of counts and what was expected, shape (places,), NaN where not known; None for fewer than FEWEST_PLACES, or no events.
    Raises ValueError for a negative value."""
    every, base = as_counts("observed", observed), as_counts("expected", expected)
    known = ~np.isnan(every) & (base > 0)
    counts, expect = every[known], base[known]
    if known.sum() < FEWEST_PLACES or counts.sum() <= 0:
        return None

    def best_at(log_sigma: float) -> tuple[float, float]:
        centre = np.log(counts.sum() / expect.sum())
        found = optimize.minimize_scalar(
            lambda mean: -_log_likelihood(counts, expect, float(mean), float(np.exp(log_sigma))),
            bracket=(centre - 0.1, centre), options={"xtol": 1e-5},
        )  # fmt: skip
        return -float(found.fun), float(found.x)

    low, high = float(np.log(_SMALLEST)), float(np.log(_LARGEST))
    found = optimize.minimize_scalar(lambda at: -best_at(float(at))[0], bounds=(low, high), method="bounded", options={"xatol": 1e-3})
    at, top = float(found.x), -float(found.fun)
    none = best_at(low)[0]
    if none >= top:
        at, top = low, none
    drop = stats.chi2.ppf(_INTERVAL, 1) / 2

    def beyond(place: float) -> float:
        return best_at(place)[0] - (top - drop)

    lower = low if beyond(low) >= 0 else float(optimize.brentq(beyond, low, at, xtol=1e-3))
    upper = high if beyond(high) >= 0 else float(optimize.brentq(beyond, max(at, low + 1e-6), high, xtol=1e-3))
    sigma = 0.0 if at <= low + 1e-3 else float(np.exp(at))
    whole = np.full((3, every.size), np.nan)
    whole[:, known] = _posterior(counts, expect, best_at(at)[1], float(np.exp(at)))
    return RandomEffects(
        variance=sigma**2, lower=0.0 if lower == low else float(np.exp(2 * lower)), upper=float(np.exp(2 * upper)),
        p_value=float(stats.chi2.sf(max(2 * (top - none), 0.0), 1) / 2) if top > none else 1.0,
        shrunk=whole[0], shrunk_lower=whole[1], shrunk_upper=whole[2],
    )  # fmt: skip


def _modes(counts: FloatArray, expect: FloatArray, mean: float, sigma: float) -> tuple[FloatArray, FloatArray]:
    """Where each place's b is most likely, and how wide: Newton's method on a concave function, begun above its top."""
    at = np.maximum(mean, np.log((counts + 0.5) / expect))
    for _ in range(_NEWTON_STEPS):
        slope = counts - expect * np.exp(at) - (at - mean) / sigma**2
        curve = expect * np.exp(at) + 1 / sigma**2
        step = slope / curve
        at = at + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-8:
            break
    return at, 1 / np.sqrt(expect * np.exp(at) + 1 / sigma**2)


def _log_joint(at: FloatArray, counts: FloatArray, expect: FloatArray, mean: float, sigma: float) -> FloatArray:
    poisson = counts * (np.log(expect) + at) - expect * np.exp(at) - special.gammaln(counts + 1)
    return poisson - np.square((at - mean) / sigma) / 2 - np.log(sigma * np.sqrt(2 * np.pi))


def _on_nodes(counts: FloatArray, expect: FloatArray, mean: float, sigma: float) -> tuple[FloatArray, FloatArray]:
    """b at each node, and the logarithm of each node's part of the likelihood; shape (nodes, places)."""
    nodes, weights = np.polynomial.hermite.hermgauss(_NODES)
    centre, width = _modes(counts, expect, mean, sigma)
    at = centre + np.sqrt(2) * width * nodes[:, None]
    joint = _log_joint(at, counts, expect, mean, sigma)
    return at, joint + (np.log(weights) + np.square(nodes))[:, None] + np.log(np.sqrt(2) * width)


def _log_likelihood(counts: FloatArray, expect: FloatArray, mean: float, sigma: float) -> float:
    return float(special.logsumexp(_on_nodes(counts, expect, mean, sigma)[1], axis=0).sum())


def _posterior(counts: FloatArray, expect: FloatArray, mean: float, sigma: float) -> FloatArray:
    """The mean of exp(b) of each place, and limits from the mode and curvature of b; shape (3, places)."""
    at, parts = _on_nodes(counts, expect, mean, sigma)
    share = np.exp(parts - special.logsumexp(parts, axis=0))
    centre, width = _modes(counts, expect, mean, sigma)
    z = float(stats.norm.ppf(0.5 + _INTERVAL / 2))
    return np.stack([(share * np.exp(at)).sum(axis=0), np.exp(centre - z * width), np.exp(centre + z * width)])
