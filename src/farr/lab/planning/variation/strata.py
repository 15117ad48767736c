"""What the nation's rates would make of each place's people: the reference of indirect standardisation, from released counts.

Hidden strata share what is left of the total that they belong to, so that what is expected of the nation adds up to what came of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from farr.lab.measures.released_rows import FiguresError, FloatArray, in_grouping, keys_of, numbers
from farr.lab.model.age import AGE_GROUPS

AGES, SEXES, FIFTHS = tuple(AGE_GROUPS), ("1", "2"), ("1", "2", "3", "4", "5")
ALL_FIFTHS = ("",)
"""Where nothing is known of people's deprivation."""


@dataclass(frozen=True, kw_only=True)
class People:
    """Person-years of `areas` by age group, sex and fifth of deprivation (one fifth of all, where it is not known): shape (areas, 6, 2, 5)
    or (areas, 6, 2, 1). `sentence` says which estimate it is."""

    areas: tuple[str, ...]
    person_years: FloatArray
    sentence: str

    @property
    def by_deprivation(self) -> bool:
        return self.person_years.shape[-1] == len(FIFTHS)


@dataclass(frozen=True, kw_only=True)
class Strata:
    """Released counts of the nation: `cells` by age, sex and fifth, `margin` by age and sex, `total`. NaN where hidden, none where none."""

    cells: FloatArray
    margin: FloatArray
    total: float


def read_strata(nation: pa.Table, events: str, *, first: int = 0) -> Strata:
    """The counts `events` in a released table whose groupings are, from `first` on: age, sex and deprivation; age and sex; none. Raises
    FiguresError where the nation's own figure is hidden."""
    whole = numbers(in_grouping(nation, first + 2), events)
    if whole.size and np.isnan(whole[0]):
        raise FiguresError("the nation's own figure is hidden, for there are few of them; ask for a longer period, or for more codes")
    return Strata(
        cells=placed(in_grouping(nation, first), ("age_group", "sex", "deprivation"), (AGES, SEXES, FIFTHS), events),
        margin=placed(in_grouping(nation, first + 1), ("age_group", "sex"), (AGES, SEXES), events),
        total=float(whole[0]) if whole.size else 0.0,
    )


def placed(rows: pa.Table, columns: Sequence[str], codes: Sequence[Sequence[str]], name: str) -> FloatArray:
    """A figure of rows in the place of their codes; zero where there is no row, NaN where it is hidden; other codes are left out."""
    found = np.zeros(tuple(len(each) for each in codes))
    at: list[Mapping[str, int]] = [{code: place for place, code in enumerate(each)} for each in codes]
    for key, figure in zip(keys_of(rows, columns), numbers(rows, name), strict=True):
        if all(code in places for code, places in zip(key, at, strict=True)):
            found[tuple(places[code] for code, places in zip(key, at, strict=True))] = figure
    return found


def reference_rates(strata: Strata, people: FloatArray) -> FloatArray:
    """The nation's rate in each stratum of `people` (shape (6, 2, 5) or (6, 2, 1)). A hidden stratum has the rate of all hidden ones of its
    age and sex together; where its age and sex are hidden too, of all that is left of the nation. Nobody: no rate."""
    counted = strata.cells if people.shape[-1] == len(FIFTHS) else strata.margin[..., None]
    rates = np.full(people.shape, np.nan)
    lived_in = people > 0
    shown = ~np.isnan(counted) & lived_in
    rates[shown] = counted[shown] / people[shown]
    margin_hidden = np.isnan(strata.margin)[..., None]
    left = ~shown & lived_in
    for place in zip(*np.nonzero(left.any(axis=-1) & ~margin_hidden[..., 0]), strict=True):
        here = left[place]
        rest = max(strata.margin[place] - float(counted[place][shown[place]].sum()), 0.0)
        rates[place][here] = rest / people[place][here].sum()
    hidden = left & margin_hidden
    if hidden.any():
        known = float(strata.margin[~np.isnan(strata.margin)].sum()) + float(np.where(shown & margin_hidden, counted, 0.0).sum())
        rates[hidden] = max(strata.total - known, 0.0) / people[hidden].sum()
    return np.where(np.isnan(rates), 0.0, rates)


def expected_of(people: FloatArray, rates: FloatArray, *, total: float) -> FloatArray:
    """What each area is expected to have (shape (areas,)), adding up to `total` over all of them: admissions of people whose age, sex or
    deprivation is not known are spread like the others."""
    raw = (people * rates).sum(axis=(1, 2, 3))
    whole = float(raw.sum())
    return raw * (total / whole) if whole > 0 else raw
