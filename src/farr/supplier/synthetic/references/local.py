"""Care outside hospital of some commissioners, as their suppliers would count it. Every rate and every price here is invented."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from farr.lab.model.age import AGE_GROUPS, group_of_year
from farr.lab.model.period import Month, Period
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.planting.mergers import Written
from farr.supplier.synthetic.tariff.prices import money

LEAST = 8  # people; smaller rows are added to those without an age
_MONTHS = 24  # the last of the feed
_GROUPS = tuple(AGE_GROUPS)
_OF_BAND = np.array([_GROUPS.index(group_of_year(age)) for age in range(0, 100, 5)])
_GROWTH = 1.03  # a year, in pounds for one
_EVERY, _WITHOUT_SOCIAL_CARE = 2, 3  # of commissioners, in the order of their codes


@dataclass(frozen=True, kw_only=True)
class _Service:
    """Items for each person a month, by wide age group, with pounds for one and how many a person has who has any."""

    setting: str
    name: str
    unit: str
    a_year: tuple[float, float, float, float, float, float]
    price: float
    each: float
    source: str
    by_age: bool = True


_SERVICES = (
    _Service(setting="primary", name="consultations", unit="appointments", a_year=(4.1, 3.8, 5.6, 8.0, 10.5, 12.5), price=34, each=1.3,
             source="Practices"),
    _Service(setting="primary", name="out of hours", unit="contacts", a_year=(0.14, 0.08, 0.07, 0.1, 0.19, 0.4), price=68, each=1.1,
             source="Practices", by_age=False),
    _Service(setting="community", name="district nursing", unit="contacts", a_year=(0.01, 0.05, 0.25, 0.8, 2.4, 6.5), price=46, each=3.5,
             source="Community trust"),
    _Service(setting="community", name="therapies", unit="contacts", a_year=(0.15, 0.12, 0.25, 0.4, 0.6, 0.9), price=58, each=1.8,
             source="Community trust"),
    _Service(setting="mental_health", name="talking therapies", unit="appointments", a_year=(0.0, 0.2, 0.16, 0.08, 0.05, 0.03), price=98,
             each=2.4, source="Mental health trust"),
    _Service(setting="mental_health", name="community teams", unit="contacts", a_year=(0.16, 0.35, 0.3, 0.28, 0.5, 0.8), price=132,
             each=2.1, source="Mental health trust"),
    _Service(setting="mental_health", name="wards", unit="days", a_year=(0.01, 0.09, 0.08, 0.08, 0.12, 0.15), price=430, each=18.0,
             source="Mental health trust", by_age=False),
    _Service(setting="prescribing", name="all", unit="items", a_year=(3.0, 7.0, 20.0, 38.0, 55.0, 68.0), price=7.9, each=3.0,
             source="Prescribing system"),
    _Service(setting="continuing_care", name="packages", unit="weeks", a_year=(0.01, 0.02, 0.05, 0.18, 0.5, 1.7), price=720, each=4.2,
             source="Continuing care team", by_age=False),
    _Service(setting="social_care", name="long-term support", unit="weeks", a_year=(0.0, 0.25, 0.4, 0.7, 2.0, 6.8), price=410, each=4.3,
             source="Council", by_age=False),
)  # fmt: skip


def local_table(people: People, period: Period, now: Written) -> pa.Table:
    """Activity and cost of every second commissioner, and social care of two in three of these. Commissioners have what they have a month
    as their people's ages would have it, but for chance and their own habit."""
    months = list(period.months())[-_MONTHS:]
    codes = sorted(set(np.unique(now.member).tolist()), key=lambda member: now.commissioner_code[member])
    columns: dict[str, list[object]] = {name: [] for name in _NAMES}
    for place, member in enumerate(codes):
        if place % _EVERY == 0:
            sends_all = place // _EVERY % _WITHOUT_SOCIAL_CARE != 1
            _add_commissioner(columns, people, months, now, member, sends_all=sends_all)
    arrays = {name: pa.array(values) for name, values in columns.items() if name not in ("Activity", "Cost")}
    amounts = {name: money(np.array(columns[name], dtype=float)) for name in ("Activity", "Cost")}
    return pa.table({**arrays, **amounts}).select(_NAMES)


_NAMES = [
    "Source",
    "Commissioner_Code",
    "Care_Setting",
    "Service",
    "Activity_Month",
    "Age_Band",
    "Sex",
    "Unit",
    "Activity",
    "People",
    "Cost",
]


def _add_commissioner(
    columns: dict[str, list[object]], people: People, months: list[Month], now: Written, member: int, *, sends_all: bool
) -> None:
    code, own = now.commissioner_code[member], now.member == member
    rng = np.random.default_rng([people.seed, 23, int.from_bytes(code.encode(), "big") % 2**31])
    habit = np.exp(rng.normal(0, 0.08, len(_SERVICES)))
    for month in months:
        bands = people.by_age_band((month.year - 1900) * 12 + month.month - 1)[own].sum(axis=0)
        by_group = np.stack([np.bincount(_OF_BAND, weights=bands[sex], minlength=len(_GROUPS)) for sex in (0, 1)])
        years = (month.year - months[-1].year) + (month.month - months[-1].month) / 12
        for service, own_habit in zip(_SERVICES, habit, strict=True):
            if service.setting == "social_care" and not sends_all:
                continue
            counts = rng.poisson(by_group * np.array(service.a_year) / 12 * own_habit)
            for band, sex, count in _rows(service, counts):
                cost = round(count * service.price * _GROWTH**years)
                line = (
                    service.source, code, service.setting, service.name, str(month), band, sex, service.unit, float(count),
                    int(np.ceil(count / service.each)), float(cost),
                )  # fmt: skip
                for name, value in zip(_NAMES, line, strict=True):
                    columns[name].append(value)


def _rows(service: _Service, counts: np.ndarray) -> list[tuple[str | None, str | None, int]]:
    """Age, sex and count; what is too small for a row of its own is in one without an age, which is left out where it is small too."""
    if not service.by_age:
        found, rest = [], int(counts.sum())
    else:
        large = np.ceil(counts / service.each) >= LEAST
        found = [(_GROUPS[group], str(sex + 1), int(counts[sex, group])) for sex, group in np.argwhere(large)]
        rest = int(counts[~large].sum())
    return [*found, *([(None, None, rest)] if np.ceil(rest / service.each) >= LEAST else [])]
