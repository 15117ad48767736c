import numpy as np
import pytest
from scipy import stats

from farr.lab.measures.statistics import compound_poisson_interval, poisson_ratio_interval, ratio_error, ratio_of_sums_interval


def test_the_ratio_of_two_counts_as_r_prints_it():
    # The documented example of R's poisson.test: 11 events in 800, 21 in 3,011 person-years.
    limits, people = poisson_ratio_interval(11, 6 + 8 + 7, confidence=0.95), (1083 + 1050 + 878) / 800
    assert (limits.lower * people, limits.upper * people) == pytest.approx((0.8584264, 4.2772659), abs=5e-7)


@pytest.mark.parametrize(("x", "y"), [(0, 5), (3, 1), (40, 70), (500, 20)])
def test_the_ratio_s_limits_are_clopper_and_pearson_s_as_odds(x, y):
    limits = poisson_ratio_interval(x, y, confidence=0.998)
    exact = stats.binomtest(x, x + y).proportion_ci(0.998, method="exact")
    assert limits.lower == pytest.approx(exact.low / (1 - exact.low), rel=1e-9)
    assert limits.upper == pytest.approx(exact.high / (1 - exact.high), rel=1e-9)


def test_nothing_to_divide_by_has_no_ratio():
    limits = poisson_ratio_interval([3, np.nan, 0], [0, 4, 0], confidence=0.95)
    assert np.isnan([limits.lower, limits.upper]).all()


def test_the_exact_interval_covers_at_least_as_often_as_it_says():
    rng = np.random.default_rng(5)
    x, y = rng.poisson(12, 4000), np.maximum(rng.poisson(30, 4000), 1)
    limits = poisson_ratio_interval(x, y, confidence=0.95)
    assert np.mean((limits.lower <= 0.4) & (limits.upper >= 0.4)) >= 0.945


def test_a_sum_of_ones_has_the_error_of_a_count():
    limits = compound_poisson_interval(400, 400, confidence=0.95)
    assert (limits.lower, limits.upper) == pytest.approx((400 - 1.959964 * 20, 400 + 1.959964 * 20))
    assert compound_poisson_interval(3, 9, confidence=0.95).lower == 0


def test_a_compound_interval_covers_the_mean_of_simulated_sums():
    rng = np.random.default_rng(6)
    amounts = [rng.gamma(2, 500, number) for number in rng.poisson(150, 3000)]
    total, squares = np.array([each.sum() for each in amounts]), np.array([(each**2).sum() for each in amounts])
    limits = compound_poisson_interval(total, squares, confidence=0.95)
    covered = np.mean((limits.lower <= 150 * 1000) & (limits.upper >= 150 * 1000))
    assert 0.935 < covered < 0.965


def sums(y, w):
    return y.sum(), w.sum(), (y**2).sum(), (w**2).sum(), (y * w).sum(), y.size


def test_the_error_of_a_ratio_is_that_of_its_residuals():
    rng = np.random.default_rng(7)
    w = rng.gamma(3, 1, 60)
    y = 5 * w + rng.normal(0, 2, 60)
    ratio = y.sum() / w.sum()
    by_hand = np.std(y - ratio * w, ddof=1) * np.sqrt(60) / w.sum()
    assert ratio_error(*(np.asarray(each, dtype=float) for each in sums(y, w))) == pytest.approx(by_hand, rel=1e-9)
    limits = ratio_of_sums_interval(*sums(y, w), confidence=0.95)
    assert limits.upper - ratio == pytest.approx(1.959964 * by_hand, rel=1e-6)


def test_weights_of_one_make_the_ratio_a_mean():
    y = np.array([1.0, 4, 4, 9, 2])
    error = ratio_error(*(np.asarray(each, dtype=float) for each in sums(y, np.ones(5))))
    assert error == pytest.approx(stats.sem(y))


def test_a_constant_ratio_has_no_width_and_contradictory_sums_have_none():
    w = np.array([0.1, 0.2, 0.7])
    limits = ratio_of_sums_interval(*sums(3 * w, w), confidence=0.95)
    assert limits.lower == pytest.approx(limits.upper) == pytest.approx(3)
    assert np.isnan(ratio_of_sums_interval(10, 5, 1, 10, 20, 4, confidence=0.95).lower)
    assert np.isnan(ratio_of_sums_interval(10, 5, 100, 25, 50, 1, confidence=0.95).lower)
    assert np.isnan(ratio_of_sums_interval(10, 0, 100, 0, 0, 4, confidence=0.95).lower)


def test_impossible_sums_are_refused():
    with pytest.raises(ValueError, match="squares"):
        compound_poisson_interval(1, -1, confidence=0.95)
    with pytest.raises(ValueError, match="against"):
        poisson_ratio_interval(1, -1, confidence=0.95)
    with pytest.raises(ValueError, match="such as 0.95"):
        poisson_ratio_interval(1, 1, confidence=95)
