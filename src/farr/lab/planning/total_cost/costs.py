"""Costs of every commissioner by part of care, read from released tables; and what its people's ages would have them be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from farr.lab.measures.released_rows import MONTHS_A_YEAR, UNKNOWN, in_grouping, keys_of, numbers
from farr.lab.measures.statistics.arrays import FloatArray
from farr.lab.model.age import group_of_year
from farr.lab.model.tables.local import SETTINGS
from farr.lab.planning.projection.cells import BANDS, POINTS_OF_DELIVERY
from farr.lab.planning.projection.spread import spread
from farr.lab.planning.total_cost.questions import (
    ACTIVITY,
    AGE_BAND,
    AGE_GROUP,
    APPOINTMENTS,
    HOSPITAL,
    ITEMS,
    LEVEL,
    LOCAL,
    PAID,
    PEOPLE,
    POD,
    REGISTERED,
    SETTING,
    SEX,
    SPELLS,
    VISITS,
)

HOSPITAL_TITLES = {SPELLS: "Admitted care", APPOINTMENTS: "Outpatients", VISITS: "A&E"}
PARTS: dict[str, str] = {**HOSPITAL_TITLES, **SETTINGS}
"""Parts of care that are compared and standardised, in the order that they are shown in."""
DELIVERIES = {pod: title for pod, title in POINTS_OF_DELIVERY.items() if pod in ("DC", "EL", "NEL", "NELST", "NELNE", "RDA", "RNA", "UNK")}
"""What admitted care is made of."""
LEAST_AGED = 0.5
"""A setting of which less than half the cost is told by age and sex is not standardised. A parameter."""
_Stratum = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class People:
    """Person-years of each commissioner by five-year band and sex; `months` of the period for which lists are held."""

    by_stratum: Mapping[str, Mapping[_Stratum, float]] = field(repr=False)
    months: int

    def of(self, codes: Sequence[str]) -> dict[_Stratum, float]:
        """Of several together."""
        found: dict[_Stratum, float] = {}
        for code in codes:
            for stratum, years in self.by_stratum.get(code, {}).items():
                found[stratum] = found.get(stratum, 0.0) + years
        return found

    def total(self, codes: Sequence[str]) -> float:
        return sum(self.of(codes).values())


@dataclass(frozen=True, kw_only=True)
class Costs:
    """Pounds and items by part (and point of delivery) and commissioner; NaN where hidden, absent where nothing is held. `strata` are
    pounds of a part by age and sex, five-year bands of hospital care in the nation and wide groups of settings of those who hold all
    months; `months` is how many months of the period a commissioner holds of a setting."""

    cost: Mapping[str, Mapping[str, float]] = field(repr=False)
    items: Mapping[str, Mapping[str, float]] = field(repr=False)
    strata: Mapping[str, Mapping[_Stratum, float]] = field(repr=False)
    national: Mapping[str, float]
    months: Mapping[tuple[str, str], int] = field(repr=False)
    period_months: int

    def holders(self, part: str) -> tuple[str, ...]:
        """The commissioners of whom a part is held whole: of hospital care all, of a setting those with every month."""
        known = self.cost.get(part, {})
        return tuple(code for code in known if part in HOSPITAL or self.months.get((code, part), 0) == self.period_months)


def read_people(table: pa.Table, period_months: int) -> People:
    """From the answer to `total_cost.people`. A month whose lists are not held takes the mean of the others."""
    rows = in_grouping(table, 0)
    months = sum(1 for figure in numbers(in_grouping(table, 2), PEOPLE) if figure > 0)
    found: dict[str, dict[_Stratum, float]] = {}
    for (code, band, sex), figure in zip(keys_of(rows, (LEVEL, AGE_BAND, SEX)), numbers(rows, PEOPLE).tolist(), strict=True):
        if code != UNKNOWN and figure > 0:
            found.setdefault(code, {})[band, sex] = figure / months * period_months / MONTHS_A_YEAR
    return People(by_stratum=found, months=months)


def read_costs(tables: Mapping[str, pa.Table], period_months: int) -> Costs:
    """From the answers to the questions of a period, by their names; those that are not held are left out."""
    cost: dict[str, dict[str, float]] = {}
    items: dict[str, dict[str, float]] = {}
    strata: dict[str, dict[_Stratum, float]] = {}
    national: dict[str, float] = {}
    for name in (each for each in HOSPITAL if each in tables):
        by_pod = 1 if name == SPELLS else 0
        for figures, figure in ((cost, PAID), (items, ITEMS)):
            own = in_grouping(tables[name], by_pod)
            figures[name] = _known(dict(zip([key[0] for key in keys_of(own, (LEVEL,))], numbers(own, figure).tolist(), strict=True)))
            if by_pod:
                parted = in_grouping(tables[name], 0)
                for (code, pod), value in zip(keys_of(parted, (LEVEL, POD)), numbers(parted, figure).tolist(), strict=True):
                    if code != UNKNOWN:
                        figures.setdefault(pod, {})[code] = value
        ages, whole = in_grouping(tables[name], by_pod + 1), in_grouping(tables[name], by_pod + 2)
        strata[name] = {(band, sex): value for (band, sex), value in zip(keys_of(ages, (AGE_BAND, SEX)), numbers(ages, PAID), strict=True)}
        national[name] = float(numbers(whole, PAID)[0]) if whole.num_rows else float("nan")
    months = _local(tables, cost, items)
    found = Costs(cost=cost, items=items, strata=strata, national=national, months=months, period_months=period_months)
    if LOCAL in tables:
        for setting in SETTINGS:
            strata[setting] = _strata_of_setting(tables[LOCAL], setting, found.holders(setting))
            national[setting] = sum(cost.get(setting, {}).get(code, 0.0) for code in found.holders(setting))
    return found


def expected(own: Mapping[_Stratum, float], everybody: Mapping[_Stratum, float], costs: Mapping[_Stratum, float], total: float) -> float:
    """What people would cost at everybody's cost per head of their age and sex: indirect standardisation. Costs of strata that are hidden
    (NaN) take what the others leave of the total, by people; what is of unknown age or sex is spread as the rest is. `costs` are by
    five-year band or by wide group, people always by band. NaN where less than LEAST_AGED of the total is told by age."""
    is_wide = any(band not in BANDS for band, sex in costs if UNKNOWN not in (band, sex))
    mine, all_of = (_grouped(each) if is_wide else each for each in (own, everybody))
    known = [key for key in all_of if all_of[key] > 0]
    shown = np.array([costs.get(key, 0.0) for key in known], dtype=np.float64)
    aged = float(np.nansum(shown))
    has_hidden = bool(np.isnan(shown).any())
    if not known or not total > 0 or (aged < LEAST_AGED * total and not has_hidden):
        return float("nan")
    weights = np.array([all_of[key] for key in known])
    filled = spread(total, shown, weights) if has_hidden else shown * total / aged
    return float(sum(cost / all_of[key] * mine.get(key, 0.0) for key, cost in zip(known, filled.tolist(), strict=True)))


def _local(
    tables: Mapping[str, pa.Table], cost: dict[str, dict[str, float]], items: dict[str, dict[str, float]]
) -> dict[tuple[str, str], int]:
    if LOCAL not in tables:
        return {}
    rows = in_grouping(tables[LOCAL], 0)
    for figures, figure in ((cost, PAID), (items, ACTIVITY)):
        for (code, setting), value in zip(keys_of(rows, (LEVEL, SETTING)), numbers(rows, figure).tolist(), strict=True):
            if code != UNKNOWN:
                figures.setdefault(setting, {})[code] = value
    months: dict[tuple[str, str], int] = {}
    by_month = in_grouping(tables[f"{LOCAL}_monthly"], 0)
    for key in set(keys_of(by_month, (LEVEL, SETTING, "month"))):
        months[key[0], key[1]] = months.get((key[0], key[1]), 0) + 1
    return months


def _strata_of_setting(table: pa.Table, setting: str, holders: Sequence[str]) -> dict[_Stratum, float]:
    rows = in_grouping(table, 1)
    found: dict[_Stratum, float] = {}
    for (code, held, group, sex), value in zip(keys_of(rows, (LEVEL, SETTING, AGE_GROUP, SEX)), numbers(rows, PAID).tolist(), strict=True):
        if held == setting and code in holders:
            found[group, sex] = found.get((group, sex), 0.0) + value
    return found


def _grouped(people: Mapping[_Stratum, float]) -> dict[_Stratum, float]:
    found: dict[_Stratum, float] = {}
    for (band, sex), years in people.items():
        if band in BANDS:
            key = group_of_year(int(band[:2])), sex
            found[key] = found.get(key, 0.0) + years
    return found


def _known(figures: Mapping[str, float]) -> dict[str, float]:
    return {code: value for code, value in figures.items() if code != UNKNOWN}


def monthly_costs(tables: Mapping[str, pa.Table], code: str, months: Sequence[str]) -> dict[str, FloatArray]:
    """Pounds of one commissioner by part and month; NaN where hidden or not held."""
    found: dict[str, FloatArray] = {}
    for name in HOSPITAL:
        if f"{name}_monthly" in tables:
            found[name] = _series(in_grouping(tables[f"{name}_monthly"], 0), (code,), (LEVEL,), months)
    if f"{LOCAL}_monthly" in tables:
        rows = in_grouping(tables[f"{LOCAL}_monthly"], 0)
        found |= {setting: _series(rows, (code, setting), (LEVEL, SETTING), months) for setting in SETTINGS}
    return {part: each for part, each in found.items() if not np.isnan(each).all()}


def _series(rows: pa.Table, wanted: tuple[str, ...], columns: tuple[str, ...], months: Sequence[str]) -> FloatArray:
    keys, figures = keys_of(rows, (*columns, "month")), numbers(rows, PAID).tolist()
    by_month = {key[-1]: figure for key, figure in zip(keys, figures, strict=True) if key[:-1] == wanted}
    return np.array([by_month.get(month, float("nan")) for month in months])


__all__ = [
    "DELIVERIES", "LEAST_AGED", "PARTS", "REGISTERED", "Costs", "People", "expected", "monthly_costs", "read_costs", "read_people",
]  # fmt: skip
