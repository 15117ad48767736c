"""Benchmarks: one organisation beside its peers, its past, and how complete its months are. From released numbers only.

Every figure here is computed from released values; a figure whose numbers were hidden is NaN. Nothing here can narrow a
hidden number by more than the released values do.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from farr.lab.measures.figures import Figures, FloatArray, interval, value
from farr.lab.measures.measure import Direction, Measure, MeasureKind
from farr.lab.measures.norm import Norm, NormError, Peers
from farr.lab.measures.statistics import FunnelLimits, funnel_limits, mean_funnel, proportion_funnel, quantile_group, xmr_chart

CONFIDENCE = 0.95
RATE_METHOD = "cqc"  # over-dispersed, on the root scale
COMPLETE_FROM = 0.9  # share of what is expected; Farr's own, not verified against any NHS rule
_IMPROVEMENT = {Direction.HIGHER_IS_WORSE: "down", Direction.LOWER_IS_WORSE: "up", Direction.NEITHER: "neither"}
_BASELINE_MONTHS = 12

Columns = dict[str, list[Any]]


def compare(
    measure: Measure,
    figures: Figures,
    *,
    selected: str,
    norm: Norm,
    level: str,
    names: Mapping[str, str],
    feature_codes: tuple[str, ...] | None = None,
    features: FloatArray | None = None,
    total: Figures | None = None,
    confidence: float = CONFIDENCE,
) -> Columns:
    """A row per organisation of `figures`, in its order. Columns (None where not known):

    organisation, name, is_selected, in_norm; numerator, denominator, status; value, lower, upper (the measure's unit);
    rank (1 is the lowest value, ties share the lowest rank), ranked (how many have one), quartile, decile; expected (numerator at
    the norm's figure), ratio, funnel_lower_95, funnel_upper_95, funnel_lower_998, funnel_upper_998 (the measure's unit, over-dispersed,
    around the figure of all organisations shown), verdict; norm_value, difference (value − norm_value).
    `total` is the released row of the norm's total, for norms that have one: pooling the organisations shown instead would leave
    out the hidden ones, which are not like the others.
    Raises NormError where the norm cannot be made, FiguresError where the selected organisation has no row.
    """
    index = figures.index(selected)
    members = _members(norm, level, Peers(codes=figures.codes, region=figures.region, selected=index,
                                          feature_codes=feature_codes, features=features))  # fmt: skip
    values = value(measure, figures.numerator, figures.denominator)
    lower, upper = interval(measure, figures, confidence=confidence)
    norm_value = pooled(measure, figures, members) if norm.total is None else _whole_value(measure, total)
    return {
        "organisation": list(figures.codes),
        "name": [names.get(code, code) for code in figures.codes],
        "is_selected": [code == selected for code in figures.codes],
        "in_norm": members.tolist(),
        "numerator": _plain(figures.numerator),
        "denominator": _plain(figures.denominator),
        "value": _plain(values),
        "lower": _plain(lower),
        "upper": _plain(upper),
        "status": list(figures.status),
        **_positions(values),
        **_funnel_columns(measure, figures),
        **_against(measure, figures, values, norm_value),
    }


def _against(measure: Measure, figures: Figures, values: FloatArray, norm_value: float) -> Columns:
    expected = figures.denominator * norm_value / measure.per
    return {
        "expected": _plain(expected),
        "ratio": _plain(np.where(expected > 0, figures.numerator / np.where(expected > 0, expected, 1.0), np.nan)),
        "norm_value": _plain(np.full(values.shape, norm_value)),
        "difference": _plain(values - norm_value),
    }


def pooled(measure: Measure, figures: Figures, members: npt.NDArray[np.bool_]) -> float:
    """The norm's figure: the members' numerators over their denominators, as released; NaN where no member is shown."""
    used = members & _is_shown(figures)
    return float(value(measure, figures.numerator[used].sum(), figures.denominator[used].sum()))


def _whole_value(measure: Measure, total: Figures | None) -> float:
    """The figure of a released total; NaN where there is none or it is hidden."""
    if total is None or len(total.codes) != 1:
        return float("nan")
    return float(value(measure, total.numerator, total.denominator)[0])


def hidden_members(columns: Columns) -> int:
    """How many members of the norm are not in its value, because a number of theirs is hidden or missing."""
    return sum(1 for member, known in zip(columns["in_norm"], columns["value"], strict=True) if member and known is None)


def trend(measure: Measure, figures: Figures, national: Figures | None = None, *, confidence: float = CONFIDENCE) -> Columns:
    """A row per month of one organisation's `figures`, in order of month. Columns: month, numerator, denominator, value, lower, upper,
    status, norm_value (nationally, that month), mean, lower_limit, upper_limit (XmR chart), point (type), rule."""
    figures = in_order(figures)
    values = value(measure, figures.numerator, figures.denominator)
    lower, upper = interval(measure, figures, confidence=confidence)
    chart = xmr_chart(values, improvement=_IMPROVEMENT[measure.direction])
    same = [1] * len(figures.months)
    return {
        "month": list(figures.months),
        "numerator": _plain(figures.numerator),
        "denominator": _plain(figures.denominator),
        "value": _plain(values),
        "lower": _plain(lower),
        "upper": _plain(upper),
        "status": list(figures.status),
        "norm_value": _norm_by_month(measure, national, figures.months),
        "mean": _plain(np.multiply(same, chart.mean)),
        "lower_limit": _plain(np.multiply(same, max(chart.lower, 0.0))),  # no measure goes below nothing
        "upper_limit": _plain(np.multiply(same, _ceiling(measure, chart.upper))),
        "point": chart.type.tolist(),
        "rule": chart.rule.tolist(),
    }


def completeness(months: tuple[str, ...], spells: FloatArray, status: tuple[str, ...]) -> Columns:
    """How complete each month looks. `months` without gaps, in order; `spells` as released, NaN where hidden; shape (months,).

    Columns: month, spells, expected (median of the 12 months before; None without them), completeness (share of expected), status
    ("complete", "may be incomplete" below COMPLETE_FROM, "not assessed", "suppressed").
    """
    expected = [
        float(np.median(spells[at - _BASELINE_MONTHS : at])) if at >= _BASELINE_MONTHS else float("nan") for at in range(len(months))
    ]
    base = np.array(expected, dtype=np.float64)
    share = np.where(base > 0, spells / np.where(base > 0, base, 1.0), np.nan)
    judged = ["not assessed" if np.isnan(each) else "complete" if each >= COMPLETE_FROM else "may be incomplete" for each in share]
    return {
        "month": list(months),
        "spells": _plain(spells),
        "expected": _plain(base),
        "completeness": _plain(share),
        "status": ["suppressed" if hidden == "suppressed" else found for hidden, found in zip(status, judged, strict=True)],
    }


def of_organisation(figures: Figures, code: str) -> Figures:
    """The rows of one organisation alone."""
    return _taken(figures, [at for at, each in enumerate(figures.codes) if each == code])


def in_order(figures: Figures) -> Figures:
    """The rows in order of month."""
    return _taken(figures, sorted(range(len(figures.months)), key=lambda at: figures.months[at]))


def _members(norm: Norm, level: str, peers: Peers) -> npt.NDArray[np.bool_]:
    if level not in norm.levels:
        raise NormError(f"norm '{norm.name}' cannot be made for level '{level}', only for: {', '.join(norm.levels)}")
    return norm.members(peers)


def _is_shown(figures: Figures) -> npt.NDArray[np.bool_]:
    return ~np.isnan(figures.numerator) & ~np.isnan(figures.denominator)


def _positions(values: FloatArray) -> Columns:
    known = ~np.isnan(values)
    ranks = np.full(values.shape, np.nan)
    ranks[known] = stats.rankdata(values[known], method="min")
    return {
        "rank": _whole(ranks),
        "ranked": [int(known.sum())] * values.size,
        "quartile": _whole(quantile_group(values, 4)),
        "decile": _whole(quantile_group(values, 10)),
    }


def _funnel_columns(measure: Measure, figures: Figures) -> Columns:
    shown = _is_shown(figures) & (figures.denominator > 0)
    numerator, denominator = np.where(shown, figures.numerator, np.nan), np.where(shown, figures.denominator, np.nan)
    overall = pooled(measure, figures, shown)
    funnel = _funnel(measure, figures, numerator, denominator)
    columns: Columns = {
        "funnel_lower_95": _plain(np.maximum(funnel.lower_95, 0.0) * overall),
        "funnel_upper_95": _plain(_ceiling(measure, funnel.upper_95 * overall)),
        "funnel_lower_998": _plain(np.maximum(funnel.lower_998, 0.0) * overall),
        "funnel_upper_998": _plain(_ceiling(measure, funnel.upper_998 * overall)),
    }
    # Reached inside on true values where the session could; a rate per head is judged on released ones.
    from_session = any(figures.verdict) or measure.kind is not MeasureKind.RATE_PER_HEAD
    verdicts = figures.verdict if from_session else tuple(funnel.verdict.tolist())
    return {**columns, "verdict": [each or None for each in verdicts]}


def _funnel(measure: Measure, figures: Figures, numerator: FloatArray, denominator: FloatArray) -> FunnelLimits:
    if measure.kind is MeasureKind.PROPORTION:
        return proportion_funnel(numerator, denominator)
    if measure.kind is MeasureKind.MEAN:
        return mean_funnel(numerator, np.full(numerator.shape, np.nan) if figures.squares is None else figures.squares, denominator)
    people = np.nansum(denominator)
    rate = np.nansum(numerator) / people if people > 0 else np.nan
    return funnel_limits(numerator, denominator * rate, method=RATE_METHOD)


def _ceiling(measure: Measure, limits: Any) -> Any:
    """No more than all of them can be counted in a proportion."""
    return np.minimum(limits, measure.per) if measure.kind is MeasureKind.PROPORTION else limits


def _norm_by_month(measure: Measure, national: Figures | None, months: tuple[str, ...]) -> list[float | None]:
    if national is None:
        return [None] * len(months)
    held = dict(zip(national.months, _plain(value(measure, national.numerator, national.denominator)), strict=True))
    return [held.get(month) for month in months]


def _taken(figures: Figures, places: list[int]) -> Figures:
    return Figures(
        codes=tuple(figures.codes[at] for at in places),
        months=tuple(figures.months[at] for at in places),
        region=tuple(figures.region[at] for at in places),
        numerator=figures.numerator[places],
        denominator=figures.denominator[places],
        squares=None if figures.squares is None else figures.squares[places],
        status=tuple(figures.status[at] for at in places),
        verdict=tuple(figures.verdict[at] for at in places),
    )


def _plain(values: FloatArray) -> list[float | None]:
    return [None if np.isnan(each) else float(each) for each in values]


def _whole(values: FloatArray) -> list[int | None]:
    return [None if np.isnan(each) else int(each) for each in values]
