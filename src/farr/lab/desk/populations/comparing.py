"""Places beside what the nation's rates make of their people: released counts and published people, put together."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from farr.lab.measures.released_rows import UNKNOWN, FloatArray, in_grouping, keys_of, numbers, texts
from farr.lab.measures.statistics import StandardisedRatio, indirectly_standardised_ratio
from farr.lab.planning.variation.strata import People, expected_of, read_strata, reference_rates

CONFIDENCE = 0.95


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Of each area of `people`, in order: counts with their status, what was expected, person-years, and the ratio with its limits; NaN
    where hidden. `national` is the nation's crude rate per person-year."""

    observed: FloatArray
    status: list[str]
    expected: FloatArray
    person_years: FloatArray
    ratio: StandardisedRatio
    national: float


def beside_expected(people: People, level: str, places: pa.Table, nation: pa.Table, figure: str) -> Beside:
    """The figure of released tables: `places`, whose first grouping is of the level, and `nation` by strata. Raises FiguresError where the
    nation's own is hidden."""
    own = in_grouping(places, 0)
    keys, counted, said = keys_of(own, (level,)), numbers(own, figure), texts(own, f"{figure}__status")
    at = {key[0]: place for place, key in enumerate(keys)}
    # A place without a row has none: had it any, it would have a row, hidden or not.
    observed = np.array([counted[at[area]] if area in at else 0.0 for area in people.areas])
    strata = read_strata(nation, figure)
    outside = counted[at[UNKNOWN]] if UNKNOWN in at and not np.isnan(counted[at[UNKNOWN]]) else 0.0
    total = max(strata.total - float(outside), 0.0)
    expected = expected_of(people.person_years, reference_rates(strata, people.person_years.sum(axis=0)), total=total)
    years: FloatArray = people.person_years.sum(axis=(1, 2, 3))
    return Beside(
        observed=observed,
        status=[said[at[area]] if area in at else "shown" for area in people.areas],
        expected=expected,
        person_years=years,
        ratio=indirectly_standardised_ratio(observed, expected, confidence=CONFIDENCE),
        national=total / float(years.sum()) if years.sum() > 0 else float("nan"),
    )


def shown(figures: FloatArray) -> pa.Array:
    """Figures as a column; null where hidden."""
    return pa.array([float(each) if np.isfinite(each) else None for each in figures], pa.float64())
