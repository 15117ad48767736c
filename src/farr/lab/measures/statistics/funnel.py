"""Funnel limits: how far an organisation may lie from what is expected before chance, or the usual spread, no longer explains it.

Sources: Spiegelhalter (2005a) "Funnel plots for comparing institutional performance", Statist. Med. 24:1185; Spiegelhalter
(2005b) "Handling over-dispersion of performance indicators", Qual. Saf. Health Care 14:347; Spiegelhalter et al. (2012)
"Statistical methods for healthcare regulation", J. R. Statist. Soc. A 175:1; DerSimonian & Laird (1986). The SHMI and CQC
variants follow FunnelPlotR (MIT), which cites NHS Digital's SHMI and CQC's Intelligent Monitoring; neither paper was read here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from farr.lab.measures.statistics.arrays import FloatArray, as_counts, as_floats, as_vector, check_confidence, normal_deviate
from farr.lab.measures.statistics.intervals import sample_variance
from farr.lab.measures.statistics.ranks import average_ranks

CONFIDENCE = 0.998
"""Verdicts are drawn at three standard errors, Spiegelhalter (2005a); 0.95 is the inner pair of limits."""
TRIM = 0.1
"""The share of z-scores trimmed (SHMI) or winsorised (the rest) at either end before the spread is estimated, Spiegelhalter (2012)."""
CONTINUITY = 0.5
"""Stands for nothing observed where a logarithm is taken. Spiegelhalter (2005a) adds 0.5 for ratios of counts; that SHMI does
anything of the kind is not verified (its trusts all have deaths), hence a parameter."""


@dataclass(frozen=True, kw_only=True)
class FunnelLimits:
    """A funnel. Arrays have shape (organisations,); ratios are to what is expected, so 1 is the centre line.

    `phi`: mean squared z-score after trimming, 1 where chance alone is at work. `tau_squared`: variance between organisations
    added to each one's own, on the method's scale; 0 for "plain". `z`: before, `adjusted_z`: after adding it. `verdict`: "high",
    "low", "as expected" or "not assessed" (nothing expected, not known, or fewer than two to estimate the spread from).
    """

    ratio: FloatArray
    z: FloatArray
    adjusted_z: FloatArray
    phi: float
    tau_squared: float
    lower_95: FloatArray
    upper_95: FloatArray
    lower_998: FloatArray
    upper_998: FloatArray
    verdict: npt.NDArray[np.str_]


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """Ratios on the scale where they are near normal: deviations from target, standard errors, and the way back to a ratio."""

    ratio: FloatArray
    deviation: FloatArray
    error: FloatArray
    back: Callable[[FloatArray], FloatArray]
    trimmed: Callable[[FloatArray], FloatArray]  # z-scores as the spread takes them; NaN for those left out


def funnel_limits(
    observed: npt.ArrayLike, expected: npt.ArrayLike, *, method: str, confidence: float = CONFIDENCE, continuity: float = CONTINUITY
) -> FunnelLimits:
    """Limits, spread and verdicts for observed against expected events. Returns FunnelLimits on the ratio scale.

    `observed`, `expected`: shape (organisations,), events; NaN where not known. Methods:
    "plain": exact Poisson limits, interpolated (Spiegelhalter 2005a, A.1); no over-dispersion.
    "shmi": ln ratio, s = 1/√E, highest and lowest tenth of z left out by floor(10·rank/(n+1)), limits exp(±z√(1/E + τ²)).
    "cqc": √ratio, s = 1/(2√E), z winsorised at the 10th and 90th centile, limits (1 ± z√(1/4E + τ²))².
    `continuity` stands for nothing observed under "shmi", where the verdict goes by z-score. Verdicts are two-sided at
    `confidence`. Raises ValueError for an unknown method, a negative value, other shapes, or a confidence outside (0, 1).
    """
    counts, base = _paired("observed", observed, "expected", expected)
    if method == "plain":
        return _poisson(counts, base, confidence)
    if method == "shmi":
        if not continuity > 0:
            raise ValueError(f"continuity must be above zero, such as {CONTINUITY}, and is {continuity}")
        return _additive(_log_scale(counts, base, continuity), confidence)
    if method == "cqc":
        return _additive(_root_scale(counts, base), confidence)
    raise ValueError(f"'{method}' is not a funnel method for observed and expected events; give plain, shmi or cqc")


def proportion_funnel(numerator: npt.ArrayLike, denominator: npt.ArrayLike, *, confidence: float = CONFIDENCE) -> FunnelLimits:
    """A funnel for proportions around the overall one: arcsine-root scale, s = 1/(2√n), winsorised, additive.

    For proportions that are not rare, where Poisson limits are too wide (Spiegelhalter 2012, appendix). Shapes and errors
    as `funnel_limits`; ratios are to the overall proportion. Raises ValueError for a numerator above its denominator.
    """
    x, n = _paired("numerator", numerator, "denominator", denominator)
    if (x > n).any():
        raise ValueError("a numerator exceeds its denominator; a proportion needs the numerator's rows among the denominator's")
    overall = _overall(x, n)
    target = np.arcsin(np.sqrt(overall))
    with np.errstate(divide="ignore", invalid="ignore"):
        proportion = x / n
        scale = _Scale(
            ratio=proportion / overall,
            deviation=np.arcsin(np.sqrt(proportion)) - target,
            error=1 / (2 * np.sqrt(n)),
            back=lambda deviation: np.sin(np.clip(target + deviation, 0, np.pi / 2)) ** 2 / overall,
            trimmed=_winsorised,
        )
    return _additive(scale, confidence)


def mean_funnel(total: npt.ArrayLike, squares: npt.ArrayLike, count: npt.ArrayLike, *, confidence: float = CONFIDENCE) -> FunnelLimits:
    """A funnel for means of values of zero or more around the overall mean: s² = pooled variance within / n, winsorised, additive.

    Spiegelhalter (2005a) for continuous responses, with the over-dispersion of (2012). `total`, `squares`, `count`: shape
    (organisations,), sums of the values, of their squares, and how many. Ratios are to the overall mean. Errors as `funnel_limits`.
    """
    sums, n = _paired("total", total, "count", count)
    _, second = _paired("total", total, "squares", squares)
    overall = _overall(sums, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = sums / n / overall
        scale = _Scale(
            ratio=ratio,
            deviation=ratio - 1,
            error=np.sqrt(_pooled_variance(sums, second, n) / n) / overall,
            back=lambda deviation: np.maximum(1 + deviation, 0),
            trimmed=_winsorised,
        )
    return _additive(scale, confidence)


def ratio_funnel(numerator: npt.ArrayLike, against: npt.ArrayLike, *, confidence: float = CONFIDENCE) -> FunnelLimits:
    """A funnel for ratios of two counts around the overall ratio: given both counts, the first is binomial among them (Nelson 1970), so
    this is `proportion_funnel` of numerator / (numerator + against) on the scale of odds. Shapes as `funnel_limits`; ratios are to the
    overall ratio; "not assessed" where nothing is counted. Raises ValueError for a negative count.
    """
    x, y = _paired("numerator", numerator, "against", against)
    funnel = proportion_funnel(x, x + y, confidence=confidence)
    overall = _overall(x, x + y)

    def odds(ratio: FloatArray) -> FloatArray:
        share = ratio * overall
        with np.errstate(divide="ignore", invalid="ignore"):
            return share / (1 - share) * (1 - overall) / overall

    limits = {name: odds(getattr(funnel, name)) for name in ("ratio", "lower_95", "upper_95", "lower_998", "upper_998")}
    return replace(funnel, **limits)


def compound_funnel(
    total: npt.ArrayLike, squares: npt.ArrayLike, exposure: npt.ArrayLike, *, confidence: float = CONFIDENCE
) -> FunnelLimits:
    """A funnel for sums of amounts per head around the overall one: compound Poisson, s² = exposure × Σ squares / Σ exposure over all,
    winsorised, additive. `total`, `squares`, `exposure`: shape (organisations,). Ratios are to the overall rate. Errors as `funnel_limits`.
    """
    sums, people = _paired("total", total, "exposure", exposure)
    _, second = _paired("total", total, "squares", squares)
    overall, spread = _overall(sums, people), _overall(second, people)
    with np.errstate(divide="ignore", invalid="ignore"):
        return error_funnel(sums / people / overall, np.sqrt(spread / people) / overall, confidence=confidence)


def error_funnel(ratio: npt.ArrayLike, error: npt.ArrayLike, *, confidence: float = CONFIDENCE) -> FunnelLimits:
    """A funnel for any figure with a standard error, winsorised, additive (Spiegelhalter 2012): `ratio` to the overall figure and its
    `error`, on the same scale, shape (organisations,); NaN where not known. Raises ValueError for a negative error or other shapes.
    """
    relative, spread = as_vector("ratio", as_floats("ratio", ratio)), as_vector("error", as_counts("error", error))
    scale = _Scale(
        ratio=relative,
        deviation=relative - 1,
        error=spread,
        back=lambda deviation: np.maximum(1 + deviation, 0),
        trimmed=_winsorised,
    )
    return _additive(scale, confidence)


def funnel_verdict(
    numerator: npt.ArrayLike,
    denominator: npt.ArrayLike,
    squares: npt.ArrayLike | None = None,
    *,
    method: str,
    confidence: float = CONFIDENCE,
) -> npt.NDArray[np.str_]:
    """The verdict alone, shape (organisations,): "high", "low", "as expected" or "not assessed".

    Methods "plain", "shmi", "cqc" expect denominator × Σnumerator / Σdenominator events; "proportion" and "mean" (which needs
    `squares`) are `proportion_funnel` and `mean_funnel`. Errors as theirs.
    """
    if method == "mean":
        if squares is None:
            raise ValueError("the funnel of a mean needs the sums of squares; give squares, or another method")
        return mean_funnel(numerator, squares, denominator, confidence=confidence).verdict
    if method == "proportion":
        return proportion_funnel(numerator, denominator, confidence=confidence).verdict
    x, n = _paired("numerator", numerator, "denominator", denominator)
    return funnel_limits(x, n * _overall(x, n), method=method, confidence=confidence).verdict


def _paired(name: str, values: npt.ArrayLike, other_name: str, other: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    first, second = as_vector(name, as_counts(name, values)), as_vector(other_name, as_counts(other_name, other))
    if first.shape != second.shape:
        raise ValueError(f"'{name}' has {first.size} organisations and '{other_name}' {second.size}; they must be the same ones")
    return first, second


def _overall(numerator: FloatArray, denominator: FloatArray) -> float:
    """Σnumerator / Σdenominator over the organisations where both are known; NaN where nothing can be divided."""
    known = ~np.isnan(numerator) & ~np.isnan(denominator)
    base = float(denominator[known].sum())
    return float(numerator[known].sum()) / base if base > 0 else float("nan")


def _pooled_variance(total: FloatArray, squares: FloatArray, count: FloatArray) -> float:
    variance = sample_variance(total, squares, count)
    known = ~np.isnan(variance)
    freedom = count[known] - 1
    return float((variance[known] * freedom).sum() / freedom.sum()) if freedom.sum() > 0 else float("nan")


def _log_scale(counts: FloatArray, base: FloatArray, continuity: float) -> _Scale:
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.where(base > 0, base, np.nan)
        # Nothing observed is never more than expected, however little was: hence the ceiling at no deviation.
        nothing = np.minimum(np.log(continuity / expected), 0.0)
        deviation = np.where(counts == 0, nothing, np.log(counts / expected))
        return _Scale(ratio=counts / expected, deviation=deviation, error=1 / np.sqrt(expected), back=np.exp, trimmed=_trimmed)


def _root_scale(counts: FloatArray, base: FloatArray) -> _Scale:
    expected = np.where(base > 0, base, np.nan)
    ratio = counts / expected
    return _Scale(
        ratio=ratio,
        deviation=np.sqrt(ratio) - 1,
        error=1 / (2 * np.sqrt(expected)),
        back=lambda deviation: np.maximum(1 + deviation, 0) ** 2,  # a root below zero would square to a limit above it
        trimmed=_winsorised,
    )


def _trimmed(z: FloatArray) -> FloatArray:
    tenth = np.floor(average_ranks(z) / (TRIM * (z.size + 1)) + 1e-9)
    return np.where((tenth >= 1) & (tenth < 1 / TRIM - 1), z, np.nan)


def _winsorised(z: FloatArray) -> FloatArray:
    return np.clip(z, *np.quantile(z, [TRIM, 1 - TRIM])) if z.size else z


def _spread(z: FloatArray, weight: FloatArray) -> tuple[float, float]:
    """φ and τ² (DerSimonian & Laird 1986) of trimmed z-scores and weights 1/s²; NaN where fewer than two are left."""
    n = z.size
    if n < 2:
        return float("nan"), float("nan")
    phi = float(np.sum(z**2) / n)
    scale = weight.sum() - np.sum(weight**2) / weight.sum()
    return phi, max(0.0, float((n * phi - (n - 1)) / scale))


def _additive(scale: _Scale, confidence: float) -> FunnelLimits:
    known = np.isfinite(scale.deviation) & np.isfinite(scale.error) & np.isfinite(scale.ratio) & (scale.error > 0)
    deviation, error = np.where(known, scale.deviation, np.nan), np.where(known, scale.error, np.nan)
    z = deviation / error
    kept = np.full(z.shape, np.nan)
    kept[known] = scale.trimmed(z[known])
    used = ~np.isnan(kept)
    phi, tau_squared = _spread(kept[used], 1 / error[used] ** 2)
    spread = np.sqrt(error**2 + tau_squared)
    adjusted = deviation / spread
    critical = normal_deviate(confidence)
    inner, outer = normal_deviate(0.95), normal_deviate(0.998)
    return FunnelLimits(
        ratio=scale.ratio,
        z=z,
        adjusted_z=adjusted,
        phi=phi,
        tau_squared=tau_squared,
        lower_95=scale.back(-inner * spread),
        upper_95=scale.back(inner * spread),
        lower_998=scale.back(-outer * spread),
        upper_998=scale.back(outer * spread),
        verdict=_verdict(adjusted > critical, adjusted < -critical, ~np.isnan(adjusted)),
    )


def _poisson(counts: FloatArray, base: FloatArray, confidence: float) -> FunnelLimits:
    check_confidence(confidence)
    expected = np.where(base > 0, base, np.nan)
    ratio, z = counts / expected, (counts - expected) / np.sqrt(expected)
    known = ~np.isnan(z)
    tail = (1 - confidence) / 2
    return FunnelLimits(
        ratio=ratio,
        z=z,
        adjusted_z=z,
        phi=float(np.mean(z[known] ** 2)) if known.any() else float("nan"),
        tau_squared=0.0,
        lower_95=_poisson_limit(expected, 0.025),
        upper_95=_poisson_limit(expected, 0.975),
        lower_998=_poisson_limit(expected, 0.001),
        upper_998=_poisson_limit(expected, 0.999),
        verdict=_verdict(ratio > _poisson_limit(expected, 1 - tail), ratio < _poisson_limit(expected, tail), known),
    )


def _poisson_limit(expected: FloatArray, probability: float) -> FloatArray:
    """Spiegelhalter (2005a), appendix A.1: the quantile less the share of its probability that overshoots, as a ratio."""
    quantile = _poisson_quantile(expected, probability)
    reached, before = special.pdtr(quantile, expected), np.where(quantile > 0, special.pdtr(quantile - 1, expected), 0.0)
    return np.maximum(quantile - (reached - probability) / (reached - before), 0) / expected


def _poisson_quantile(expected: FloatArray, probability: float) -> FloatArray:
    """The least count whose cumulative probability is at least this, as SciPy's poisson.ppf finds it (that module is slow to load)."""
    found = np.ceil(special.pdtrik(probability, expected))
    before = np.maximum(found - 1, 0)
    return np.where(special.pdtr(before, expected) >= probability, before, found)


def _verdict(high: npt.NDArray[np.bool_], low: npt.NDArray[np.bool_], known: npt.NDArray[np.bool_]) -> npt.NDArray[np.str_]:
    return np.select([~known, high, low], ["not assessed", "high", "low"], "as expected")
