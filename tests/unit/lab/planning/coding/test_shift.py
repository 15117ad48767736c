"""Sudden shifts: by hand, on series without any, and on series with one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farr.lab.planning.coding.dispersion import two_sided
from farr.lab.planning.coding.shift import LEAST_MONTHS, change_at, scatter_of, shifts


def flat(rng, series=200, months=12, error=0.1, scatter=1.0):
    return rng.normal(1, error * np.sqrt(scatter), (series, months)), np.full((series, months), error)


def test_a_step_worked_out_by_hand():
    values = np.array([[1.0] * 6 + [1.3] * 6] + [[1.0] * 12] * 20)
    found = shifts(values, np.full(values.shape, 0.1))
    assert found.at[0] == 6
    assert (found.before[0], found.after[0]) == pytest.approx((1.0, 1.3))
    # 0.3 over 0.1 √(1/6 + 1/6); with a month left out 0.1 √(1/6 + 1/5), sought among the seven months that have three on either side
    assert found.z[0] == pytest.approx(0.3 / (0.1 * np.sqrt(1 / 3)))
    assert found.p[0] == pytest.approx(7 * two_sided(0.3 / (0.1 * np.sqrt(11 / 30))))
    assert found.p[1] == 1.0


def test_without_a_shift_chance_finds_no_more_than_it_says():
    found = shifts(*flat(np.random.default_rng(5), series=4000))
    for level in (0.05, 0.01):
        assert np.mean(found.p <= level) <= level


def test_months_that_scatter_more_than_chance_are_not_taken_for_shifts():
    found = shifts(*flat(np.random.default_rng(6), series=1000, scatter=4.0))
    assert found.scatter == pytest.approx(4.0, rel=0.1)
    assert np.mean(found.p <= 0.05) <= 0.05


def test_a_shift_of_one_does_not_widen_the_scatter_of_all():
    values, error = flat(np.random.default_rng(8), series=60)
    values[0, 7:] += 2.0
    found = shifts(values, error)
    assert found.at[0] == 7
    assert found.scatter < 1.3
    assert found.p[0] < 1e-6


def test_one_odd_month_is_no_shift():
    values, error = flat(np.random.default_rng(9), series=40, error=0.02)
    values[0, 2] += 1.0
    values[1, 10] += 1.0
    found = shifts(values, error)
    assert (np.abs(found.z[:2]) > 5).all()
    assert (found.p[:2] > 0.01).all()


def test_hidden_months_are_left_out_and_never_filled():
    values = np.array([[1.0] * 6 + [1.3] * 6] * 12)
    values[0, [1, 8]] = np.nan
    found = shifts(values, np.full(values.shape, 0.1))
    assert found.at[0] == 6
    assert found.z[0] == pytest.approx(0.3 / np.sqrt(0.01 / 5 + 0.01 / 5))


def test_a_short_series_is_not_looked_at():
    values = np.full((12, 12), 1.0)
    values[0, LEAST_MONTHS - 1 :] = np.nan
    found = shifts(values, np.full(values.shape, 0.1))
    assert found.at[0] == -1
    assert np.isnan(found.p[0])


def test_a_change_at_a_month_that_was_not_sought_pays_for_no_search():
    values = np.array([1.0] * 6 + [1.3] * 6)
    assert change_at(values, np.full(12, 0.1), 6, scatter=1.0) == pytest.approx((0.3, 0.3 / (0.1 * np.sqrt(1 / 3))))
    assert np.isnan(change_at(values, np.full(12, 0.1), 1, scatter=1.0)[1])


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match="series by months"):
        shifts(np.ones(12), np.ones(12))


def test_scatter_is_never_less_than_chance():
    assert scatter_of(np.ones((5, 12)), np.full((5, 12), 0.1)) == 1.0


@given(st.integers(3, 9), st.floats(0.5, 3.0), st.integers(0, 2**32 - 1))
def test_a_large_step_is_found_where_it_is(place, size, seed):
    values, error = flat(np.random.default_rng(seed), series=12, error=0.02)
    values[0, place:] += size
    found = shifts(values, error)
    assert found.at[0] == place
    assert found.after[0] - found.before[0] == pytest.approx(size, abs=0.1)
