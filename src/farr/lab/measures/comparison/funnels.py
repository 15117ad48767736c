"""The funnel of each kind of measure, from released figures, in the measure's unit; and the verdict where the session gave none."""

from typing import Any

import numpy as np

from farr.lab.measures.figures import STANDARD, Figures, FloatArray, pool, taken, values
from farr.lab.measures.measure import Measure, MeasureKind
from farr.lab.measures.statistics import (
    FunnelLimits,
    compound_funnel,
    dobson_error,
    error_funnel,
    funnel_limits,
    mean_funnel,
    proportion_funnel,
    ratio_funnel,
)

RATE_METHOD = "cqc"  # over-dispersed, on the root scale
RATIO_METHOD = "shmi"  # over-dispersed, on the log scale, as NHS Digital's standardised mortality

Columns = dict[str, list[Any]]


def funnel_columns(measure: Measure, figures: Figures) -> Columns:
    """funnel_lower_95, funnel_upper_95, funnel_lower_998, funnel_upper_998 (None where not known) around the figure of all that are
    shown (a standardised ratio: around the nation's), and verdict: as the session reached it on true values, or else from these."""
    shown = ~np.isnan(figures.numerator) & ~np.isnan(figures.denominator) & (figures.denominator > 0)
    overall = float(measure.per) if not measure.kind.is_ranked else float(values(measure, pool(figures, shown))[0])
    funnel = _only(shown, _funnel(measure, taken(figures, np.flatnonzero(shown).tolist())))
    limits = {f"funnel_{name}": funnel[name] * overall for name in ("lower_95", "upper_95", "lower_998", "upper_998")}
    bounded = {name: np.minimum(np.maximum(each, 0.0), ceiling(measure)) for name, each in limits.items()}
    return {**{name: plain(each) for name, each in bounded.items()}, "verdict": _verdicts(figures, funnel["verdict"])}


def ceiling(measure: Measure) -> float:
    """No more than all of them can be counted in a proportion."""
    return measure.per if measure.kind is MeasureKind.PROPORTION else np.inf


def plain(numbers: FloatArray) -> list[float | None]:
    """As a list, None where not known (infinite limits are none either)."""
    return [each if is_known else None for each, is_known in zip(numbers.tolist(), np.isfinite(numbers).tolist(), strict=True)]


def _verdicts(figures: Figures, from_released: Any) -> list[str | None]:
    """As the session reached them; of shown rows without one, as what is shown has it."""
    judged = any(figures.verdict)
    shown = ~np.isnan(figures.numerator)
    return [
        given or (str(found) if there or not judged else None)
        for given, found, there in zip(figures.verdict, from_released, shown.tolist(), strict=True)
    ]


def _only(shown: Any, funnel: FunnelLimits) -> dict[str, Any]:
    """The funnel of those shown, laid out over all."""
    laid: dict[str, Any] = {"verdict": np.full(shown.shape, "not assessed", dtype=object)}
    laid["verdict"][shown] = funnel.verdict
    for name in ("lower_95", "upper_95", "lower_998", "upper_998"):
        laid[name] = np.full(shown.shape, np.nan)
        laid[name][shown] = getattr(funnel, name)
    return laid


def _funnel(measure: Measure, figures: Figures) -> FunnelLimits:
    x, base = figures.numerator, figures.denominator
    if not measure.kind.is_ranked:
        return funnel_limits(x, base, method=RATIO_METHOD)
    if measure.kind.is_per_head:
        return _rate_funnel(measure, figures)
    if measure.kind is MeasureKind.PROPORTION:
        return proportion_funnel(x, base)
    if measure.kind is MeasureKind.MEAN:
        return mean_funnel(x, figures.sum("squares"), base)
    return ratio_funnel(x, base) if measure.value is None else _ratio_of_sums_funnel(figures)


def _rate_funnel(measure: Measure, figures: Figures) -> FunnelLimits:
    x, base = figures.numerator, figures.denominator
    if measure.kind is MeasureKind.DIRECTLY_STANDARDISED:
        return _standardised_funnel(measure, figures)
    if measure.value is not None:
        return compound_funnel(x, figures.sum("squares"), base)
    return funnel_limits(x, base * (x.sum() / base.sum() if base.sum() > 0 else np.nan), method=RATE_METHOD)


def _standardised_funnel(measure: Measure, figures: Figures) -> FunnelLimits:
    overall = float(values(measure, pool(figures, [True] * len(figures.codes)))[0])
    rates, strata = values(measure, figures), figures.by_age_and_sex()
    error = dobson_error(strata.events, strata.people, STANDARD) * measure.per
    return error_funnel(rates / overall, np.where(np.isnan(rates), np.nan, error / overall))


def _ratio_of_sums_funnel(figures: Figures) -> FunnelLimits:
    """Each organisation's error rests on the residuals of all around the overall ratio: its own would be small by chance where it is."""
    total, weight, rows = figures.numerator, figures.denominator, figures.sum("rows")
    overall = total.sum() / weight.sum() if weight.sum() > 0 else np.nan
    squares, products, weights = (figures.sum(name).sum() for name in ("squares", "products", "weight_squares"))
    residual = max(float(squares - 2 * overall * products + overall**2 * weights), 0.0)
    freedom = rows.sum() - 1
    variance = residual / freedom if freedom > 0 else np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        return error_funnel(total / weight / overall, np.sqrt(rows * variance) / weight / overall)
