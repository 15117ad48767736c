"""What must hold of every projection: parts add up, order does not matter, the seed decides, intervals nest."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farr.lab.planning.projection.cells import BANDS
from farr.lab.planning.projection.drivers import NON_DEMOGRAPHIC_GROWTH, waiting_list
from farr.lab.planning.projection.mitigation import declared
from farr.lab.planning.projection.result import ACTIVITY, BED_DAYS, PAYMENTS, interval
from farr.lab.planning.projection.run import project
from farr.lab.planning.projection.settings import Settings, nothing_changes
from farr.lab.planning.projection.spread import fitted, spread
from farr.lab.planning.projection.uncertain import Uncertain
from farr.lab.planning.projection.waterfall import contributions
from tests.unit.lab.planning.projection.small import baseline, grown

PODS = ("DC", "EL", "NEL", "NELST", "NELNE", "OPFA", "OPFUP", "AE")
SHARES = {"ambulatory_sensitive": {"NEL": 0.2, "NELST": 0.1}, "without_treatment": {"AE": 0.3}}


@st.composite
def places(draw):
    """A baseline with a day case in it, for activity to move to."""
    number = draw(st.integers(1, 12))
    figure = st.one_of(st.just(0.0), st.floats(1, 5000))
    rows = [
        (draw(st.sampled_from(PODS)), draw(st.sampled_from(("100", "300"))), draw(st.sampled_from((*BANDS, "unknown"))),
         draw(st.sampled_from(("1", "2", "9"))), draw(figure), draw(figure), draw(figure))
        for _ in range(number)
    ]  # fmt: skip
    rates = {(pod, sex): np.exp(np.linspace(0, 3, len(BANDS))) for pod in PODS for sex in ("1", "2")}
    return baseline(("DC", "100", "40-44", "1", 50, 50, 700.0), *rows, shares=SHARES, rates=rates)


@st.composite
def growths(draw):
    factor = st.floats(0.9, 1.1)
    return grown(3, {(band, sex): draw(factor) for band in ("00-04", "40-44", "80-84") for sex in ("1", "2")})


DRIVERS = (*NON_DEMOGRAPHIC_GROWTH, waiting_list(Uncertain(low=1.0, high=1.1), 2))
EVERYTHING = Settings(years=3, drivers=DRIVERS)


@settings(max_examples=25, deadline=None)
@given(places(), growths(), st.integers(0, 2**31))
def test_the_waterfall_adds_up_to_the_change_in_every_run(place, people, seed):
    found = project(place, people, EVERYTHING, mitigations=list(declared().values()), runs=8, seed=seed)
    for measure, figures in ((ACTIVITY, found.activity), (BED_DAYS, found.bed_days), (PAYMENTS, found.payments)):
        change = figures[-1] - figures[0]
        parts = np.sum(list(found.waterfall[measure].values()), axis=0)
        assert parts == pytest.approx(change, rel=1e-9, abs=1e-6 * (1 + figures.max()))
    gap = np.sum(list(found.causes_of_gap().values()), axis=0)
    assert gap == pytest.approx(found.gap[-1], rel=1e-9, abs=1e-6 * (1 + found.payments.max()))


@settings(max_examples=25, deadline=None)
@given(places(), st.integers(0, 2**31))
def test_without_growth_and_mitigation_the_baseline_comes_back(place, seed):
    found = project(place, grown(3, {}), nothing_changes(3), runs=4, seed=seed)
    for year in range(4):
        assert found.activity[year].sum(axis=0) == pytest.approx(np.full(4, place.activity.sum()))
        assert found.payments[year].sum(axis=0) == pytest.approx(np.full(4, place.payments.sum()))
        assert found.bed_days[year].sum(axis=0) == pytest.approx(np.full(4, place.bed_days.sum()))
    assert all(np.abs(each).max() < 1e-6 * (1 + place.payments.sum()) for parts in found.waterfall.values() for each in parts.values())


@settings(max_examples=25, deadline=None)
@given(places(), growths(), st.integers(0, 2**31), st.randoms(use_true_random=False))
def test_mitigations_in_another_order_give_the_same(place, people, seed, chance: random.Random):
    names = list(declared().values())
    first = project(place, people, EVERYTHING, mitigations=names, runs=8, seed=seed)
    chance.shuffle(names)
    second = project(place, people, EVERYTHING, mitigations=names, runs=8, seed=seed)
    assert np.array_equal(first.payments, second.payments) and np.array_equal(first.bed_days, second.bed_days)


@settings(max_examples=25, deadline=None)
@given(places(), growths(), st.integers(0, 2**31))
def test_breakdowns_add_up_to_the_whole(place, people, seed):
    found = project(place, people, EVERYTHING, mitigations=list(declared().values()), runs=4, seed=seed)
    for each in found.by.values():
        assert each.activity.sum(axis=1) == pytest.approx(found.activity.sum(axis=1))
        assert each.payments.sum(axis=1) == pytest.approx(found.payments.sum(axis=1))


@settings(max_examples=20, deadline=None)
@given(places(), growths(), st.integers(0, 2**31))
def test_the_seed_decides_everything_and_intervals_nest(place, people, seed):
    first = project(place, people, EVERYTHING, runs=32, seed=seed)
    again = project(place, people, EVERYTHING, runs=32, seed=seed)
    assert np.array_equal(first.payments, again.payments) and np.array_equal(first.funding, again.funding)
    wide, narrow = interval(first.beds, 0.95), interval(first.beds, 0.8)
    assert np.all(wide[0] <= narrow[0]) and np.all(narrow[0] <= narrow[1]) and np.all(narrow[2] <= wide[2])


def test_another_seed_gives_other_runs():
    place = baseline(("NEL", "300", "80-84", "2", 2000, 9000, 3000.0))
    one, two = (project(place, grown(3, {}), EVERYTHING, runs=8, seed=seed) for seed in (1, 2))
    assert not np.array_equal(one.activity, two.activity)


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=6), st.floats(0, 1e6))
def test_factors_multiply_to_the_total_and_their_parts_add_up_to_it(factors, before):
    named = {str(place): np.array([[factor]]) for place, factor in enumerate(factors)}
    parts = contributions(np.array([[before]]), named, np.ones((1, 1)))
    after = before * np.prod(factors)
    assert sum(float(each[0, 0]) for each in parts.values()) == pytest.approx(after - before, rel=1e-8, abs=1e-6 * (1 + after))


@given(st.lists(st.one_of(st.just(float("nan")), st.floats(0, 1e5)), min_size=1, max_size=12), st.floats(0, 1e6))
def test_what_is_spread_adds_up_to_the_total_and_is_never_below_nothing(shown, total):
    shown = np.array(shown)
    found = spread(total, shown, np.arange(len(shown), dtype=np.float64))
    assert found.sum() == pytest.approx(total) and np.all(found >= 0)


def test_what_is_shown_stays_and_the_hidden_rest_goes_by_shape():
    # 100 in all, 40 shown: the other 60 go one to two.
    assert spread(100.0, np.array([40.0, np.nan, np.nan]), np.array([9.0, 1.0, 2.0])) == pytest.approx([40.0, 20.0, 40.0])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31))
def test_a_fitted_table_has_its_margins(seed):
    chance = np.random.default_rng(seed)
    shape, table = chance.random((4, 6)) * (chance.random((4, 6)) > 0.4), chance.random((4, 6))
    found = fitted(shape, [table.sum(axis=1), table.sum(axis=0)])
    assert found.sum(axis=1) == pytest.approx(table.sum(axis=1), rel=1e-5)
    assert found.sum(axis=0) == pytest.approx(table.sum(axis=0), rel=1e-5)


def test_a_fitted_table_keeps_the_odds_of_its_shape():
    shape = np.array([[30.0, 10.0], [10.0, 50.0]])
    found = fitted(shape, [np.array([60.0, 40.0]), np.array([30.0, 70.0])])
    odds = found[0, 0] * found[1, 1] / (found[0, 1] * found[1, 0])
    assert odds == pytest.approx(15.0, rel=0.02)  # a thousandth of independence is mixed in
