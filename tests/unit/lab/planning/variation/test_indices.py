"""Indices of variation, worked out by hand, and on counts that were drawn with a known spread."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from farr.lab.planning.variation.indices import indices, systematic_component

# Four places: expected 10, 20, 40 and 50; observed 14, 16, 40 and 50.
OBSERVED, EXPECTED, PEOPLE = [14, 16, 40, 50], [10, 20, 40, 50], [1000, 2000, 4000, 5000]


def test_the_systematic_component_by_hand():
    # (4/10)² + (4/20)² + 0 + 0 = 0.20; 1/10 + 1/20 + 1/40 + 1/50 = 0.195; their difference over 4.
    assert systematic_component(OBSERVED, EXPECTED) == pytest.approx(0.005 / 4)


def test_every_index_by_hand():
    found = indices(OBSERVED, EXPECTED, PEOPLE)
    assert (found.places, found.degrees, found.trimmed_each) == (4, 3, 0)
    assert found.extremal == found.trimmed == pytest.approx(1.4 / 0.8)
    # Quantiles between the ordered ratios 0.8, 1, 1, 1.4.
    assert found.p95_5 == pytest.approx((1 + 0.85 * 0.4) / (0.8 + 0.15 * 0.2))
    assert found.p75_25 == pytest.approx((1 + 0.25 * 0.4) / (0.8 + 0.75 * 0.2))
    assert found.variation == pytest.approx(np.sqrt((0.25**2 + 2 * 0.05**2 + 0.35**2) / 3) / 1.05)
    # Weighted mean 0.8 × 1/6 + 1.4 × 1/12 + 3/4 = 1; variance 0.2²/6 + 0.4²/12.
    assert found.weighted_variation == pytest.approx(np.sqrt(0.04 / 6 + 0.16 / 12))
    assert found.by_chance == pytest.approx(np.sqrt(0.195 / 4))
    assert found.chi_squared == pytest.approx(16 / 10 + 16 / 20)
    assert found.p_value == pytest.approx(stats.chi2.sf(2.4, 3))


def test_seven_of_two_hundred_and_eleven_are_left_out_at_each_end_and_as_large_a_share_of_fewer():
    for places, each in ((211, 7), (106, 4), (42, 1), (14, 0)):
        found = indices(np.arange(1, places + 1), np.ones(places), np.ones(places))
        assert found.trimmed_each == each
        assert found.trimmed == pytest.approx((places - each) / (1 + each))


def test_places_that_are_hidden_are_in_no_index():
    with_hidden = indices([*OBSERVED, np.nan], [*EXPECTED, 30], [*PEOPLE, 3000])
    assert with_hidden == indices(OBSERVED, EXPECTED, PEOPLE)


def test_none_in_the_lowest_place_makes_the_ratio_infinite_and_too_few_places_make_none():
    assert indices([0, 5], [5, 5], [1, 1]).extremal == np.inf
    assert np.isnan(indices([5], [5], [1]).systematic)


def test_on_average_the_component_is_the_variance_that_was_planted_and_nothing_where_there_is_none():
    rng = np.random.default_rng(4)
    expected = rng.gamma(3, 20, 150) + 10
    for variance in (0.0, 0.04):
        found = []
        for _ in range(60):
            ratios = rng.gamma(1 / variance, variance, 150) if variance else np.ones(150)
            found.append(indices(rng.poisson(expected * ratios), expected, expected).systematic)
        assert np.mean(found) == pytest.approx(variance, abs=0.004)


def test_what_rounding_adds_is_taken_off():
    rng = np.random.default_rng(5)
    expected = np.full(200, 15.0)
    counts = rng.poisson(expected, (80, 200))
    rounded = 5 * np.round(counts / 5)
    plain = np.mean([indices(each, expected, expected).systematic for each in rounded])
    corrected = np.mean([indices(each, expected, expected, rounded_to=5).systematic for each in rounded])
    assert plain == pytest.approx(25 / 12 / 15**2, rel=0.3)
    assert abs(corrected) < 0.3 * plain


@given(st.lists(st.tuples(st.integers(0, 500), st.floats(0.5, 500)), min_size=2, max_size=30))
def test_the_component_does_not_ask_in_which_order_places_come_and_chi_squared_is_never_negative(places):
    observed, expected = zip(*places, strict=True)
    there, back = indices(observed, expected, expected), indices(observed[::-1], expected[::-1], expected[::-1])
    assert there.systematic == pytest.approx(back.systematic, rel=1e-9, abs=1e-9)
    assert there.chi_squared >= 0 and 0 <= there.p_value <= 1
