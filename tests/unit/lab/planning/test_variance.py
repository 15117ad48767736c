"""Why more or less was paid than planned, worked out by hand; the three parts add up whatever the figures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farr.lab.planning.variance import variance

amount = st.one_of(st.just(0.0), st.floats(0.01, 1e9))


def parts(planned_activity, planned_finance, activity, paid, at_tariff):
    found = variance(
        planned_activity=planned_activity, planned_finance=planned_finance, activity=activity, paid=paid, at_tariff=at_tariff
    )  # fmt: skip
    return tuple(float(each) for each in (found.volume, found.casemix, found.price, found.total))


def test_a_contract_worked_out_by_hand():
    # Planned: 100 spells at £1,000. Came: 110 spells that cost £1,100 each by the tariff, of which £2,000 more was paid.
    assert parts(100, 100_000, 110, 123_000, 121_000) == (10_000, 11_000, 2_000, 23_000)


def test_as_planned_is_no_variance():
    assert parts(100, 100_000, 100, 100_000, 100_000) == (0, 0, 0, 0)


def test_what_did_not_come_is_volume():
    assert parts(100, 100_000, 0, 0, 0) == (-100_000, 0, 0, -100_000)


def test_what_was_not_planned_is_volume_at_the_tariff():
    assert parts(0, 0, 4, 5_000, 4_400) == (4_400, 0, 600, 5_000)


def test_a_hidden_figure_hides_every_part_that_would_reveal_it():
    assert all(np.isnan(each) for each in parts(100, 100_000, np.nan, np.nan, np.nan))
    assert all(np.isnan(each) for each in parts(0, 0, np.nan, np.nan, np.nan))


@given(amount, amount, amount, amount, amount)
def test_the_three_parts_add_up(planned_activity, planned_finance, activity, paid, at_tariff):
    volume, casemix, price, total = parts(planned_activity, planned_finance, activity, paid, at_tariff)
    largest = max(map(abs, (volume, casemix, price, total, 1.0)))
    assert volume + casemix + price == pytest.approx(total, abs=1e-9 * largest)
