"""Who lives where, by age group, sex and fifth of deprivation: person-years of a period, from published estimates."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from farr.lab.desk.holdings.people import NoPeople, resident_denominator
from farr.lab.engine.reference import read_reference
from farr.lab.engine.store import Store
from farr.lab.measures.released_rows import FloatArray
from farr.lab.model.age import group_of_year
from farr.lab.model.period import Period
from farr.lab.model.tables.people import POPULATION_BY_DEPRIVATION
from farr.lab.planning.variation.strata import AGES, FIFTHS, SEXES, People

_MONTHS_A_YEAR = 12
_NOT_DEPRIVED = "Not standardised for deprivation, for no population by deprivation is held: farr ingest population_by_deprivation.csv."


def people_of(store: Store, level: str, period: Period) -> People:
    """The people of each area of a level: residents by fifth of deprivation where that is held, otherwise by age and sex alone. A
    month takes the estimate of its calendar year, otherwise the latest earlier one. Raises NoPeople where neither is held."""
    table = read_reference(store, POPULATION_BY_DEPRIVATION)
    rows = table.filter(pc.equal(table["Area_Level"], level))
    if not rows.num_rows:
        return _by_age_and_sex(store, level, period)
    held = sorted({int(year) for year in rows["Mid_Year"].to_pylist()})
    taken = Counter(_estimate_of(month.year, held, level) for month in period.months())
    areas = sorted(set(rows["Area_Code"].to_pylist()))
    person_years = np.zeros((len(areas), len(AGES), len(SEXES), len(FIFTHS)))
    for year, months in taken.items():
        person_years += _placed(rows.filter(pc.equal(rows["Mid_Year"], year)), areas) * months / _MONTHS_A_YEAR
    used = " and ".join(f"mid-{year} ({months} months)" for year, months in sorted(taken.items()))
    sentence = f"People: residents by age, sex and fifth of deprivation of their small area, by the estimate of {used}."
    return People(areas=tuple(areas), person_years=person_years, sentence=sentence)


def _estimate_of(year: int, held: list[int], level: str) -> int:
    earlier = [each for each in held if each <= year]
    if not earlier:
        raise NoPeople(
            f"no estimate of {year} or before is held of the people of each {level.replace('_', ' ')} by deprivation, and a later one is "
            "never used; load one: farr ingest population_by_deprivation.csv"
        )
    return earlier[-1]


def _placed(rows: pa.Table, areas: list[str]) -> FloatArray:
    found = np.zeros((len(areas), len(AGES), len(SEXES), len(FIFTHS)))
    at: list[Mapping[str, int]] = [{code: place for place, code in enumerate(each)} for each in (areas, AGES, SEXES, FIFTHS)]
    names = ("Area_Code", "Age_Band", "Sex", "Deprivation_Fifth", "People")
    for area, band, sex, fifth, people in zip(*(rows[name].to_pylist() for name in names), strict=True):
        found[at[0][area], at[1][group_of_year(int(band[:2]))], at[2][sex], at[3][fifth]] += people
    return found


def _by_age_and_sex(store: Store, level: str, period: Period) -> People:
    residents = resident_denominator(store, level, period)
    areas = sorted(residents.person_years)
    place = {code: at for at, code in enumerate(areas)}
    person_years = np.zeros((len(areas), len(AGES), len(SEXES), 1))
    for (area, sex, band), years in residents.by_group.items():
        if sex in SEXES:
            person_years[place[area], AGES.index(group_of_year(int(band[:2]))), SEXES.index(sex), 0] += years
    return People(areas=tuple(areas), person_years=person_years, sentence=f"{residents.sentence} {_NOT_DEPRIVED}")
