"""Costs adjusted for casemix, by hand."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farr.lab.planning.local_modification.costs import CostLines, Service, cost_index, services_of

A, B = ("EL", "HN22A"), ("NEL", "D")


def lines(*rows):
    provider, line, activity, cost = zip(*rows, strict=True)
    return CostLines(provider=provider, line=line, activity=np.array(activity, dtype=float), cost=np.array(cost, dtype=float))


TWO = lines(("P", A, 10, 1_200), ("P", B, 10, 4_000), ("Q", A, 30, 2_800), ("Q", B, 10, 6_000))


def test_cost_over_what_the_same_work_costs_in_the_nation():
    # A costs 4,000 / 40 = 100 a spell, B 10,000 / 20 = 500. P's work would cost 10 × 100 + 10 × 500 = 6,000, and cost 5,200;
    # Q's 30 × 100 + 10 × 500 = 8,000, and cost 8,800.
    assert cost_index(TWO) == pytest.approx({"P": 5_200 / 6_000, "Q": 8_800 / 8_000})


def test_market_forces_are_taken_out_before_anything_is_compared():
    # Q's place makes all 1.1 times as dear: 28 / 11 hundreds and so on; A costs (1,200 + 2,545.45) / 40, B (4,000 + 5,454.55) / 20.
    a, b = (1_200 + 2_800 / 1.1) / 40, (4_000 + 6_000 / 1.1) / 20
    expected = {"P": 5_200 / (10 * a + 10 * b), "Q": 8_800 / 1.1 / (30 * a + 10 * b)}
    assert cost_index(TWO, {"P": 1.0, "Q": 1.1}) == pytest.approx(expected)


def test_who_has_no_factor_is_in_no_national_mean():
    assert cost_index(TWO, {"P": 1.2}) == pytest.approx({"P": 1.0})


def test_a_year_is_read_without_lines_that_have_no_activity():
    table = pa.table(
        {
            "Financial_Year": ["2023/24", "2024/25", "2024/25"], "Provider_Code": ["P", "P", "Q"], "Point_of_Delivery": ["EL", "EL", "EL"],
            "Service_Code": ["H", "H", "H"], "Activity": [1.0, 2.0, 0.0], "Cost": [10.0, 30.0, 5.0],
        }
    )  # fmt: skip
    found = CostLines.of_year(table, "2024/25")
    assert (found.provider, found.line, found.cost.tolist()) == (("P",), (("EL", "H"),), [30.0])
    assert cost_index(CostLines.of_year(table, "2022/23")) == {}


def test_groups_count_to_the_chapter_of_their_first_letter():
    many = lines(("P", ("EL", "HN22A"), 2, 20), ("P", ("DC", "HN22B"), 3, 30), ("P", B, 1, 7), ("Q", B, 9, 9))
    assert services_of(many, "P") == {"D": Service(activity=1, cost=7), "H": Service(activity=5, cost=50)}


@given(st.lists(st.tuples(st.sampled_from("PQR"), st.sampled_from([A, B]), st.floats(1, 1e4), st.floats(1, 1e6)), min_size=1, max_size=12))
def test_the_index_averages_to_one_by_the_nations_own_costs(rows):
    every = lines(*rows)
    index = cost_index(every)
    cost = {code: every.cost[[each == code for each in every.provider]].sum() for code in index}
    assert sum(cost[code] / index[code] for code in index) == pytest.approx(every.cost.sum())
