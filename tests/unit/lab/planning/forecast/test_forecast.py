"""Forecasts on series of which it is known what is right."""

import subprocess
import sys

import numpy as np
import pytest

from farr.lab.model.period import Month, Period
from farr.lab.planning.forecast.backtest import SHARES, backtest
from farr.lab.planning.forecast.models import MODELS, OWN, seasonal_naive, trend_and_season
from farr.lab.planning.forecast.seasons import days_of, season
from farr.lab.planning.projection.uncertain import ProjectionError

APRIL = Month(2020, 4)


def months(number, first=APRIL):
    return list(Period(first, first.plus(number - 1)).months())


def calendar(held):
    return [month.month - 1 for month in held]


def test_a_month_with_a_day_more_is_not_busier():
    held = months(24)
    assert season(10 * days_of(held), held) == pytest.approx(np.ones(12))


def test_the_season_of_a_month_is_its_days_against_the_years():
    held = months(12, Month(2021, 1))
    counts = 10 * days_of(held)
    counts[0] = 20 * 31  # January twice as busy: 20 a day, and the year (20·31 + 10·334)/365 = 10.849
    found = season(counts, held)
    assert found[0] == pytest.approx(20 / 10.849315)
    assert found[5] == pytest.approx(10 / 10.849315)


def test_seasons_need_a_whole_year_that_is_shown():
    with pytest.raises(ProjectionError, match="twelve"):
        season(np.ones(11), months(11))
    with pytest.raises(ProjectionError, match="hidden"):
        season(np.array([np.nan, *np.ones(11)]), months(12))


def test_the_naive_forecast_is_last_years_month_by_the_day():
    held = months(36, Month(2021, 1))
    days = days_of(held)
    history = days[:24] * np.tile(np.arange(1, 13), 2)
    made = seasonal_naive(history, days, calendar(held), SHARES)
    assert made.mean == pytest.approx(days[24:] * np.arange(1, 13))
    assert made.intervals[0.8][0] == pytest.approx(made.mean)  # no error before, none expected


def test_naive_intervals_are_of_past_errors_and_wider_after_a_year():
    held = months(48)
    days = np.ones(48)
    history = np.array([10.0, 12.0] * 6 + [14.0, 16.0] * 6)  # every error is 4
    made = seasonal_naive(history, days, calendar(held), (0.8,))
    low, high = made.intervals[0.8]
    assert high[0] - made.mean[0] == pytest.approx(1.2815515655 * 4)
    assert high[12] - made.mean[12] == pytest.approx(1.2815515655 * 4 * np.sqrt(2))
    assert low[0] == pytest.approx(14 - 1.2815515655 * 4)


def test_a_steady_growth_and_season_are_found_again():
    held = months(48)
    days = days_of(held)
    truth = days * 100 * 1.03 ** (np.arange(48) / 12) * (1 + 0.2 * np.sin(np.array(calendar(held))))
    made = trend_and_season(truth[:36], days, calendar(held), SHARES)
    assert made.mean == pytest.approx(truth[36:], rel=1e-6)


def test_a_perfect_forecast_has_no_error_and_the_naive_one_its_own():
    held = months(48)
    days = days_of(held)
    truth = days * 100 * 1.03 ** (np.arange(48) / 12)
    naive, trend = backtest(truth, held, models=OWN)
    assert (trend.model, naive.model) == ("trend_and_season", "seasonal_naive")
    assert trend.smape == pytest.approx(0.0, abs=1e-6)
    # Last year's month is 3% too low: 200·0.03/2.03 per cent, but for a February with a day more or less.
    assert naive.smape == pytest.approx(200 * 0.03 / 2.03, abs=0.01)
    assert naive.mase == pytest.approx(1.05, abs=0.1)
    assert trend.forecasts == 13 * 12


@pytest.fixture(scope="module")
def simulated():
    """Scores of 60 series of five years that the trend-and-season model is right about."""
    chance, held = np.random.default_rng(5), months(60)
    days, found = days_of(held), []
    for _ in range(60):
        logs = np.log(200) + 0.02 * np.arange(60) / 12 + 0.1 * np.sin(np.array(calendar(held))) + chance.normal(0, 0.05, 60)
        found.append(backtest(days * np.exp(logs), held, horizon=6, least=36, models=OWN))
    return found


@pytest.mark.parametrize("share", SHARES)
def test_intervals_of_a_model_that_is_right_cover_what_they_say(simulated, share):
    covered = np.mean([scores[1].coverage[share] for scores in simulated])
    assert covered == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize("share", SHARES)
def test_naive_intervals_cover_about_what_they_say_where_there_is_hardly_growth(simulated, share):
    covered = np.mean([scores[0].coverage[share] for scores in simulated])
    assert covered == pytest.approx(share, abs=0.05)


def test_a_model_that_is_right_beats_the_naive_one(simulated):
    assert np.mean([scores[1].mase for scores in simulated]) < np.mean([scores[0].mase for scores in simulated])


def test_too_few_or_hidden_months_are_refused_with_what_to_do():
    with pytest.raises(ProjectionError, match="--horizon"):
        backtest(np.ones(30), months(30))
    with pytest.raises(ProjectionError, match="hidden"):
        backtest(np.array([np.nan, *np.ones(39)]), months(40))


def test_automatic_models_find_a_season_that_repeats():
    held = months(48)
    days = days_of(held)
    truth = days * 100 * (1 + 0.2 * np.sin(np.array(calendar(held))))
    for name in set(MODELS) - set(OWN):
        made = MODELS[name](truth[:36], days, calendar(held), SHARES)
        if name != "auto_theta":  # whose own test of a season does not see one in three years
            assert made.mean == pytest.approx(truth[36:], rel=0.02), name
        for low, high in made.intervals.values():
            assert low.shape == high.shape == (12,) and (low >= 0).all() and (low <= high).all()


@pytest.fixture(scope="module")
def every_score():
    """Scores of all models on three series of noise about a season, forecast from the last few months."""
    chance, held = np.random.default_rng(9), months(48)
    days = days_of(held)
    logs = [np.log(200) + 0.1 * np.sin(np.array(calendar(held))) + chance.normal(0, 0.05, 48) for _ in range(3)]
    return [backtest(days * np.exp(each), held, horizon=6, least=40) for each in logs]


def test_every_model_is_scored_on_the_same_forecasts(every_score):
    for scores in every_score:
        assert [each.model for each in scores] == [*OWN, "auto_arima", "auto_ets", "auto_theta"]
        assert {each.forecasts for each in scores} == {3 * 6}
        for each in scores:
            assert 0 < each.mase < 2 and 0 <= each.coverage[0.8] <= each.coverage[0.95] <= 1


@pytest.mark.parametrize("count", [0.0, 50.0])
def test_automatic_models_bear_a_series_in_which_nothing_happens(count):
    held = months(30)
    days = days_of(held)
    for name in set(MODELS) - set(OWN):
        made = MODELS[name](count * days[:24], days, calendar(held), SHARES)
        assert made.mean == pytest.approx(count * days[24:], rel=1e-6, abs=1e-6), name


def test_the_package_is_not_imported_before_a_model_is_asked():
    code = "import sys, farr.lab.planning.forecast.models; sys.exit('statsforecast' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
