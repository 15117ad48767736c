"""Limits against naive twins in plain Python, and what a verdict must do whatever the method."""

from math import asin, exp, log, sin, sqrt
from statistics import mean, quantiles

import numpy as np
import pytest
from scipy import stats

from farr.lab.measures.statistics import (
    compound_funnel,
    error_funnel,
    funnel_limits,
    funnel_verdict,
    mean_funnel,
    proportion_funnel,
    ratio_funnel,
)

OBSERVED = [100, 150, 180, 80, 120, 225, 90, 60, 310, 41, 75, 132]
EXPECTED = [108, 112, 165, 95, 100, 220, 88, 71.5, 290, 40, 80, 100]
Z998 = 3.090232306167813
Z95 = 1.959963984540054


def _tau_squared(z, weights):
    n, phi = len(z), mean(value**2 for value in z)
    return phi, max(0, (n * phi - (n - 1)) / (sum(weights) - sum(w**2 for w in weights) / sum(weights)))


def _clipped(z):
    tenths = quantiles(z, n=10, method="inclusive")
    return [min(max(value, tenths[0]), tenths[-1]) for value in z]


def test_shmi_as_a_naive_twin():
    z = [sqrt(e) * log(o / e) for o, e in zip(OBSERVED, EXPECTED, strict=True)]
    ranks = [1 + sum(other < value for other in z) for value in z]
    kept = [i for i, rank in enumerate(ranks) if 0 < rank * 10 // (len(z) + 1) < 9]
    assert len(kept) == len(z) - 2  # of 12 organisations, one in the lowest tenth and one in the highest
    phi, tau_squared = _tau_squared([z[i] for i in kept], [EXPECTED[i] for i in kept])
    funnel = funnel_limits(OBSERVED, EXPECTED, method="shmi")
    assert (funnel.phi, funnel.tau_squared) == pytest.approx((phi, tau_squared), rel=1e-12)
    assert tau_squared > 0
    np.testing.assert_allclose(funnel.z, z)
    np.testing.assert_allclose(funnel.upper_998, [exp(Z998 * sqrt(1 / e + tau_squared)) for e in EXPECTED])
    np.testing.assert_allclose(funnel.lower_95, [exp(-Z95 * sqrt(1 / e + tau_squared)) for e in EXPECTED])


def test_cqc_as_a_naive_twin():
    z = [2 * (sqrt(o) - sqrt(e)) for o, e in zip(OBSERVED, EXPECTED, strict=True)]
    phi, tau_squared = _tau_squared(_clipped(z), [4 * e for e in EXPECTED])
    funnel = funnel_limits(OBSERVED, EXPECTED, method="cqc")
    assert (funnel.phi, funnel.tau_squared) == pytest.approx((phi, tau_squared), rel=1e-12)
    assert tau_squared > 0
    np.testing.assert_allclose(funnel.upper_95, [(1 + Z95 * sqrt(1 / (4 * e) + tau_squared)) ** 2 for e in EXPECTED])
    np.testing.assert_allclose(funnel.lower_998, [(1 - Z998 * sqrt(1 / (4 * e) + tau_squared)) ** 2 for e in EXPECTED])


def test_proportions_as_a_naive_twin():
    numerator, denominator = [70, 85, 160, 40, 90, 310], [100, 100, 200, 60, 110, 400]
    overall = sum(numerator) / sum(denominator)
    z = [2 * sqrt(n) * (asin(sqrt(x / n)) - asin(sqrt(overall))) for x, n in zip(numerator, denominator, strict=True)]
    _, tau_squared = _tau_squared(_clipped(z), [4 * n for n in denominator])
    funnel = proportion_funnel(numerator, denominator)
    assert funnel.tau_squared == pytest.approx(tau_squared, rel=1e-12)
    upper = [sin(asin(sqrt(overall)) + Z95 * sqrt(1 / (4 * n) + tau_squared)) ** 2 / overall for n in denominator]
    np.testing.assert_allclose(funnel.upper_95, upper)


def test_means_as_a_naive_twin():
    values = [[1.0, 2, 3], [2.0, 2, 2, 9], [0.0, 1], [5.0, 8, 7, 6, 5]]
    count, total = [len(v) for v in values], [sum(v) for v in values]
    squares = [sum(x**2 for x in v) for v in values]
    overall = sum(total) / sum(count)
    within = sum(sum((x - mean(v)) ** 2 for x in v) for v in values) / (sum(count) - len(values))
    error = [sqrt(within / n) / overall for n in count]
    z = [(t / n / overall - 1) / s for t, n, s in zip(total, count, error, strict=True)]
    phi, tau_squared = _tau_squared(_clipped(z), [1 / s**2 for s in error])
    funnel = mean_funnel(total, squares, count)
    assert (funnel.phi, funnel.tau_squared) == pytest.approx((phi, tau_squared), rel=1e-12)
    np.testing.assert_allclose(funnel.z, z)
    np.testing.assert_allclose(funnel.upper_95, [1 + Z95 * sqrt(s**2 + tau_squared) for s in error])


@pytest.mark.parametrize("expected", [0.3, 2.0, 10.0, 57.5, 400.0])
def test_plain_verdicts_are_exact_poisson_tests(expected):
    observed = np.arange(0, 700)
    for count in observed[:: max(1, int(expected) // 20)]:
        verdict = funnel_limits([count], [expected], method="plain").verdict[0]
        if stats.poisson.sf(count - 1, expected) < 0.001:
            assert verdict == "high"
        elif stats.poisson.cdf(count, expected) < 0.001:
            assert verdict == "low"
        elif stats.poisson.cdf(count - 1, expected) > 0.001 and stats.poisson.cdf(count, expected) < 0.999:
            assert verdict == "as expected"


@pytest.mark.parametrize(("quantile", "limit"), [(0.025, "lower_95"), (0.975, "upper_95"), (0.001, "lower_998"), (0.999, "upper_998")])
@pytest.mark.parametrize("expected", [2.0, 9.5, 40.0])
def test_plain_limits_are_interpolated_between_counts(expected, quantile, limit):
    reached = next(r for r in range(200) if stats.poisson.cdf(r, expected) > quantile)
    before, at = stats.poisson.cdf(reached - 1, expected), stats.poisson.cdf(reached, expected)
    count = reached - (at - quantile) / (at - before)
    assert getattr(funnel_limits([1], [expected], method="plain"), limit)[0] == pytest.approx(max(count, 0) / expected, rel=1e-9)


def test_plain_limits_approach_the_normal_ones():
    funnel = funnel_limits([10000], [10000], method="plain")
    assert funnel.upper_95[0] == pytest.approx(1 + Z95 / 100, rel=1e-3)
    assert funnel.tau_squared == 0


def test_over_dispersion_widens_and_its_absence_does_not():
    scattered = funnel_limits([60, 150, 90, 130, 80, 140, 70], [100] * 7, method="cqc")
    quiet = funnel_limits([99, 101, 100, 98, 102, 100, 100], [100] * 7, method="cqc")
    assert scattered.phi > 1
    assert scattered.tau_squared > 0
    assert quiet.phi < 1
    assert quiet.tau_squared == 0
    assert (scattered.upper_998 > quiet.upper_998).all()
    assert "high" not in scattered.verdict


@pytest.mark.parametrize("method", ["plain", "shmi", "cqc"])
def test_planted_outliers_are_found_and_false_alarms_are_few(method):
    rng = np.random.default_rng(7)
    false_alarms, funnels, size = 0, 100, 60
    for _ in range(funnels):
        expected = rng.uniform(50, 400, size)
        observed = rng.poisson(expected).astype(float)
        observed[3], observed[8] = 2 * expected[3], 0.4 * expected[8]
        verdict = funnel_limits(observed, expected, method=method).verdict
        assert verdict[3] == "high"
        assert verdict[8] == "low"
        false_alarms += int((np.delete(verdict, [3, 8]) != "as expected").sum())
    # Nominally 0.2%; the transformations are approximate, and the lower limit of the logarithm is the worst of them.
    assert false_alarms / (funnels * (size - 2)) < 0.005


def test_nothing_observed_is_low_only_where_enough_was_expected():
    expected = [0.2, 1.0, 30.0, *[50.0] * 10]
    observed = [0, 0, 0, *[50] * 10]
    for method in ("plain", "shmi", "cqc"):
        funnel = funnel_limits(observed, expected, method=method)
        assert list(funnel.verdict[:3]) == ["as expected", "as expected", "low"]
        assert np.isfinite(funnel.z).all()
        assert funnel.z[0] <= 0


@pytest.mark.parametrize("method", ["plain", "shmi", "cqc"])
def test_nothing_expected_or_known_is_not_assessed_and_changes_nothing(method):
    with_gaps = funnel_limits([*OBSERVED, 5, np.nan, 3], [*EXPECTED, 0, 4, np.nan], method=method)
    without = funnel_limits(OBSERVED, EXPECTED, method=method)
    assert list(with_gaps.verdict[-3:]) == ["not assessed"] * 3
    assert (with_gaps.phi, with_gaps.tau_squared) == (without.phi, without.tau_squared)
    np.testing.assert_array_equal(with_gaps.verdict[:-3], without.verdict)
    assert np.isnan(with_gaps.ratio[-3:]).all()


def test_a_spread_cannot_be_estimated_from_one():
    assert list(funnel_limits([50], [10], method="cqc").verdict) == ["not assessed"]
    assert list(funnel_limits([50], [10], method="plain").verdict) == ["high"]
    assert funnel_limits([], [], method="shmi").verdict.size == 0


def test_lower_limits_never_turn_back_up():
    # (1 − z·s)² grows again once z·s passes 1: a small organisation must not be called low for that.
    funnel = funnel_limits([0, 1, 50, 55], [0.5, 0.5, 50, 50], method="cqc")
    assert funnel.lower_998[0] == 0
    assert funnel.verdict[0] == "as expected"


def test_verdict_expects_the_overall_rate():
    numerator, denominator = np.array([50.0, 60, 55, 300, 45, np.nan]), np.array([1000.0, 1000, 1000, 2000, 1000, 100])
    expected = denominator * (510 / 6000)
    for method in ("plain", "shmi", "cqc"):
        np.testing.assert_array_equal(
            funnel_verdict(numerator, denominator, method=method), funnel_limits(numerator, expected, method=method).verdict
        )
    assert list(funnel_verdict([5, 6, 0], [0, np.nan, 0], method="plain")) == ["not assessed"] * 3


def test_common_proportions_are_judged_as_proportions():
    # 80% ± 1.3 points is sharp for a proportion of 1,000, and blunt for a Poisson count of 800.
    numerator, denominator = np.full(20, 800.0), np.full(20, 1000.0)
    numerator[0], numerator[1:] = 740, 800 + np.tile([-4, 4, 0], 7)[:19]
    assert funnel_verdict(numerator, denominator, method="proportion")[0] == "low"
    assert funnel_verdict(numerator, denominator, method="plain")[0] == "as expected"


def test_a_mean_needs_its_squares():
    with pytest.raises(ValueError, match="squares"):
        funnel_verdict([1, 2], [1, 2], method="mean")


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="plain, shmi or cqc"):
        funnel_limits([1], [1], method="SHMI")
    with pytest.raises(ValueError, match="2 organisations"):
        funnel_limits([1, 2], [1], method="plain")
    with pytest.raises(ValueError, match="negative"):
        funnel_limits([-1], [1], method="plain")
    with pytest.raises(ValueError, match="exceeds"):
        proportion_funnel([2], [1])
    with pytest.raises(ValueError, match="continuity"):
        funnel_limits([0], [1], method="shmi", continuity=0)
    with pytest.raises(ValueError, match="confidence"):
        funnel_limits([0], [1], method="plain", confidence=95)


def test_the_verdict_of_a_mean_is_its_funnels():
    stays = [np.random.default_rng(seed).poisson(4, 200).astype(float) for seed in range(12)]
    stays[2] += 3
    total, squares, count = (np.array([f(days) for days in stays], dtype=float) for f in (np.sum, lambda d: (d**2).sum(), len))
    verdict = funnel_verdict(total, count, squares, method="mean")
    np.testing.assert_array_equal(verdict, mean_funnel(total, squares, count).verdict)
    assert list(np.flatnonzero(verdict == "high")) == [2]


def test_a_funnel_of_ratios_is_that_of_the_share_as_odds():
    x, y = np.array([30.0, 45, 40, 80]), np.array([60.0, 80, 90, 60])
    ratios, shares = ratio_funnel(x, y), proportion_funnel(x, x + y)
    np.testing.assert_array_equal(ratios.verdict, shares.verdict)
    overall = x.sum() / y.sum()
    np.testing.assert_allclose(ratios.ratio, x / y / overall)
    share = shares.upper_998 * x.sum() / (x + y).sum()
    np.testing.assert_allclose(ratios.upper_998, share / (1 - share) / overall)


def test_sums_of_ones_per_head_are_judged_like_counts():
    rng = np.random.default_rng(8)
    people = rng.uniform(2000, 9000, 80)
    counts = rng.poisson(people * 0.05).astype(float)
    counts[7] *= 2
    compound, counted = compound_funnel(counts, counts, people), funnel_limits(counts, people * counts.sum() / people.sum(), method="cqc")
    assert compound.verdict[7] == counted.verdict[7] == "high"
    assert (compound.verdict == "as expected").sum() == (counted.verdict == "as expected").sum() == 79
    np.testing.assert_allclose(compound.upper_95, counted.upper_95, rtol=0.02)


def test_a_funnel_of_errors_has_limits_at_three_of_them():
    funnel = error_funnel([1.0, 1.0, 1.0, 1.0], [0.1, 0.1, 0.1, 0.1])  # less spread than chance: no τ²
    assert funnel.tau_squared == 0
    np.testing.assert_allclose(funnel.upper_998, 1 + 3.0902 * 0.1, atol=1e-4)
    assert list(error_funnel([1.0, np.nan], [0.1, 0.1]).verdict) == ["not assessed", "not assessed"]
    with pytest.raises(ValueError, match="error"):
        error_funnel([1.0], [-0.1])
