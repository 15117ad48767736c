"""Standardised ratios and rates. Compare an indirectly standardised ratio with 1 (the reference) only, never with another area's.

Sources: APHO Technical Briefing 3 (2008); Breslow & Day (1987); Dobson, Kuulasmaa, Eberle & Scherer (1991), Statist. Med.
10:457. NHS Digital forbids comparing indirectly standardised ratios between areas, because each is weighted by its own population.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from farr.lab.measures.statistics.arrays import FloatArray, as_counts
from farr.lab.measures.statistics.intervals import byar_interval

FEWEST_EVENTS = 10
"""PHE publishes no directly standardised rate of fewer events: its weights would rest on next to none."""


@dataclass(frozen=True, kw_only=True)
class StandardisedRatio:
    """Observed over expected and its limits, each of the shape of the arguments; 1 is the reference. NaN where nothing is expected."""

    ratio: FloatArray
    lower: FloatArray
    upper: FloatArray


def expected_counts(population: npt.ArrayLike, reference_count: npt.ArrayLike, reference_population: npt.ArrayLike) -> FloatArray:
    """Events expected at the reference's rates: Σ over strata of population × reference count / reference population.

    `population`: shape (…, strata), persons or person-years; the references: shape (strata,) or broadcasting to it. A
    stratum without population adds nothing; one with population and no reference rate, or with NaN, makes the sum NaN.
    Raises ValueError for a negative value.
    """
    persons = as_counts("population", population)
    events, base = as_counts("reference_count", reference_count), as_counts("reference_population", reference_population)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.where(persons == 0, 0.0, persons * np.where(base > 0, events / base, np.nan))
    return expected.sum(axis=-1)


def indirectly_standardised_ratio(observed: npt.ArrayLike, expected: npt.ArrayLike, *, confidence: float) -> StandardisedRatio:
    """Observed over expected, with Byar's limits (exact below 10 events) divided by expected, as PHE's ISR.

    `observed`, `expected`: shapes that broadcast, events over the same persons and period. Multiply by 100, or by the
    reference's crude rate, for the published forms. NaN where nothing is expected. Raises ValueError for a negative value
    or a confidence outside (0, 1).
    """
    counts, base = as_counts("observed", observed), as_counts("expected", expected)
    limits = byar_interval(counts, confidence=confidence)
    divisor = np.where(base > 0, base, np.nan)
    return StandardisedRatio(ratio=counts / divisor, lower=limits.lower / divisor, upper=limits.upper / divisor)


@dataclass(frozen=True, kw_only=True)
class StandardisedRate:
    """A rate per person (or person-year) and its limits, each of the shape of the arguments without their strata."""

    rate: FloatArray
    lower: FloatArray
    upper: FloatArray


def dobson_error(count: npt.ArrayLike, population: npt.ArrayLike, standard_population: npt.ArrayLike) -> FloatArray:
    """The standard error of a directly standardised rate, √Σ(share² × events), as Dobson's limits take it. Arguments, shapes and errors
    as `directly_standardised_rate`; NaN where a weighted stratum has no population."""
    events = as_counts("count", count)
    share = _shares(as_counts("population", population), as_counts("standard_population", standard_population))
    return np.sqrt((share**2 * events).sum(axis=-1))


def _shares(persons: FloatArray, weight: FloatArray) -> FloatArray:
    """What one event of each stratum adds to the rate."""
    return np.where(weight == 0, 0.0, weight / weight.sum(axis=-1, keepdims=True) / np.where(persons > 0, persons, np.nan))


def directly_standardised_rate(
    count: npt.ArrayLike,
    population: npt.ArrayLike,
    standard_population: npt.ArrayLike,
    *,
    confidence: float,
    fewest_events: float = FEWEST_EVENTS,
) -> StandardisedRate:
    """The rate that the standard population would have, with Dobson's limits (1991), as PHE's DSR.

    `count`, `population`: shape (…, strata), events and persons or person-years; `standard_population`: shape (strata,) or
    broadcasting to it, weights. NaN for fewer than `fewest_events`, and where a weighted stratum has no population.
    Raises ValueError for a negative value or a confidence outside (0, 1).
    """
    events, persons = as_counts("count", count), as_counts("population", population)
    weight = as_counts("standard_population", standard_population)
    total = events.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = _shares(persons, weight)
        rate = np.where(total >= fewest_events, (share * events).sum(axis=-1), np.nan)
        scale = np.sqrt((share**2 * events).sum(axis=-1) / total)
    limits = byar_interval(total, confidence=confidence)
    return StandardisedRate(rate=rate, lower=rate + scale * (limits.lower - total), upper=rate + scale * (limits.upper - total))
