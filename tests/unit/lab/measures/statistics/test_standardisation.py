import numpy as np
import pytest

from farr.lab.measures.statistics import byar_interval, directly_standardised_rate, expected_counts, indirectly_standardised_ratio


def test_expected_counts_apply_the_reference_rates():
    expected = expected_counts([[100, 200], [0, 50]], [10, 30], [1000, 1500])
    np.testing.assert_allclose(expected, [100 * 0.01 + 200 * 0.02, 1.0])


def test_a_stratum_without_reference_matters_only_where_people_are():
    expected = expected_counts([[100, 0], [100, 5]], [10, 0], [1000, 0])
    assert expected[0] == pytest.approx(1.0)
    assert np.isnan(expected[1])


def test_the_ratio_and_its_limits_are_observed_over_expected():
    result = indirectly_standardised_ratio([30, 4], [20, 8], confidence=0.95)
    limits = byar_interval([30, 4], confidence=0.95)
    np.testing.assert_allclose(result.ratio, [1.5, 0.5])
    np.testing.assert_allclose(result.lower, limits.lower / [20, 8])
    np.testing.assert_allclose(result.upper, limits.upper / [20, 8])


def test_nothing_expected_has_no_ratio():
    result = indirectly_standardised_ratio([3, 0], [0, np.nan], confidence=0.95)
    assert np.isnan([result.ratio, result.lower, result.upper]).all()


def test_negative_populations_are_refused():
    with pytest.raises(ValueError, match="population"):
        expected_counts([-558], [2824], [57173])


def test_a_directly_standardised_rate_weighs_the_strata():
    result = directly_standardised_rate([20, 40], [1000, 500], [3000, 1000], confidence=0.95)
    assert result.rate == pytest.approx(0.75 * 0.02 + 0.25 * 0.08)
    spread = np.sqrt((0.75**2 * 20 / 1000**2 + 0.25**2 * 40 / 500**2) / 60)
    limits = byar_interval(60, confidence=0.95)
    assert result.upper == pytest.approx(result.rate + spread * (limits.upper - 60))


def test_a_rate_of_few_events_or_an_empty_stratum_is_withheld():
    assert np.isnan(directly_standardised_rate([4, 5], [10, 10], [1, 1], confidence=0.95).upper)
    assert np.isnan(directly_standardised_rate([40, 0], [100, 0], [1, 1], confidence=0.95).rate)
    assert directly_standardised_rate([40, 0], [100, 0], [1, 0], confidence=0.95).rate == pytest.approx(0.4)
