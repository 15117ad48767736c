"""Figures: the released numbers of one measure and grouping, as arrays, and what they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from farr.lab.measures.aggregates import further_sums
from farr.lab.measures.measure import Measure, MeasureKind
from farr.lab.measures.reference import AGE_AND_SEX, Reference
from farr.lab.measures.released_rows import (
    NO_POPULATION,
    FiguresError,
    FloatArray,
    Key,
    in_grouping,
    keys_of,
    known_rows,
    matched_people,
    numbers,
    texts,
    worst,
)
from farr.lab.measures.statistics import (
    EUROPEAN_2013,
    byar_interval,
    compound_poisson_interval,
    directly_standardised_rate,
    indirectly_standardised_ratio,
    mean_interval,
    poisson_ratio_interval,
    ratio_of_sums_interval,
    wilson_interval,
)
from farr.lab.model.age import AGE_GROUPS

__all__ = ["Figures", "FiguresError", "FloatArray", "Strata", "interval", "pool", "read_figures", "taken", "value", "values"]

T = TypeVar("T")

STRATA: tuple[Key, ...] = tuple((group, sex) for group in AGE_GROUPS for sex in ("1", "2"))
STANDARD: FloatArray = np.repeat(EUROPEAN_2013.by_group(tuple(AGE_GROUPS)) / 2, 2)
"""The standard population of each of STRATA: it has as many women as men of every age."""


@dataclass(frozen=True, kw_only=True)
class Strata:
    """Events and person-years by age group and sex (`STRATA`), shape (organisations, strata); NaN where hidden."""

    events: FloatArray
    people: FloatArray


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Released numbers, a place in each array for each organisation (or month). NaN and status "suppressed" where the gate hid
    one of them. `denominator` is in person-years per head, and what is expected for a standardised ratio; `region` the code of the
    organisation's parent region, "" where it has none; `verdict` as the session reached it on true values, "" where it gave none;
    `sums` the further sums of the kind (`aggregates.further_sums`); `strata` only for directly standardised rates."""

    codes: tuple[str, ...]
    months: tuple[str, ...]
    region: tuple[str, ...]
    numerator: FloatArray
    denominator: FloatArray
    status: tuple[str, ...]
    verdict: tuple[str, ...]
    sums: Mapping[str, FloatArray] = field(default_factory=dict[str, FloatArray])
    strata: Strata | None = None

    def index(self, code: str) -> int:
        """Raises FiguresError for an organisation without a row."""
        if code not in self.codes:
            raise FiguresError(f"organisation '{code}' has no figure here; check the code, the level and the period")
        return self.codes.index(code)

    def sum(self, name: str) -> FloatArray:
        """A further sum. Raises FiguresError where the measure's questions were not those that these figures came from."""
        if name not in self.sums:
            raise FiguresError(f"these figures lack their {name}, on which the interval rests; ask the measure's own questions")
        return self.sums[name]

    def by_age_and_sex(self) -> Strata:
        """Raises FiguresError for figures that were not asked by age group and sex."""
        if self.strata is None:
            raise FiguresError("these figures lack their counts by age group and sex; ask the measure's own questions")
        return self.strata


def read_figures(
    measure: Measure,
    table: pa.Table,
    *,
    grouping: int,
    code_column: str | None = None,
    region_column: str | None = None,
    population: pa.Table | None = None,
    reference: Reference | None = None,
    keep_unknown: bool = False,
) -> Figures:
    """Figures of one grouping of a released table (layout of `Released.table`), in the table's order.

    `grouping`: its index in the question; `code_column`: the dimension whose code names the organisation (None: national).
    `population`: per head, the released table of the population question, whose groupings are the same; people whose
    organisation is unknown are left out unless `keep_unknown`, and organisations without a population have no figure.
    `reference`: for a standardised ratio per head, the national rates that expected counts rest on.
    Raises FiguresError where `population` or `reference` is needed and missing.
    """
    rows = in_grouping(table, grouping)
    rows = rows if keep_unknown else known_rows(rows, code_column)
    if measure.kind.is_per_head:
        people = in_grouping(_needed(measure, population, "population"), grouping)
        if measure.kind is MeasureKind.DIRECTLY_STANDARDISED:
            return _directly_standardised(rows, people, code_column, region_column)
        return _per_head(measure, rows, people, code_column, region_column, reference)
    base = "expected" if measure.kind is MeasureKind.STANDARDISED_RATIO else "denominator"
    return _figures(measure, rows, code_column, region_column, numbers(rows, base), texts(rows, f"{base}__status"))


