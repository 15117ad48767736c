"""Contract plans: what provider and commissioner would have agreed on before the year, from the people there are and the rates at which
they come. A planner knows neither who is planted, nor what differs by nature, nor chance; misjudges every point of delivery a little; and
one provider's plan is too low, as truth.json says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import erf, sqrt

import numpy as np
import pyarrow as pa

from farr.lab.model.period import FinancialYear, Month, Period
from farr.supplier.synthetic.admitted.arrivals import yearly_rates
from farr.supplier.synthetic.admitted.casemix import BIRTH, ELECTIVE, EMERGENCY, MATERNITY, REGULAR, casemix
from farr.supplier.synthetic.calendar import rhythms
from farr.supplier.synthetic.calendar.days import YEAR
from farr.supplier.synthetic.calendar.rhythms import Rhythm
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.planting.mergers import Written
from farr.supplier.synthetic.tariff.prices import group_place, market_forces, money, stay_price

TOO_LOW = 0.82  # what the planted provider's plan is of what it should be
_MISJUDGED = 0.03  # log standard deviation of a planner's error, by provider and point of delivery
_LEAST_FLOW = 0.02  # of a commissioner's people: where fewer go there is no contract, and they are paid for by the case
_LEAST_A_YEAR = 24.0  # spells: what is planned in smaller numbers is not broken down by specialty
_YEARS = 2  # the last of the feed
_SHORT_EMERGENCY = 1.5  # days: a log-normal stay below it is rounded to one day, or none
_BANDS = (slice(0, 3), slice(3, 13), slice(13, 20))  # under 15, to 64, from 65: nearly the age classes of the casemix
_STREAMS = (EMERGENCY, ELECTIVE, MATERNITY, REGULAR)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """A point of delivery: the share of each pathway's spells that it has, how they are priced, and how they follow the calendar."""

    code: str
    share: np.ndarray
    planned: bool
    ordinary: bool
    rhythm: Rhythm


def planted_provider(people: People, now: Written) -> str:
    """The provider whose plan is too low: the largest of those that have their own code still, and no other's."""
    world = people.organisations
    volume, alone = world.flows.T @ world.commissioner_size, np.bincount(now.provider)[now.provider] == 1
    own = [at for at, code in enumerate(world.provider_code) if alone[at] and now.provider_code[now.provider[at]] == code]
    return world.provider_code[max(own, key=lambda at: volume[at])]


def plan_table(people: People, period: Period, now: Written) -> pa.Table:
    """Plans of the last financial years that the period touches, each whole, by the codes there are at the end of the period."""
    last = FinancialYear.of(period.last)
    years = [last.plus(-back) for back in reversed(range(_YEARS))]
    return pa.concat_tables(_of_year(people, year, now) for year in years if year >= FinancialYear.of(period.first))


def _of_year(people: People, year: FinancialYear, now: Written) -> pa.Table:
    months, lines = list(year.period.months()), []
    # People of a practice that moved go where they went, and are paid for by another commissioner.
    pairs, group = np.unique(np.stack([people.organisations.practice_commissioner, now.member]), axis=1, return_inverse=True)
    went, payer = pairs
    yearly, shares = expected_spells(people, group.ravel()), _contracts(people)[went]
    factor = market_forces(len(people.organisations.provider_code), people.seed)
    for number, delivery in enumerate(deliveries()):
        rng = np.random.default_rng([people.seed, 14, year.begins, number])
        error = np.exp(rng.normal(0, _MISJUDGED, len(factor)))
        error[people.organisations.provider_code.index(planted_provider(people, now))] *= TOO_LOW
        spells, pounds = _by_specialty(yearly, delivery, year)
        planned = _as_written(spells[:, None, :] * (shares * error)[:, :, None], payer, now)
        cost = _as_written(pounds[:, None, :] * (shares * error * factor)[:, :, None], payer, now)
        by_month = np.array([of_month(people, delivery.rhythm, month) for month in months])
        lines += [(delivery.code, *line, by_month) for line in _lines(planned, cost, by_month.sum())]
    return _table(lines, months, now)


def expected_spells(people: People, group: np.ndarray) -> np.ndarray:
    """Spells a year by group of practices and pathway, at the rates and ages of the reference day; `group` has one entry a practice. Shape
    (groups, pathways)."""
    mix = casemix()
    day = np.datetime64(people.reference_day, "D").astype("datetime64[M]").astype(int)
    bands = people.by_age_band(int(day) + 70 * 12)
    member = np.stack([[np.bincount(group, weights=bands[:, sex, band]) for band in range(20)] for sex in (0, 1)])
    found = np.zeros((member.shape[2], len(mix.hrg)))
    for stream in _STREAMS:
        coming = member * yearly_rates(stream)[:, :, None]
        for age_class, those in enumerate(_BANDS):
            for sex in (0, 1):
                people_coming = coming[sex, those].sum(axis=0)
                if people_coming.any():
                    found += people_coming[:, None] * np.diff(mix.cumulative(stream, age_class, sex + 1), prepend=0.0)
    births = mix.stream == BIRTH
    found[:, births] = member[:, 0].sum(axis=0)[:, None] / 5 * (mix.weight[births] / mix.weight[births].sum())
    again = (found * mix.readmitted).sum(axis=1, keepdims=True)  # who is readmitted comes as an emergency
    emergencies = np.where(mix.stream == EMERGENCY, found, 0.0)
    return found + emergencies / emergencies.sum(axis=1, keepdims=True) * again


