"""Denominators from published facts: resident populations as person-years, and which months registered lists cover.

Which estimate was used for which months is always said: a figure never uses another year's people in silence.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc

from farr.lab.engine.reference import read_reference
from farr.lab.engine.store import Store
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Month, Period
from farr.lab.model.tables.reference import POPULATION, RESIDENT_POPULATION

_MONTHS_A_YEAR = 12
_NAMED = 5
Group = tuple[str, str, str]


class NoPeople(FarrError):
    """The populations that a rate needs are not held; the message says which, and what to ingest."""


@dataclass(frozen=True, kw_only=True)
class Residents:
    """Person-years lived in each area in a period: `person_years` by area code; `by_group` by area code, sex ('1', '2') and age band.
    `sentence` says which estimate was used for which months. `left_out` are areas that an estimate of some of the months lacks: they
    have no figure, rather than one over too few people."""

    person_years: Mapping[str, float]
    by_group: Mapping[Group, float] = field(repr=False)
    sentence: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ListMonths:
    """Months of a period for which registered lists are `held`, and those that are `missing`."""

    held: tuple[Month, ...]
    missing: tuple[Month, ...]


def resident_denominator(store: Store, level: str, period: Period, without: Collection[Month] = ()) -> Residents:
    """The people who live in each area of a level ('postcode_district', 'locality', 'commissioner', 'region'), as person-years: a
    twelfth of the estimate for each month but those in `without`. A month takes the mid-year estimate of its calendar year; where
    that is not held, the latest earlier one; never a later one. Raises NoPeople where a month has neither."""
    estimates = _estimates(store, level)
    years = {month: _estimate_of(month, list(estimates), level) for month in period.months() if month not in without}
    months_of_year = Counter(years.values())
    covered = Counter(code for year in months_of_year for code in {code for code, _, _ in estimates[year]})
    left_out = tuple(sorted(code for code, times in covered.items() if times < len(months_of_year)))
    by_group: defaultdict[Group, float] = defaultdict(float)
    totals: defaultdict[str, float] = defaultdict(float)
    for year, months in months_of_year.items():
        for group, people in estimates[year].items():
            if group[0] not in left_out:
                by_group[group] += people * months / _MONTHS_A_YEAR
                totals[group[0]] += people * months / _MONTHS_A_YEAR
    return Residents(person_years=dict(totals), by_group=dict(by_group), sentence=_sentence(years, left_out), left_out=left_out)


def registered_months(store: Store, period: Period, table: str = POPULATION.name) -> ListMonths:
    """Which months of a period the registered lists cover: of the mart `population`, or of `registered_population` as loaded."""
    found = set(store.months(table))
    return ListMonths(
        held=tuple(month for month in period.months() if month in found),
        missing=tuple(month for month in period.months() if month not in found),
    )


def _estimates(store: Store, level: str) -> dict[int, dict[Group, int]]:
    """People by year, then by area code, sex and age band."""
    table: pa.Table = read_reference(store, RESIDENT_POPULATION)
    rows = table.filter(pc.equal(table["Area_Level"], level))
    found: dict[int, dict[Group, int]] = {}
    names = ("Mid_Year", "Area_Code", "Sex", "Age_Band", "People")
    for year, code, sex, band, people in zip(*(rows[name].to_pylist() for name in names), strict=True):
        found.setdefault(int(year), {})[(code, sex, band)] = int(people)
    return found


def _estimate_of(month: Month, held: list[int], level: str) -> int:
    earlier = [year for year in held if year <= month.year]
    if earlier:
        return max(earlier)
    years = f"; held are {', '.join(str(year) for year in sorted(held))}, and a later estimate is never used" if held else ""
    raise NoPeople(
        f"no estimate of the people who live in each {level.replace('_', ' ')} in {month.year} or before is held{years}; load one "
        "(columns Mid_Year, Area_Level, Area_Code, Sex, Age_Band, People): farr ingest FILE"
    )


def _sentence(years: Mapping[Month, int], left_out: tuple[str, ...]) -> str:
    used: list[str] = []
    for year, group in groupby(years.items(), key=lambda item: item[1]):
        months = [month for month, _ in group]
        span = str(Period(months[0], months[-1])).replace("..", " to ")
        late = [month for month in months if month.year != year]
        why = f" (no later estimate is held up to {late[-1].year})" if late else ""
        used.append(f"of mid-{year} for {span}{why}")
    more = f" and {len(left_out) - _NAMED} more" if len(left_out) > _NAMED else ""
    lacking = f" Without an estimate for every month, and so without a figure: {', '.join(left_out[:_NAMED])}{more}." if left_out else ""
    return f"Denominator: people who live in the area, as person-years, by the estimate {' and '.join(used)}.{lacking}"
