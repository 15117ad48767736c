"""Assess: every valued measure of one organisation against its norm, classic and honest, and what they come to together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from farr.lab.measures.measure import Direction, Measure, MeasureKind
from farr.lab.planning.opportunity.gain import CERTAIN, RUNS, Summary, differences, shrunken, standard_errors, summary
from farr.lab.planning.opportunity.overlap import joined
from farr.lab.planning.opportunity.pools import OpportunityError, shared
from farr.lab.planning.opportunity.prices import Priced
from farr.lab.planning.opportunity.shrinkage import FEWEST, draws
from farr.lab.planning.opportunity.value import Means, Value
from farr.lab.planning.projection.uncertain import stream

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`runs` of the draws, from `seed`; an opportunity is `counted` in totals where so large a share of runs is above nothing. At 0.95 it
    was found in 2 or 3 of a hundred organisations that did not differ (docs/opportunity.md)."""

    runs: int = RUNS
    seed: int = 1
    certain: float = CERTAIN


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """One organisation's released figure of a measure, with its 95% interval."""

    code: str
    numerator: float
    denominator: float
    value: float
    lower: float
    upper: float


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A measure's figures of the organisation and of those in its norm that are shown. `best`: of how many of them the norm is made;
    `norm_value`: the norm's figure as benchmarks have it; `hidden`: members without a figure."""

    measure: Measure
    own: Organisation
    members: tuple[Organisation, ...]
    best: int | None
    norm_value: float
    hidden: int = 0


@dataclass(frozen=True, kw_only=True)
class Opportunity:
    """`classic` and `gain` in pounds: what the plain difference comes to, and what is left of it; negative where the organisation does
    better than its norm. `is_significant`: the norm's figure lies outside the organisation's own interval, on the worse side. `units` are
    those of `gain`. `kept` is what of it enters the total, none where it is not counted."""

    measure: Measure
    value: Value
    price: Priced
    own: float
    numerator: float
    denominator: float
    shrunken: float
    norm_value: float
    members: int
    hidden: int
    classic: float
    is_significant: bool
    units: float
    gain: Summary
    is_counted: bool
    kept: float | None
    drawn: Floats = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Together:
    """Of the opportunities that are counted, by what the money would be: the sum of their medians, what is left without overlaps, and its
    intervals. `classic`: the plain sum of those that are significant."""

    count: int
    classic: float
    parts: float
    total: float
    gain: Summary | None


def assess(compared: Compared, value: Value, price: Priced, settings: Settings) -> Opportunity:
    """Raises OpportunityError where there are too few figures to tell chance from difference."""
    measure, own = compared.measure, compared.own
    everyone = (own, *(each for each in compared.members if each.code != own.code))
    # A norm that the organisation is part of holds it too.
    holds_own = any(each.code == own.code for each in compared.members)
    members = range(0 if holds_own else 1, len(everyone))
    if len(members) < max(compared.best or 0, FEWEST - 1):
        raise OpportunityError(f"only {len(members)} of those compared with have figures that are shown")
    sign, units = _sign(measure), _units_of_one(measure, own)
    drawn = draws(
        np.array([each.value for each in everyone]), _errors(measure, everyone), random=stream(settings.seed, measure.name),
        runs=settings.runs,
    )  # fmt: skip
    weights = np.array([each.denominator for each in everyone])
    worse = differences(drawn.true, own=0, members=list(members), weights=weights, best=compared.best, sign=sign)
    pounds = worse * units * price.pounds
    gain = summary(pounds)
    return Opportunity(
        measure=measure, value=value, price=price, own=own.value, numerator=own.numerator, denominator=own.denominator,
        shrunken=float(shrunken(drawn)[0]), norm_value=compared.norm_value, members=len(members), hidden=compared.hidden,
        classic=sign * (own.value - compared.norm_value) * units * price.pounds,
        is_significant=compared.norm_value < own.lower if sign > 0 else compared.norm_value > own.upper,
        units=gain.median / price.pounds, gain=gain, is_counted=gain.probability >= settings.certain, kept=None, drawn=pounds,
    )  # fmt: skip


def ranked(found: Sequence[Opportunity]) -> list[Opportunity]:
    """The counted first, each group by its median, most first."""
    return sorted(found, key=lambda each: (not each.is_counted, -each.gain.median, each.measure.name))


def without_overlaps(found: Sequence[Opportunity], days: Mapping[str, float | None]) -> tuple[list[Opportunity], dict[Means, Together]]:
    """The opportunities with what each keeps, and what they come to, by what the money would be: payments and capacity are not one sum,
    and so are not set off against each other."""
    kept: dict[str, float] = {}
    together: dict[Means, Together] = {}
    for means in Means:
        of_kind = [each for each in found if each.value.means is means]
        counted = sorted((each for each in of_kind if each.is_counted), key=lambda each: each.measure.name)
        parts = np.array([each.gain.median for each in counted])
        classic = sum(each.classic for each in of_kind if each.is_significant)
        if not counted:
            together[means] = Together(count=0, classic=classic, parts=0.0, total=0.0, gain=None)
            continue
        shares = np.array([[shared(a.value.pool, b.value.pool, days) for b in counted] for a in counted])
        middle = joined(parts[:, None], shares)
        runs = joined(np.maximum(np.array([each.drawn for each in counted]), 0.0), shares)
        kept |= {each.measure.name: float(left) for each, left in zip(counted, middle.kept[:, 0], strict=True)}
        together[means] = Together(
            count=len(counted), classic=classic, parts=float(parts.sum()), total=float(middle.total[0]), gain=summary(runs.total)
        )  # fmt: skip
    return [_with(each, kept.get(each.measure.name)) for each in found], together


def _with(opportunity: Opportunity, kept: float | None) -> Opportunity:
    said: dict[str, Any] = {**vars(opportunity), "kept": kept}
    return Opportunity(**said)


def _sign(measure: Measure) -> float:
    if measure.direction is Direction.NEITHER or not measure.kind.is_ranked:
        raise OpportunityError(f"neither end of measure '{measure.name}' is better, or it is compared with the nation alone")
    return 1.0 if measure.direction is Direction.HIGHER_IS_WORSE else -1.0


def _units_of_one(measure: Measure, own: Organisation) -> float:
    """How many units more in the numerator the organisation has for one more in its figure: its denominator; of a standardised rate, the
    count that it has now for each one of its rate."""
    if measure.kind is MeasureKind.DIRECTLY_STANDARDISED:
        return own.numerator / own.value
    return own.denominator / measure.per


def _errors(measure: Measure, everyone: Sequence[Organisation]) -> Floats:
    lower, upper = np.array([each.lower for each in everyone]), np.array([each.upper for each in everyone])
    per_count = np.array([1.0 / _units_of_one(measure, each) for each in everyone])
    return standard_errors(lower, upper, per_count, is_count=measure.value is None)
