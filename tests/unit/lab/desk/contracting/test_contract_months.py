"""A contract's year by month, worked out by hand: what has come, what is hidden, and what is to come."""

import pytest

from farr.lab.desk.contracting.contract_months import contract_months
from farr.lab.desk.contracting.contract_rows import contract_rows
from tests.unit.lab.desk.contracting.contracts import MONTHS, contract_of, month, monthly, to_date


def rows(contract=None, **asked):
    return {row["month"]: row for row in contract_months(contract or contract_of(), to_date("C09"), monthly("C09", **asked)).to_pylist()}


def test_what_was_planned_and_paid_adds_up_month_by_month():
    found = rows()
    assert [found["2024-04"][each] for each in ("planned", "paid", "planned_activity", "activity")] == [1800, 1900, 12, 12]
    assert [found["2024-06"][each] for each in ("planned_so_far", "paid_so_far")] == [5400, 5700]
    assert found["2024-06"]["forecast_so_far"] is None and found["2024-06"]["state"] == "came"


def test_the_last_month_of_the_year_is_the_years_forecast():
    contract, asked = contract_of(), (to_date("C09"), monthly("C09"))
    whole = contract_rows(contract, *asked).to_pylist()[-1]
    last = contract_months(contract, *asked).to_pylist()[-1]
    assert (last["forecast_so_far"], last["lower"], last["upper"]) == (whole["forecast"], whole["lower"], whole["upper"])
    assert last["planned_so_far"] == whole["year_planned"] == 21_600


def test_months_to_come_follow_the_plan_times_what_came_to_what_was_planned():
    found = rows()["2024-10"]
    # £11,400 to date; a month of £1,800, times 11,400 / 10,800.
    assert found["forecast_so_far"] == pytest.approx(11_400 + 1800 * 11_400 / 10_800)
    assert (found["state"], found["paid"], found["paid_so_far"]) == ("ahead", None, None)


def test_after_a_hidden_month_only_the_year_to_date_is_known():
    found = rows(hidden=(month("2024-06"),))
    assert [found[str(each)]["paid_so_far"] for each in MONTHS[:6]] == [1900, 3800, None, None, None, 11_400]
    assert (found["2024-06"]["state"], found["2024-06"]["paid"]) == ("hidden", None)
    assert found["2024-10"]["forecast_so_far"] > 11_400


def test_an_incomplete_month_is_forecast_and_so_is_all_after_it():
    gap = month("2024-06")
    found = rows(contract_of(left_out=(gap,)))
    assert found["2024-06"]["state"] == "incomplete" and found["2024-06"]["paid"] is None
    assert found["2024-05"]["paid_so_far"] == 3800 and found["2024-07"]["paid_so_far"] is None
    assert found["2024-06"]["forecast_so_far"] == pytest.approx(3800 + 1800 * 9500 / 9000)


def test_nothing_is_forecast_where_the_year_to_date_is_hidden():
    made = contract_months(contract_of(), to_date("C09", hidden=True), monthly("C09")).to_pylist()
    assert {row["forecast_so_far"] for row in made} == {None}
    assert made[5]["paid_so_far"] is None and made[5]["paid"] == 1900
