"""The Poisson-lognormal model beside numerical integration, and on counts with a known spread."""

import numpy as np
import pytest
from scipy import integrate, optimize

from farr.lab.planning.variation.random_effects import random_effects


def drawn(places, sigma, seed, size=80.0):
    rng = np.random.default_rng(seed)
    expected = rng.gamma(2, size / 2, places) + 5
    return rng.poisson(expected * np.exp(rng.normal(-(sigma**2) / 2, sigma, places))), expected


def by_integration(observed, expected):
    """The same likelihood, integrated place by place, at its top."""

    def minus(parameters):
        mean, sigma = parameters[0], np.exp(parameters[1])
        total = 0.0
        for count, base in zip(observed, expected, strict=True):

            def density(b, count=count, base=base):
                return np.exp(count * (np.log(base) + b) - base * np.exp(b) - ((b - mean) / sigma) ** 2 / 2) / sigma

            area, _ = integrate.quad(
                density,
                mean - 8 * sigma, mean + 8 * sigma, limit=200, points=(mean,),
            )  # fmt: skip
            total += np.log(area)
        return -total

    return optimize.minimize(minus, (0.0, np.log(0.3)), method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-6})


def test_its_variance_is_that_of_the_likelihood_integrated_numerically():
    observed, expected = np.array([3, 12, 25, 14, 30, 4]), np.array([6.0, 9, 18, 15, 22, 8])
    known = by_integration(observed, expected)
    assert random_effects(observed, expected).variance == pytest.approx(np.exp(2 * known.x[1]), rel=0.01)


def test_the_planted_variance_lies_within_the_limits_and_is_found_on_average():
    for sigma in (0.15, 0.3):
        found = [random_effects(*drawn(60, sigma, seed)) for seed in range(8)]
        assert sum(each.lower <= sigma**2 <= each.upper for each in found) >= 7
        assert np.mean([each.variance for each in found]) == pytest.approx(sigma**2, rel=0.35)
        assert max(each.p_value for each in found) < 0.05


def test_where_there_is_chance_alone_none_is_claimed():
    found = [random_effects(*drawn(60, 0.0, seed)) for seed in range(10)]
    assert sum(each.p_value < 0.05 for each in found) <= 2
    assert sum(each.lower == 0 for each in found) >= 8


def test_small_places_are_believed_less_than_large_ones():
    observed, expected = np.array([8, 800, 300, 310, 100, 210, 405]), np.array([4.0, 400, 300, 320, 110, 200, 400])
    found = random_effects(observed, expected)
    small, large = found.shrunk[0], found.shrunk[1]
    assert 1 < small < large < 2.01
    assert found.shrunk_upper[0] - found.shrunk_lower[0] > found.shrunk_upper[1] - found.shrunk_lower[1]


def test_hidden_places_have_no_ratio_and_too_few_no_model():
    observed, expected = np.array([8, np.nan, 30, 31, 10, 21]), np.array([4.0, 40, 30, 32, 11, 20])
    found = random_effects(observed, expected)
    assert np.isnan(found.shrunk).tolist() == [False, True, False, False, False, False]
    assert random_effects(observed[:4], expected[:4]) is None
    assert random_effects(np.zeros(6), expected) is None
