"""Costs of providers, as a cost collection would publish them: what their priced work of a year costs by point of delivery and chapter.
Providers differ a little in all they do and in each line; one has structural cost throughout, as truth.json says.
"""

import numpy as np
import pyarrow as pa

from farr.lab.model.period import FinancialYear, Period
from farr.supplier.synthetic.admitted.casemix import casemix
from farr.supplier.synthetic.people import People
from farr.supplier.synthetic.planting.mergers import Written
from farr.supplier.synthetic.planting.plants import Cast
from farr.supplier.synthetic.references.contracts import deliveries, expected_spells, of_month, planted_provider
from farr.supplier.synthetic.tariff.prices import group_place, market_forces, money, stay_price, tariff_year

STRUCTURAL = 1.30  # what the planted provider's work costs, over what it would cost elsewhere
_OF_PROVIDERS = 0.04  # log standard deviation between providers
_OF_LINES = 0.06  # and between the lines of one
_LEAST = 1.0  # spells a year: what is done more rarely is not costed apart


def costly_provider(people: People, cast: Cast, now: Written) -> str:
    """The provider of structural cost: the largest that keeps its own code and, where there is one, that nothing else
    is planted at."""
    world = people.organisations
    taken = {each.organisation for each in (*cast.planted, *cast.anomalies, *cast.billing)} | {planted_provider(people, now)}
    volume, alone = world.flows.T @ world.commissioner_size, np.bincount(now.provider)[now.provider] == 1
    own = [at for at, code in enumerate(world.provider_code) if alone[at] and now.provider_code[now.provider[at]] == code]
    free = [at for at in own if world.provider_code[at] not in taken]
    return world.provider_code[max(free or own, key=lambda at: volume[at])]


def cost_table(people: People, cast: Cast, period: Period, now: Written) -> pa.Table:
    """Costs of the last financial year that the period touches, whole, by the codes there are at the end of the period."""
    world, mix, year = people.organisations, casemix(), FinancialYear.of(period.last)
    chapter = np.array([str(code)[0] for code in mix.hrg])
    chapters, place = np.unique(chapter, return_inverse=True)
    many = len(place)
    payers, group = np.unique(world.practice_commissioner, return_inverse=True)
    shares = (world.flows / world.flows.sum(axis=1, keepdims=True))[payers]
    yearly = np.einsum("gp,go->op", expected_spells(people, group), shares)
    dearer = _dearer(people, world.provider_code.index(costly_provider(people, cast, now)))
    factor = market_forces(len(world.provider_code), people.seed) * dearer
    rows: list[tuple[str, str, str, float, float]] = []
    for number, delivery in enumerate(deliveries()):
        rng = np.random.default_rng([people.seed, 21, year.begins, number])
        price = stay_price(
            group_place(),
            year=np.full(many, year.begins),
            planned=np.full(many, delivery.planned),
            ordinary=np.full(many, delivery.ordinary),
        )
        done = yearly * delivery.share * (price > 0) * sum(of_month(people, delivery.rhythm, month) for month in year.period.months())
        member = np.eye(len(chapters))[place]
        spells, pounds = done @ member, (done * np.nan_to_num(price)) @ member
        pounds *= factor[:, None] * np.exp(rng.normal(0, _OF_LINES, pounds.shape))
        spells, pounds = _as_written(spells, now), _as_written(pounds, now)
        rows += [
            (now.provider_code[at], delivery.code, str(chapters[line]), float(spells[at, line]), float(pounds[at, line]))
            for at, line in zip(*np.nonzero(spells >= _LEAST), strict=True)
        ]
    return pa.table(
        {
            "Financial_Year": [tariff_year(year.begins)] * len(rows),
            "Provider_Code": [row[0] for row in rows],
            "Point_of_Delivery": [row[1] for row in rows],
            "Service_Code": [row[2] for row in rows],
            "Activity": money(np.array([row[3] for row in rows])),
            "Cost": money(np.rint(np.array([row[4] for row in rows]))),
        }
    )


def _dearer(people: People, costly: int) -> np.ndarray:
    rng = np.random.default_rng([people.seed, 20])
    found = np.exp(rng.normal(0, _OF_PROVIDERS, len(people.organisations.provider_code)))
    found[costly] = STRUCTURAL
    return found


def _as_written(values: np.ndarray, now: Written) -> np.ndarray:
    found = np.zeros((len(now.provider_code), values.shape[1]))
    np.add.at(found, now.provider, values)
    return found
