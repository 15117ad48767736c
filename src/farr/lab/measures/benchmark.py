"""Benchmarks: one organisation beside its peers, its past, and how complete its months are. From released numbers only.

Every figure here is computed from released values; a figure whose numbers were hidden is NaN. Nothing here can narrow a
hidden number by more than the released values do.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from farr.lab.measures.comparison.funnels import ceiling, funnel_columns, plain
from farr.lab.measures.figures import Figures, FloatArray, interval, pool, taken, values
from farr.lab.measures.measure import Direction, Measure, MeasureKind
from farr.lab.measures.norm import Facts, Members, Norm, NormError, Peers, everyone
from farr.lab.measures.statistics import quantile_group, xmr_chart
from farr.lab.measures.statistics.ranks import lowest_ranks

CONFIDENCE = 0.95
MAY_BE_INCOMPLETE = "may be incomplete"
COMPLETE_FROM = 0.9  # share of what is expected; Farr's own, not verified against any NHS rule
_IMPROVEMENT = {Direction.HIGHER_IS_WORSE: "down", Direction.LOWER_IS_WORSE: "up", Direction.NEITHER: "neither"}
_BASELINE_MONTHS = 12
_CHANCE_DEVIATIONS = 3.09  # one month in a thousand falls below by chance
_SPREAD_OF_EXPECTED = 1 + np.pi / 2 / _BASELINE_MONTHS  # variance of a Poisson count less a median of twelve, in units of the count

Columns = dict[str, list[Any]]


def compare(
    measure: Measure,
    figures: Figures,
    *,
    selected: str,
    norm: Norm,
    level: str,
    names: Mapping[str, str],
    facts: Facts | None = None,
    total: Figures | None = None,
    past: Figures | None = None,
    complete: npt.NDArray[np.bool_] | None = None,
    confidence: float = CONFIDENCE,
) -> Columns:
    """A row per organisation of `figures`, in its order. Columns (None where not known):

    organisation, name, is_selected, in_norm, is_complete; numerator, denominator, status; value, lower, upper (the measure's unit);
    rank (1 is the lowest value, ties share the lowest rank), ranked (how many have one), quartile, decile; expected (numerator at
    the norm's figure), ratio, funnel_lower_95, funnel_upper_95, funnel_lower_998, funnel_upper_998 (the measure's unit, over-dispersed,
    around the figure of all organisations shown), verdict; norm_value, difference (value − norm_value), compared_with (see `norm_used`).

    `total` is the released row of the norm's total, for norms that have one: pooling the organisations shown instead would leave
    out the hidden ones, which are not like the others. `past`: for a norm of months back, the same figures of the earlier period.
    `complete`: shape (organisations,), whether an organisation's months are all complete; those that are not are marked and
    leave a pooled norm. A standardised ratio is not ranked, and is set beside the nation only, whose ratio is `per`.
    Raises NormError where the norm cannot be made, FiguresError where the selected organisation has no row.
    """
    index = figures.index(selected)
    peers = Peers(level=level, codes=figures.codes, region=figures.region, selected=index, facts=facts or Facts())
    whole = np.ones(len(figures.codes), dtype=bool) if complete is None else complete
    found = values(measure, figures)
    members = _members(measure, norm, peers, found, whole)
    return {
        "organisation": list(figures.codes),
        "name": [names.get(code, code) for code in figures.codes],
        "is_selected": [code == selected for code in figures.codes],
        "in_norm": members.tolist(),
        "is_complete": whole.tolist(),
        **_own(measure, figures, found, confidence),
        **_positions(found, is_ranked=measure.kind.is_ranked),
        **funnel_columns(measure, figures),
        **_against(measure, figures, found, _norm_value(measure, norm, figures, members, total, past)),
        "compared_with": [norm_used(measure, norm)] * len(figures.codes),
    }


def norm_used(measure: Measure, norm: Norm) -> str:
    """The norm's name; "national" for a standardised ratio, whatever the norm: two of them rest on different populations, and NHS
    Digital forbids comparing them. Raises NormError for one against the best of its peers or its own past."""
    if measure.kind.is_ranked:
        return norm.name
    if norm.best is not None or norm.months_back is not None:
        raise NormError(
            f"measure '{measure.name}' is an indirectly standardised ratio: compared with the nation only, and never ranked, so the norm "
            f"'{norm.name}' cannot be made of it; use --norm national"
        )
    return "national"


def pooled(measure: Measure, figures: Figures, members: Members) -> float:
    """The norm's figure: the members' numerators over their denominators, as released; NaN where no member is shown."""
    return float(values(measure, pool(figures, members))[0])


def hidden_members(columns: Columns) -> int:
    """How many members of the norm are not in its value, because a number of theirs is hidden or missing."""
    return sum(1 for member, known in zip(columns["in_norm"], columns["value"], strict=True) if member and known is None)


def trend(measure: Measure, figures: Figures, national: Figures | None = None, *, confidence: float = CONFIDENCE) -> Columns:
    """A row per month of one organisation's `figures`, in order of month. Columns: month, numerator, denominator, value, lower, upper,
    status, norm_value (nationally, that month), mean, lower_limit, upper_limit (XmR chart), point (type), rule."""
    figures = in_order(figures)
    found = values(measure, figures)
    chart = xmr_chart(found, improvement=_IMPROVEMENT[measure.direction])
    same = [1] * len(figures.months)
    return {
        "month": list(figures.months),
        **_own(measure, figures, found, confidence),
        "norm_value": _norm_by_month(measure, national, figures.months),
        "mean": plain(np.multiply(same, chart.mean)),
        "lower_limit": plain(np.multiply(same, max(chart.lower, 0.0))),  # no measure goes below nothing
        "upper_limit": plain(np.multiply(same, min(chart.upper, ceiling(measure)))),
        "point": chart.type.tolist(),
        "rule": chart.rule.tolist(),
    }


def completeness(months: tuple[str, ...], rows: FloatArray, status: tuple[str, ...], *, nation: FloatArray | None = None) -> Columns:
    """How complete each month looks. `months` without gaps, in order; `rows` as released, NaN where hidden; `nation` the nation's rows
    of the same months, for an organisation; shapes (months,).

    An organisation's month is expected to hold its usual share of the nation's (the median share of the 12 months before), so that a
    holiday month is not taken for a short one. The nation's is expected to hold the lesser of the median of the 12 months before and
    the same month a year before. Columns: month, spells (rows), expected (None without 12 months before), completeness (share of
    expected), status ("complete", "may be incomplete" below COMPLETE_FROM where chance does not explain it, "not assessed", "suppressed").
    """
    base = np.array([_expected_rows(rows, nation, at) for at in range(len(months))], dtype=np.float64)
    share = np.where(base > 0, rows / np.where(base > 0, base, 1.0), np.nan)
    short = (share < COMPLETE_FROM) & (rows < base - _CHANCE_DEVIATIONS * np.sqrt(base * _SPREAD_OF_EXPECTED))
    judged = np.select([np.isnan(share), short], ["not assessed", MAY_BE_INCOMPLETE], "complete").tolist()
    return {
        "month": list(months),
        "spells": plain(rows),
        "expected": plain(base),
        "completeness": plain(share),
        "status": ["suppressed" if hidden == "suppressed" else found for hidden, found in zip(status, judged, strict=True)],
    }


def _expected_rows(rows: FloatArray, nation: FloatArray | None, at: int) -> float:
    before = slice(at - _BASELINE_MONTHS, at)
    if at < _BASELINE_MONTHS:
        return float("nan")
    if nation is None:
        return float(min(np.median(rows[before]), rows[at - _BASELINE_MONTHS]))
    return float(np.median(rows[before] / nation[before]) * nation[at]) if np.all(nation[before] > 0) else float("nan")


def of_organisation(figures: Figures, code: str) -> Figures:
    """The rows of one organisation alone."""
    return taken(figures, [at for at, each in enumerate(figures.codes) if each == code])


def in_order(figures: Figures) -> Figures:
    """The rows in order of month."""
    return taken(figures, sorted(range(len(figures.months)), key=lambda at: figures.months[at]))


def _own(measure: Measure, figures: Figures, found: FloatArray, confidence: float) -> Columns:
    lower, upper = interval(measure, figures, confidence=confidence)
    return {
        "numerator": plain(figures.numerator),
        "denominator": plain(figures.denominator),
        "value": plain(found),
        "lower": plain(lower),
        "upper": plain(upper),
        "status": list(figures.status),
    }


def _members(measure: Measure, norm: Norm, peers: Peers, found: FloatArray, whole: Members) -> Members:
    if not norm.is_made_at(peers.level):
        raise NormError(f"norm '{norm.name}' cannot be made for level '{peers.level}', only for: {', '.join(norm.levels)}")
    if norm_used(measure, norm) != norm.name:
        return everyone(peers)
    members = norm.members(peers)
    if norm.total is None and norm.months_back is None:
        members = members & whole
    return members if norm.best is None else _best(measure, norm.best, members, found)


def _best(measure: Measure, count: int, members: Members, found: FloatArray) -> Members:
    """The `count` members that are best by the measure's direction, of those shown; ties go to the lower row number."""
    if measure.direction is Direction.NEITHER:
        raise NormError(f"neither end of measure '{measure.name}' is better, so none of its peers are best; use --norm similar_ten")
    shown = np.flatnonzero(members & ~np.isnan(found))
    if shown.size < count:
        raise NormError(f"only {shown.size} of the peers have figures of '{measure.name}', and the best {count} are asked for")
    order = found[shown] if measure.direction is Direction.HIGHER_IS_WORSE else -found[shown]
    best = np.zeros(found.shape, dtype=bool)
    best[shown[np.argsort(order, kind="stable")[:count]]] = True
    return best


def _norm_value(
    measure: Measure, norm: Norm, figures: Figures, members: Members, total: Figures | None, past: Figures | None
) -> FloatArray:
    """The norm's figure for each organisation: the same for all, but for a norm that is each one's own past."""
    everywhere = np.ones(len(figures.codes))
    if not measure.kind.is_ranked:
        return everywhere * measure.per
    if norm.months_back is not None:
        return _of_past(measure, norm, figures, past)
    return everywhere * (pooled(measure, figures, members) if norm.total is None else _whole_value(measure, total))


def _of_past(measure: Measure, norm: Norm, figures: Figures, past: Figures | None) -> FloatArray:
    if past is None:
        raise NormError(f"norm '{norm.name}' needs the figures of {norm.months_back} months earlier; give a period that the store reaches")
    held = dict(zip(past.codes, values(measure, past), strict=True))
    return np.array([held.get(code, np.nan) for code in figures.codes], dtype=np.float64)


def _whole_value(measure: Measure, total: Figures | None) -> float:
    """The figure of a released total; NaN where there is none or it is hidden."""
    return float("nan") if total is None or len(total.codes) != 1 else float(values(measure, total)[0])


def _against(measure: Measure, figures: Figures, found: FloatArray, norm_value: FloatArray) -> Columns:
    known = norm_value > 0
    ratio = np.where(known, found / np.where(known, norm_value, 1.0), np.nan)
    expected = figures.denominator * norm_value / measure.per
    if measure.kind is MeasureKind.DIRECTLY_STANDARDISED:
        # What it would have counted at the norm's rate: its own crude expectation would forget the standard population.
        expected = np.where(ratio > 0, figures.numerator / np.where(ratio > 0, ratio, 1.0), np.nan)
    return {
        "expected": plain(expected),
        "ratio": plain(ratio),
        "norm_value": plain(norm_value),
        "difference": plain(found - norm_value),
    }


def _positions(found: FloatArray, *, is_ranked: bool) -> Columns:
    if not is_ranked:
        nothing = [None] * found.size
        return {"rank": nothing, "ranked": nothing, "quartile": nothing, "decile": nothing}
    known = ~np.isnan(found)
    ranks = np.full(found.shape, np.nan)
    ranks[known] = lowest_ranks(found[known])
    return {
        "rank": _whole(ranks),
        "ranked": [int(known.sum())] * found.size,
        "quartile": _whole(quantile_group(found, 4)),
        "decile": _whole(quantile_group(found, 10)),
    }


def _norm_by_month(measure: Measure, national: Figures | None, months: tuple[str, ...]) -> list[float | None]:
    if national is None:
        return [None] * len(months)
    held = dict(zip(national.months, plain(values(measure, national)), strict=True))
    return [held.get(month) for month in months]


def _whole(numbers: FloatArray) -> list[int | None]:
    return [int(each) if is_known else None for each, is_known in zip(numbers.tolist(), (~np.isnan(numbers)).tolist(), strict=True)]
