"""Tables of a case, of released rows by hand; hidden cells stay unknown."""

import numpy as np
import pyarrow as pa
import pytest

from farr.lab.model.period import Period
from farr.lab.planning.family import families
from farr.lab.planning.local_modification.costs import Service
from farr.lab.planning.local_modification.judging import COST, INCOME, STAY, Outcome
from farr.lab.planning.local_modification.questions import NAME, income_question
from farr.lab.planning.local_modification.tables import Chance, Published, judged, peers_table, services_table

PEERS = ("A", "B", "C", "D", "E")
INCOME_ROWS = [
    (0, "P", "H", 10, 8_000.0, 9_000.0), (0, "P", "D", None, None, None), (0, "A", "H", 20, 20_000.0, 18_000.0),
    (1, "P", None, 12, 9_900.0, 9_000.0), (1, "A", None, 20, 20_000.0, 20_000.0), (2, None, None, 32, 30_000.0, 30_000.0),
]  # fmt: skip
STAY_ROWS = [(0, "P", 95_000.0, 100_000.0), *((0, code, 100_000.0, 100_000.0) for code in PEERS), (1, None, 600_000.0, 600_000.0)]


def released(rows, *names):
    columns = dict(zip(("grouping", *names), zip(*rows, strict=True), strict=True))
    figures = [name for name in names if name not in ("provider", "hrg_chapter")]
    hidden = {f"{name}__status": ["suppressed" if each is None else "shown" for each in columns[name]] for name in figures}
    return pa.table({name: list(values) for name, values in columns.items()} | hidden)


INCOME_TABLE = released(INCOME_ROWS, "provider", "hrg_chapter", "spells", "paid", "weight")
STAY_TABLE = released(STAY_ROWS, "provider", "observed", "expected")
PUBLISHED = Published(
    provider="P", peers=PEERS, unadjusted={"P": 1.3, **dict.fromkeys(PEERS, 1.0)}, at_place={},
    services={"H": Service(activity=11, cost=11_000.0), "D": Service(activity=5, cost=2_000.0)},
)  # fmt: skip


def test_services_are_paid_at_the_rate_of_their_spells():
    dear, hidden = services_table(INCOME_TABLE, PUBLISHED).to_pylist()
    # 8,000 / 10 = 800 a spell; 11 costed spells would be paid 8,800, and cost 11,000
    assert (dear["chapter"], dear["unit_cost"], dear["unit_income"], dear["income"], dear["margin"]) == ("H", 1_000, 800, 8_800, -2_200)
    assert (hidden["chapter"], hidden["income"], hidden["margin"], hidden["status"]) == ("D", None, None, "not shown")


def test_peers_are_beside_the_nation_by_released_figures():
    rows = {row["code"]: row for row in peers_table(INCOME_TABLE, STAY_TABLE, PUBLISHED).to_pylist()}
    assert (rows["P"]["income_index"], rows["P"]["stay_ratio"]) == (pytest.approx(1.1), pytest.approx(0.95))
    assert rows["P"]["is_own"] and not rows["P"]["is_peer"] and rows["A"]["is_peer"]
    assert rows["B"]["income_index"] is None and rows["A"]["at_place"] is None


def test_the_three_tests_take_each_its_own_figures():
    tests = {each.name: each for each in judged(INCOME_TABLE, STAY_TABLE, PUBLISHED, Chance(dispersion=5.0, rounded_to=5.0))}
    assert tests[COST].value == pytest.approx(1.3)
    assert tests[STAY].outcome is Outcome.MET and tests[STAY].value == pytest.approx(0.95)
    assert tests[INCOME].outcome is Outcome.UNTOLD and "shown: 1," in tests[INCOME].why


def test_nothing_of_income_is_no_income_of_nothing():
    nothing = INCOME_TABLE.slice(0, 0)
    assert all(row["income"] is None for row in services_table(nothing, PUBLISHED).to_pylist())
    assert np.isnan(judged(nothing, STAY_TABLE, PUBLISHED, Chance(dispersion=5.0, rounded_to=0.0))[2].value)


def test_the_question_may_be_asked_freely():
    period = Period.parse("2024-04..2025-03")
    asked = families()["local_modification"].questions(NAME, "provider", period)
    assert [each.identity for each in asked] == [income_question(period).identity]
    assert families()["local_modification"].questions("local_modification.other", "provider", period) == []
