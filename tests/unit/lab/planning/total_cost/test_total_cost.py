"""Total cost of care by hand: parts, sums, what is not held, and what ages would have it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farr.lab.planning.total_cost.costs import PARTS, Costs, People, expected
from farr.lab.planning.total_cost.rows import ALL, HOSPITAL_WHOLE, LOCAL_WHOLE, cost_rows

NAN = float("nan")
YOUNG, OLD = ("20-24", "1"), ("80-84", "1")
PEOPLE = People(by_stratum={"A": {YOUNG: 60.0, OLD: 40.0}, "B": {YOUNG: 90.0, OLD: 10.0}, "C": {YOUNG: 50.0, OLD: 50.0}}, months=12)


def costs(**changes):
    made = {
        "cost": {
            "spells": {"A": 6000.0, "B": 3000.0, "C": 6000.0}, "EL": {"A": 2000.0}, "NEL": {"A": 4000.0},
            "community": {"A": 900.0, "B": 500.0}, "prescribing": {"A": 700.0, "C": 1000.0},
        },
        "items": {}, "strata": {"spells": {YOUNG: 4000.0, OLD: 11000.0}, "community": {}, "prescribing": {}},
        "national": {"spells": 15000.0, "community": 1400.0, "prescribing": 1000.0},
        "months": {("A", "community"): 12, ("B", "community"): 12, ("A", "prescribing"): 9, ("C", "prescribing"): 12},
        "period_months": 12,
    }  # fmt: skip
    return Costs(**{**made, **changes})


def by_part(table):
    return {row["part"]: row for row in table.to_pylist()}


def test_an_indirectly_standardised_cost_is_worked_out_by_hand():
    """200 young people cost £4,000 and 100 old ones £11,000: £20 and £110 a head. 60 and 40 of them would cost £5,600."""
    everybody = PEOPLE.of(["A", "B", "C"])
    assert expected(PEOPLE.of(["A"]), everybody, {YOUNG: 4000.0, OLD: 11000.0}, 15000.0) == pytest.approx(60 * 20 + 40 * 110)


def test_what_is_of_unknown_age_is_spread_as_the_rest_is_and_hidden_strata_take_what_is_left():
    everybody = PEOPLE.of(["A", "B", "C"])
    known = expected(PEOPLE.of(["A"]), everybody, {YOUNG: 2000.0, OLD: 5500.0, ("unknown", "1"): 7500.0}, 15000.0)
    assert known == pytest.approx(5600.0)
    assert expected(PEOPLE.of(["A"]), everybody, {YOUNG: 4000.0, OLD: NAN}, 15000.0) == pytest.approx(5600.0)


def test_a_part_that_is_hardly_told_by_age_is_not_standardised():
    everybody = PEOPLE.of(["A", "B", "C"])
    assert np.isnan(expected(PEOPLE.of(["A"]), everybody, {YOUNG: 400.0, OLD: 1000.0}, 15000.0))
    assert np.isnan(expected(PEOPLE.of(["A"]), everybody, {}, 15000.0))


def test_wide_groups_are_of_the_bands_within_them():
    people = {("15-19", "2"): 10.0, ("40-44", "2"): 30.0, ("85-89", "2"): 10.0}
    costs_by_group = {("15-44", "2"): 400.0, ("85+", "2"): 600.0}
    assert expected({("15-19", "2"): 5.0, ("85-89", "2"): 1.0}, people, costs_by_group, 1000.0) == pytest.approx(5 * 10 + 1 * 60)


@given(
    st.lists(st.floats(1, 1e4), min_size=4, max_size=4), st.lists(st.floats(1, 1e6), min_size=4, max_size=4), st.floats(0.1, 1),
)  # fmt: skip
def test_the_expected_costs_of_all_parts_of_a_nation_are_its_cost(years, pounds, share):
    strata = [(band, sex) for band in ("20-24", "80-84") for sex in ("1", "2")]
    everybody, cost = dict(zip(strata, years, strict=True)), dict(zip(strata, pounds, strict=True))
    one = {key: value * share for key, value in everybody.items()}
    rest = {key: value * (1 - share) for key, value in everybody.items()}
    total = sum(pounds)
    assert expected(one, everybody, cost, total) + expected(rest, everybody, cost, total) == pytest.approx(total)


def test_every_part_is_a_row_and_what_is_not_held_is_nothing_rather_than_nought():
    rows = by_part(cost_rows("A", costs(), PEOPLE, peers=("B", "C")))
    assert set(PARTS) <= set(rows)
    assert rows["social_care"]["status"] == "not held" and rows["social_care"]["cost"] is None
    assert rows["appointments"]["status"] == "not held"
    assert (rows["EL"]["cost"], rows["NEL"]["cost"]) == (2000.0, 4000.0)
    assert rows["spells"]["per_head"] == 60.0 and rows["spells"]["nation_per_head"] == 50.0
    assert rows["spells"]["ratio"] == pytest.approx(6000 / 5600)
    assert rows["spells"]["peers_per_head"] == 45.0 and rows["spells"]["peers"] == 2
    assert rows[ALL]["cost"] == 7600.0 and rows[ALL]["status"] == "held in part"


def test_a_part_that_lacks_months_is_spent_and_compared_with_nothing():
    rows = by_part(cost_rows("A", costs(), PEOPLE, peers=("B", "C")))
    assert rows["prescribing"]["status"] == "held in part" and rows["prescribing"]["months"] == 9
    assert rows["prescribing"]["cost"] == 700.0 and rows["prescribing"]["per_head"] is None
    assert rows[LOCAL_WHOLE]["cost"] == 1600.0 and rows[LOCAL_WHOLE]["per_head"] == 9.0


def test_peers_and_nation_are_those_who_hold_the_part():
    rows = by_part(cost_rows("A", costs(), PEOPLE, peers=("B", "C")))
    assert rows["community"]["peers"] == 1 and rows["community"]["peers_per_head"] == 5.0
    assert rows["community"]["holders"] == 2 and rows["community"]["nation_per_head"] == 7.0
    assert rows[ALL]["peers_per_head"] == 50.0  # of spells and community care, which A holds whole


def test_growth_is_of_parts_that_both_years_hold():
    before = costs(cost={"spells": {"A": 5000.0}, "community": {"A": 600.0}}, months={("A", "community"): 6})
    rows = by_part(cost_rows("A", costs(), PEOPLE, before=before))
    assert rows["spells"]["growth"] == pytest.approx(0.2) and rows["community"]["growth"] is None
    assert rows[ALL]["before"] == 5000.0 and rows[ALL]["growth"] == pytest.approx(0.2)


def test_a_hidden_part_hides_the_sums_that_it_is_in():
    rows = by_part(cost_rows("A", costs(cost={"spells": {"A": NAN, "B": 1.0}, "community": {"A": 900.0}}), PEOPLE))
    assert rows["spells"]["status"] == "not shown"
    assert rows[HOSPITAL_WHOLE]["cost"] is None and rows[ALL]["cost"] is None and rows[ALL]["per_head"] is None
    assert rows[LOCAL_WHOLE]["cost"] == 900.0


@given(st.lists(st.floats(0, 1e7), min_size=5, max_size=5))
def test_sums_are_of_their_parts(figures):
    names = ("spells", "appointments", "visits", "community", "social_care")
    made = costs(
        cost={name: {"A": figure} for name, figure in zip(names, figures, strict=True)},
        months={("A", "community"): 12, ("A", "social_care"): 12}, strata={}, national={},
    )  # fmt: skip
    rows = by_part(cost_rows("A", made, PEOPLE))
    assert rows[HOSPITAL_WHOLE]["cost"] + rows[LOCAL_WHOLE]["cost"] == pytest.approx(rows[ALL]["cost"])
    assert rows[ALL]["cost"] == pytest.approx(sum(figures))
    shares = [rows[name]["share"] for name in names]
    assert not sum(figures) > 0 or sum(shares) == pytest.approx(1.0)