def value(measure: Measure, numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Numerator over denominator in the measure's unit; NaN where either is unknown or there is nothing to divide by. For a directly
    standardised rate that is the crude one: see `values`."""
    known = denominator > 0
    return np.where(known, measure.per * numerator / np.where(known, denominator, 1.0), np.nan)


def values(measure: Measure, figures: Figures) -> FloatArray:
    """The measure's figures in its unit; NaN where they are not known."""
    if measure.kind is not MeasureKind.DIRECTLY_STANDARDISED:
        return value(measure, figures.numerator, figures.denominator)
    strata = figures.by_age_and_sex()
    return directly_standardised_rate(strata.events, strata.people, STANDARD, confidence=0.95).rate * measure.per


def interval(measure: Measure, figures: Figures, *, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Lower and upper limits in the measure's unit, by the method of its kind (docs/statistics.md)."""
    lower, upper = _limits(measure, figures, np.where(figures.denominator > 0, figures.denominator, np.nan), confidence)
    return lower * measure.per, upper * measure.per


def pool(figures: Figures, members: npt.ArrayLike) -> Figures:
    """The members as one organisation: every number added up; members with a hidden number are left out. One row."""
    chosen = np.asarray(members, dtype=bool) & ~np.isnan(figures.numerator) & ~np.isnan(figures.denominator)
    places = np.flatnonzero(chosen)
    strata = figures.strata
    return Figures(
        codes=("",),
        months=("",),
        region=("",),
        numerator=figures.numerator[places].sum(keepdims=True),
        denominator=figures.denominator[places].sum(keepdims=True),
        status=("rounded",),
        verdict=("",),
        sums={name: each[places].sum(keepdims=True) for name, each in figures.sums.items()},
        strata=None
        if strata is None
        else Strata(events=strata.events[places].sum(axis=0, keepdims=True), people=strata.people[places].sum(axis=0, keepdims=True)),
    )


def taken(figures: Figures, places: Sequence[int]) -> Figures:
    """The rows at these places, in this order."""
    chosen = list(places)
    strata = figures.strata
    return Figures(
        codes=tuple(figures.codes[at] for at in chosen),
        months=tuple(figures.months[at] for at in chosen),
        region=tuple(figures.region[at] for at in chosen),
        numerator=figures.numerator[chosen],
        denominator=figures.denominator[chosen],
        status=tuple(figures.status[at] for at in chosen),
        verdict=tuple(figures.verdict[at] for at in chosen),
        sums={name: each[chosen] for name, each in figures.sums.items()},
        strata=None if strata is None else Strata(events=strata.events[chosen], people=strata.people[chosen]),
    )


def _limits(measure: Measure, figures: Figures, base: FloatArray, confidence: float) -> tuple[FloatArray, FloatArray]:
    """In units of one, before `per`; `base` is the denominator, NaN where it is nothing."""
    x = figures.numerator
    if measure.kind is MeasureKind.DIRECTLY_STANDARDISED:
        strata = figures.by_age_and_sex()
        limits = directly_standardised_rate(strata.events, strata.people, STANDARD, confidence=confidence)
    elif measure.kind is MeasureKind.PROPORTION:
        limits = wilson_interval(x, base, confidence=confidence)
    elif measure.kind is MeasureKind.MEAN:
        limits = mean_interval(x, figures.sum("squares"), base, confidence=confidence)
    elif measure.kind is MeasureKind.RATIO and measure.value is None:
        limits = poisson_ratio_interval(x, base, confidence=confidence)
    elif measure.kind is MeasureKind.RATIO:
        squares, weights, products, rows = (figures.sum(name) for name in further_sums(measure))
        limits = ratio_of_sums_interval(x, base, squares, weights, products, rows, confidence=confidence)
    elif measure.value is not None:
        amounts = compound_poisson_interval(x, figures.sum("squares"), confidence=confidence)
        return amounts.lower / base, amounts.upper / base
    elif measure.kind is MeasureKind.RATE_PER_HEAD:
        events = byar_interval(x, confidence=confidence)
        return events.lower / base, events.upper / base
    else:
        limits = indirectly_standardised_ratio(x, base, confidence=confidence)
    return limits.lower, limits.upper


def _figures(
    measure: Measure, rows: pa.Table, code_column: str | None, region_column: str | None, base: FloatArray, base_status: list[str]
) -> Figures:
    """`base`, `base_status`: the denominator, in the order of the rows."""
    further = further_sums(measure)
    statuses = [texts(rows, "numerator__status"), base_status, *(texts(rows, f"{name}__status") for name in further)]
    return Figures(
        codes=tuple(texts(rows, code_column)),
        months=tuple(texts(rows, "month")),
        region=tuple(texts(rows, region_column)),
        numerator=numbers(rows, "numerator"),
        denominator=base,
        status=tuple(worst(each) for each in zip(*statuses, strict=True)),
        verdict=tuple(texts(rows, "verdict")),
        sums={name: numbers(rows, name) for name in further},
    )


def _per_head(
    measure: Measure, rows: pa.Table, people: pa.Table, code_column: str | None, region_column: str | None, reference: Reference | None
) -> Figures:
    wanted = keys_of(rows, (code_column, "month"))
    if measure.kind is MeasureKind.STANDARDISED_RATIO_PER_HEAD:
        base, status = _expected(people, _needed(measure, reference, "reference"), wanted, code_column)
    else:
        base, status = matched_people(people, (code_column, "month"), wanted)
    return _figures(measure, rows, code_column, region_column, base, status)


def _expected(people: pa.Table, reference: Reference, wanted: list[Key], code_column: str | None) -> tuple[FloatArray, list[str]]:
    """Σ person-years × the nation's rate of each age group and sex, for every wanted organisation and month."""
    years, status = _by_stratum(people, code_column, wanted)
    rates = np.array([reference.of(stratum) for stratum in STRATA])
    return (years * rates).sum(axis=1), status


def _by_stratum(people: pa.Table, code_column: str | None, wanted: list[Key]) -> tuple[FloatArray, list[str]]:
    """Person-years, shape (wanted, strata): none where an organisation that has people has none of that stratum."""
    found = [matched_people(people, (code_column, "month", *AGE_AND_SEX), [(*key, *stratum) for key in wanted]) for stratum in STRATA]
    years = np.column_stack([each for each, _ in found]).reshape(len(wanted), len(STRATA))
    missing = np.array([[each == NO_POPULATION for each in statuses] for _, statuses in found], dtype=bool).reshape(len(STRATA), -1).T
    empty = missing & ~missing.all(axis=1, keepdims=True)
    statuses = [
        worst([each for each in column if each != NO_POPULATION] or [NO_POPULATION]) for column in zip(*(s for _, s in found), strict=True)
    ]
    return np.where(empty, 0.0, years), statuses


def _directly_standardised(rows: pa.Table, people: pa.Table, code_column: str | None, region_column: str | None) -> Figures:
    """One row an organisation and month, of the rows by age group and sex. A stratum without a row had no events."""
    rows = known_rows(rows, *AGE_AND_SEX)
    keys, strata = keys_of(rows, (code_column, "month")), keys_of(rows, AGE_AND_SEX)
    regions = dict(zip(keys, texts(rows, region_column), strict=True))
    held = dict(
        zip(zip(keys, strata, strict=True), zip(numbers(rows, "numerator"), texts(rows, "numerator__status"), strict=True), strict=True)
    )
    wanted = sorted(regions)
    cells = [[held.get((key, stratum), (0.0, "shown")) for stratum in STRATA] for key in wanted]
    events = np.array([[count for count, _ in row] for row in cells], dtype=np.float64).reshape(len(wanted), len(STRATA))
    years, status = _by_stratum(people, code_column, wanted)
    return Figures(
        codes=tuple(code for code, _ in wanted),
        months=tuple(month for _, month in wanted),
        region=tuple(regions[key] for key in wanted),
        numerator=events.sum(axis=1),
        denominator=years.sum(axis=1),
        status=tuple(worst([base, *(state for _, state in row)]) for row, base in zip(cells, status, strict=True)),
        verdict=("",) * len(wanted),
        strata=Strata(events=events, people=years),
    )


def _needed(measure: Measure, given: T | None, what: str) -> T:
    if given is None:
        raise FiguresError(f"measure '{measure.name}' needs its {what}; ask the measure's own questions for it")
    return given
