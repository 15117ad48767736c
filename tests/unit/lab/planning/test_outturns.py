"""Where a year will end: by hand, at the edges, and how often its interval holds on made-up series."""

import numpy as np
import pytest

from farr.lab.planning.outturn import outturn

YEAR = 12


def test_the_rest_of_the_year_is_the_profile_times_what_came_of_it():
    # Half as much again came as last year in April to June: the nine months ahead, £90 last year, will be £135.
    found = outturn(to_date=45, actual=[15, 15, 15], profile=[10, 10, 10], ahead=[10] * 9, window=3, confidence=0.95)
    assert (found.expected, found.ratio, found.lower, found.upper, found.tried) == (180, 1.5, None, None, 0)


def test_a_season_is_that_of_the_profile():
    found = outturn(to_date=30, actual=[10, 20], profile=[5, 10], ahead=[40, 1], window=2, confidence=0.95)
    assert found.expected == 30 + 80 + 2


def test_a_year_that_is_over_is_what_it_is():
    found = outturn(to_date=120, actual=[10] * 12, profile=[9] * 12, ahead=[], window=12, confidence=0.95)
    assert (found.expected, found.lower, found.upper) == (120, 120, 120)


def test_months_that_follow_the_profile_exactly_leave_no_doubt():
    found = outturn(to_date=80, actual=[10] * 8, profile=[5] * 8, ahead=[5] * 4, window=8, confidence=0.95)
    assert (found.expected, found.lower, found.upper, found.error) == (120, 120, 120, 0)


def test_an_interval_worked_out_by_hand():
    # The ratio before each month from the fourth on, and the error of the forecast made by it, less what the ratio itself adds.
    actual = [10.0, 10.0, 10.0, 11.0, 9.0, 10.0, 10.0]
    found = outturn(to_date=70, actual=actual, profile=[10.0] * 7, ahead=[10.0] * 5, window=7, confidence=0.95)
    ratios = [10 / 10, 41 / 40, 50 / 50, 60 / 60]
    errors = [(came / (10 * ratio) - 1) / np.sqrt(1 + 1 / seen) for came, ratio, seen in zip(actual[3:], ratios, (3, 4, 5, 6), strict=True)]
    spread = np.sqrt(np.mean(np.square(errors))) * np.sqrt(5 * 100 + 50**2 / 7)
    assert found.upper - found.expected == pytest.approx(2.776445 * spread, rel=1e-6)  # Student's t, four months
    assert found.expected - found.lower == pytest.approx(found.upper - found.expected)


def test_no_profile_gives_no_forecast():
    assert outturn(to_date=10, actual=[10, 10, 10], profile=[0, 0, 0], ahead=[5], window=3, confidence=0.95) is None


@pytest.mark.parametrize("wrong", [{"actual": [1.0]}, {"actual": [1.0, np.nan]}, {"confidence": 95}])
def test_what_it_cannot_rest_on_is_refused(wrong):
    with pytest.raises(ValueError):
        outturn(**{"to_date": 2, "actual": [1.0, 1.0], "profile": [1.0, 1.0], "ahead": [1.0], "window": 2, "confidence": 0.95, **wrong})


def covered(*, drift, done, held, runs=500):
    """How often the interval of 95 in a hundred holds the year, on series with a season, chance, and a level that drifts month by month."""
    rng, hits = np.random.default_rng(20), 0
    for _ in range(runs):
        season = 1 + 0.1 * np.sin(np.arange(3 * YEAR) * np.pi / 6)
        level = 200 * np.exp(np.cumsum(rng.normal(0.002, drift, 3 * YEAR)))
        came = rng.poisson(level * season * rng.gamma(400, 1 / 400, 3 * YEAR)).astype(float)
        now, first = 2 * YEAR + done, 2 * YEAR - held
        found = outturn(
            to_date=came[2 * YEAR : now].sum(), actual=came[first:now], profile=came[first - YEAR : now - YEAR],
            ahead=came[now - YEAR : 2 * YEAR], window=done, confidence=0.95,
        )  # fmt: skip
        hits += found.lower <= came[2 * YEAR :].sum() <= found.upper
    return hits / runs


@pytest.mark.parametrize(("done", "held"), [(4, YEAR), (6, YEAR), (9, YEAR), (9, 0)])
def test_intervals_hold_as_often_as_they_say_where_growth_is_steady(done, held):
    assert 0.92 <= covered(drift=0.0, done=done, held=held) <= 0.98


def test_intervals_hold_less_often_where_the_level_drifts_as_the_page_says():
    assert 0.80 <= covered(drift=0.03, done=6, held=YEAR) <= 0.92