def deliveries() -> list[Delivery]:
    """Every point of delivery that is planned."""
    mix = casemix()
    reach = np.log(_SHORT_EMERGENCY / mix.days) / mix.spread / sqrt(2)
    below = np.array([(1 + erf(each)) / 2 for each in reach])
    brief = mix.short + (1 - mix.short) * below
    emergency, elective = mix.stream == EMERGENCY, mix.stream == ELECTIVE
    other, regular = np.isin(mix.stream, (MATERNITY, BIRTH)), mix.stream == REGULAR
    return [
        Delivery(code="DC", share=elective * mix.short, planned=True, ordinary=False, rhythm=rhythms.ELECTIVE),
        Delivery(code="EL", share=elective * (1 - mix.short), planned=True, ordinary=True, rhythm=rhythms.ELECTIVE),
        Delivery(code="NELST", share=emergency * brief, planned=False, ordinary=True, rhythm=rhythms.EMERGENCY),
        Delivery(code="NEL", share=emergency * (1 - brief), planned=False, ordinary=True, rhythm=rhythms.EMERGENCY),
        Delivery(code="NELNE", share=other * 1.0, planned=False, ordinary=True, rhythm=rhythms.MATERNITY),
        Delivery(code="RDA", share=regular * 1.0, planned=True, ordinary=False, rhythm=rhythms.REGULAR),
    ]


def _contracts(people: People) -> np.ndarray:
    """The share of each commissioner's people who go to each provider, 0 where there is no contract."""
    flows = people.organisations.flows
    shares = flows / flows.sum(axis=1, keepdims=True)
    return np.where(shares < _LEAST_FLOW, 0.0, shares)


def _by_specialty(yearly: np.ndarray, delivery: Delivery, year: FinancialYear) -> tuple[np.ndarray, np.ndarray]:
    """Spells and pounds a year, each of shape (groups of practices, specialties)."""
    known, place = np.unique(casemix().specialty, return_inverse=True)
    many = len(place)
    price = stay_price(
        group_place(), year=np.full(many, year.begins), planned=np.full(many, delivery.planned), ordinary=np.full(many, delivery.ordinary)
    )
    member = np.eye(len(known))[place]
    spells = yearly * delivery.share
    return spells @ member, (spells * np.nan_to_num(price)) @ member


def _as_written(values: np.ndarray, payer: np.ndarray, now: Written) -> np.ndarray:
    """Values of shape (groups of practices, providers, specialties) by the codes that there are now; `payer` is who pays for a group."""
    found = np.zeros((len(now.commissioner_code), len(now.provider_code), values.shape[2]))
    np.add.at(found, (payer[:, None], now.provider[None, :]), values)
    return found


def of_month(people: People, rhythm: Rhythm, month: Month) -> float:
    """The share of a year's activity that falls into the month, growth and season among it."""
    first, end = (int(np.datetime64(day, "D").astype(int)) for day in (month.first_day, month.plus(1).first_day))
    return rhythm.factor(first, people.reference_day) * (end - first) / YEAR


def _lines(spells: np.ndarray, pounds: np.ndarray, years: float) -> Iterator[tuple[int, int, str, float, float]]:
    """Commissioner, provider, specialty, and spells and pounds a year, of every line; small ones of a contract together as ALL."""
    codes = np.unique(casemix().specialty)
    for commissioner, provider in zip(*np.nonzero(spells.sum(axis=2)), strict=True):
        own, cost = spells[commissioner, provider], pounds[commissioner, provider]
        alone = own * years >= _LEAST_A_YEAR
        for place in np.flatnonzero(alone):
            yield int(commissioner), int(provider), str(codes[place]), float(own[place]), float(cost[place])
        if (rest := float(own[~alone].sum())) > 0:
            yield int(commissioner), int(provider), "ALL", rest, float(cost[~alone].sum())


def _table(lines: list[tuple[str, int, int, str, float, float, np.ndarray]], months: list[Month], now: Written) -> pa.Table:
    many = len(months)
    by_month = np.stack([line[6] for line in lines])

    def each(values: list[str]) -> list[str]:
        return [value for value in values for _ in range(many)]

    def amounts(place: int) -> np.ndarray:
        return (np.array([line[place] for line in lines], dtype=float)[:, None] * by_month).ravel()

    return pa.table(
        {
            "Provider_Code": each([now.provider_code[line[2]] for line in lines]),
            "Commissioner_Code": each([now.commissioner_code[line[1]] for line in lines]),
            "Point_of_Delivery": each([line[0] for line in lines]),
            "Treatment_Function_Code": each([line[3] for line in lines]),
            "Activity_Month": [str(month) for month in months] * len(lines),
            "Planned_Activity": money(amounts(4)),
            "Planned_Finance": money(np.rint(amounts(5))),
        }
    )
