"""A page of England's size: so many practices of a made-up measure, as the lab would make it."""

import math
import random
from dataclasses import replace
from functools import cache
from typing import Any

from farr.lab.desk.showing.page import page_of
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.showing.page import Page
from tests.unit.lab.desk.conftest import make_benchmark, organisation_row, released
from tests.web.installing import AGREEMENT
from tests.web.publishing import MADE_AT, MEASURE, YEAR

ENGLAND = 6_500


@cache
def make_large(code: str, count: int = ENGLAND) -> Page:
    """The page of one of `count` practices, among them P00000, P00001 …; every 97th is hidden."""
    chance = random.Random(1854)
    rows = [_row(at, code, chance) for at in range(count)]
    for rank, row in enumerate(sorted((row for row in rows if row["status"] == "shown"), key=lambda row: row["value"]), start=1):
        row |= {"rank": rank, "quartile": (rank - 1) * 4 // count + 1, "decile": (rank - 1) * 10 // count + 1, "ranked": count}
    name = f"Surgery {int(code[1:])}"
    request = BenchmarkRequest(organisation=code, measure=MEASURE, level="practice", period=YEAR)
    made = replace(make_benchmark(), level="practice", organisation=code, organisation_name=name, rows=released("rows", rows))
    page = page_of(made, request, made_at=MADE_AT)
    return page.model_copy(update={"agreement": AGREEMENT, "is_synthetic": True})


def _row(at: int, selected: str, chance: random.Random) -> dict[str, Any]:
    code, size = f"P{at:05d}", round(math.exp(chance.gauss(6.5, 0.5)))
    value, spread = chance.gauss(15, 2), 100 * math.sqrt(0.15 * 0.85 / size)
    row = organisation_row(at, -1, {at} if at % 97 == 3 else set())
    row |= {"organisation": code, "name": f"Surgery {at}", "is_selected": code == selected}
    if row["status"] == "shown":
        row |= {
            "numerator": float(round(value * size / 100)), "denominator": float(size), "value": value, "lower": value - 1.96 * spread,
            "upper": value + 1.96 * spread, "funnel_lower_95": max(15 - 1.96 * spread, 0.0), "funnel_upper_95": 15 + 1.96 * spread,
            "funnel_lower_998": max(15 - 3.09 * spread, 0.0), "funnel_upper_998": 15 + 3.09 * spread, "difference": value - 15,
            "verdict": "high" if value > 15 + 3.09 * spread else "low" if value < 15 - 3.09 * spread else "as expected",
        }  # fmt: skip
    return row
