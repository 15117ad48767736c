import numpy as np
import pytest
from scipy import stats

from farr.lab.measures.statistics import byar_interval, mean_interval, wilson_interval
from farr.lab.measures.statistics.arrays import normal_deviate


def test_byar_below_ten_events_is_the_exact_poisson_interval():
    counts = np.arange(10)
    limits = byar_interval(counts, confidence=0.95)
    for count, lower, upper in zip(counts, limits.lower, limits.upper, strict=True):
        assert upper == pytest.approx(stats.chi2.ppf(0.975, 2 * count + 2) / 2, rel=1e-12)
        # The exact limits are those under which the count is just not surprising.
        assert stats.poisson.cdf(count, upper) == pytest.approx(0.025)
        assert lower == 0 if count == 0 else stats.poisson.sf(count - 1, lower) == pytest.approx(0.025)


def test_byar_changes_formula_at_ten_events():
    exact, byar = byar_interval([9, 10], confidence=0.95, exact_below=11), byar_interval([9, 10], confidence=0.95)
    assert byar.lower[0] == exact.lower[0]
    assert byar.lower[1] != exact.lower[1]
    assert byar.lower[1] == pytest.approx(10 * (1 - 1 / 90 - 1.959963984540054 / (3 * np.sqrt(10))) ** 3, rel=1e-12)
    assert byar.upper[1] == pytest.approx(11 * (1 - 1 / 99 + 1.959963984540054 / (3 * np.sqrt(11))) ** 3, rel=1e-12)


def test_byar_of_nothing_is_zero_to_three_point_seven():
    limits = byar_interval(0, confidence=0.95)
    assert limits.lower == 0
    assert limits.upper == pytest.approx(-np.log(0.025))


def test_wilson_at_the_ends_stays_within_nought_and_one():
    limits = wilson_interval([0, 10], [10, 10], confidence=0.95)
    assert limits.lower[0] == 0
    assert limits.upper[1] == 1
    assert limits.upper[0] == pytest.approx(1 - limits.lower[1], rel=1e-12)
    assert limits.upper[0] == pytest.approx(3.841458820694124 / (10 + 3.841458820694124), rel=1e-12)


def test_wilson_limits_solve_the_score_equation():
    x, n = 7, 40
    limits = wilson_interval(x, n, confidence=0.95)
    for limit in (limits.lower, limits.upper):
        assert abs(x / n - limit) == pytest.approx(normal_deviate(0.95) * np.sqrt(limit * (1 - limit) / n), rel=1e-12)


def test_what_is_not_known_has_no_interval():
    assert np.isnan(wilson_interval([0, np.nan, 1], [0, 10, np.nan], confidence=0.95).upper).all()
    assert np.isnan(byar_interval(np.nan, confidence=0.95).lower)
    assert np.isnan(mean_interval([3.0, np.nan], [9.0, 1.0], [1, 5], confidence=0.95).lower).all()


def test_the_interval_of_a_mean_is_that_of_a_t_test():
    values = np.array([0.0, 1, 1, 2, 3, 5, 8, 13])
    limits = mean_interval(values.sum(), (values**2).sum(), values.size, confidence=0.95)
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (limits.lower, limits.upper) == pytest.approx((expected.low, expected.high), rel=1e-12)


def test_a_constant_has_an_interval_of_no_width_and_contradictory_sums_have_none():
    constant = mean_interval([0.3 * 7], [0.09 * 7], [7], confidence=0.95)
    assert constant.lower == pytest.approx(0.3)
    assert constant.upper == constant.lower
    assert np.isnan(mean_interval([10.0], [5.0], [10], confidence=0.95).lower)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.1, float("nan")])
def test_confidence_is_a_share(confidence):
    with pytest.raises(ValueError, match="such as 0.95"):
        byar_interval(1, confidence=confidence)


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        byar_interval([-1], confidence=0.95)
    with pytest.raises(ValueError, match="exceeds"):
        wilson_interval([11], [10], confidence=0.95)
    with pytest.raises(ValueError, match="infinite"):
        mean_interval([np.inf], [1], [1], confidence=0.95)
