"""Who differs: by hand, and on made-up providers of whom it is known."""

import numpy as np
import pytest

from farr.lab.planning.coding.dispersion import LEAST_EXPECTED, against_bulk, kept_by_winsorising, spread


def providers(rng, *, tau, size=60, expected=400.0):
    """Poisson counts of providers whose own ratio scatters about one, by `tau` on the scale of roots."""
    base = expected * np.exp(rng.normal(0, 0.5, size))
    return rng.poisson(base * (1 + rng.normal(0, tau, size)) ** 2).astype(float), base


def test_winsorised_normal_figures_keep_two_thirds_of_their_variance():
    z = np.random.default_rng(1).normal(size=400_000)
    assert kept_by_winsorising(0.1) == pytest.approx(float(np.mean(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2)), abs=0.005)
    assert kept_by_winsorising(0.1) == pytest.approx(0.679, abs=0.001)


def test_worked_out_by_hand():
    # Ten providers of 100 expected, nine as expected and one of 144: its root is 1.2, its error by chance 1 / (2 × 10) = 0.05.
    found = against_bulk([100.0] * 9 + [144.0], [100.0] * 10, dispersion=1.0)
    assert (found.centre, found.tau) == (1.0, 0.0)
    assert found.ratio[9] == pytest.approx(1.44)
    assert found.z[9] == pytest.approx(0.2 / 0.05)
    assert found.p[9] == pytest.approx(6.33e-5, rel=0.01)
    assert (found.lower[9], found.upper[9]) == pytest.approx(((1.2 - 1.96 * 0.05) ** 2, (1.2 + 1.96 * 0.05) ** 2), rel=1e-3)
    assert found.high_limit[9] == pytest.approx((1 + 1.96 * 0.05) ** 2, rel=1e-3)


def test_rounding_widens_what_chance_explains():
    counts, base = [100.0] * 9 + [144.0], [100.0] * 10
    exact, rounded = against_bulk(counts, base, dispersion=1.0), against_bulk(counts, base, dispersion=1.0, rounded_to=5.0)
    # variance of chance 1/100, and of two roundings to fives 2 × 25/12 / 100²
    assert rounded.z[9] == pytest.approx(exact.z[9] / np.sqrt(1 + 2 * 25 / 12 / 100))


@pytest.mark.parametrize("tau", [0.0, 0.05, 0.15])
def test_where_nothing_is_to_be_found_five_of_a_hundred_lie_beyond_the_five_percent_limit(tau):
    rng = np.random.default_rng(7)
    below = [float(np.mean(against_bulk(*providers(rng, tau=tau), dispersion=1.0).p < 0.05)) for _ in range(150)]
    assert np.mean(below) == pytest.approx(0.05, abs=0.02)


def test_the_usual_spread_is_found_and_outliers_do_not_hide_themselves_in_it():
    rng = np.random.default_rng(11)
    spreads, seen = [], []
    for _ in range(60):
        observed, base = providers(rng, tau=0.05)
        observed[:3] *= 2.0
        found = against_bulk(observed, base, dispersion=1.0)
        spreads.append(found.tau)
        seen.append(float(np.mean(found.p[:3] < 0.001)))
    assert np.median(spreads) == pytest.approx(0.05, abs=0.015)
    assert np.mean(seen) > 0.97


def test_what_is_hidden_or_too_little_is_not_tested():
    found = against_bulk([100.0] * 12 + [np.nan, 3.0], [100.0] * 13 + [LEAST_EXPECTED - 1], dispersion=1.0)
    assert np.isnan(found.z[12:]).all()
    assert not np.isnan(found.z[:12]).any()


def test_too_few_providers_cannot_tell_their_usual_spread():
    assert np.isnan(against_bulk([100.0] * 5, [100.0] * 5, dispersion=1.0).z).all()


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="negative"):
        against_bulk([-1.0], [1.0], dispersion=1.0)


def test_spread_without_winsorising_is_dersimonian_and_lairds():
    deviation, error = np.array([0.3, -0.2, 0.5, -0.1]), np.array([0.1, 0.2, 0.1, 0.25])
    weight = 1 / error**2
    q = float(np.sum(weight * deviation**2))
    expected = (q - 3) / (weight.sum() - (weight**2).sum() / weight.sum())
    assert spread(deviation, error, trim=0.0) == pytest.approx((q / 4, expected))
