"""Shrinkage: against published values, another implementation, and organisations made up so that the truth is known."""

import numpy as np
import pytest
from scipy import integrate, stats

from farr.lab.planning.opportunity.gain import differences, standard_errors, summary
from farr.lab.planning.opportunity.pools import OpportunityError
from farr.lab.planning.opportunity.shrinkage import draws

SCHOOLS = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]), np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])


def test_eight_schools_have_the_published_medians():
    """Gelman and others, Bayesian Data Analysis, table 5.3: medians of the effects of coaching at schools A to H."""
    drawn = draws(*SCHOOLS, random=np.random.default_rng(3), runs=40_000)
    assert np.median(drawn.true, axis=1) == pytest.approx([10, 8, 7, 8, 5, 6, 10, 8], abs=1.0)


def test_means_are_those_of_an_integral_done_by_another_program():
    y, s = SCHOOLS

    def parts(spread):
        w = 1 / (s**2 + spread**2)
        mean = (w * y).sum() / w.sum()
        density = np.exp(stats.norm.logpdf(y, mean, 1 / np.sqrt(w)).sum()) / np.sqrt(w.sum()) * 1e12
        return density, (1 - s[0] ** 2 * w[0]) * y[0] + s[0] ** 2 * w[0] * mean

    most = 6 * max(y.std(), np.median(s))
    whole = integrate.quad(lambda at: parts(at)[0], 0, most)[0]
    expected = integrate.quad(lambda at: parts(at)[0] * parts(at)[1], 0, most)[0] / whole
    drawn = draws(y, s, random=np.random.default_rng(5), runs=60_000)
    assert drawn.true[0].mean() == pytest.approx(expected, abs=0.2)


def test_nothing_hangs_on_the_unit_nor_on_where_zero_is():
    y, s = SCHOOLS
    once = draws(y, s, random=np.random.default_rng(1), runs=500)
    again = draws(y * 1000 + 7, s * 1000, random=np.random.default_rng(1), runs=500)
    assert again.true == pytest.approx(once.true * 1000 + 7, rel=1e-6)


def test_what_is_surely_known_is_left_as_it_is_and_what_is_chance_drawn_to_the_mean():
    y = np.array([10.0, 20.0, 30.0, 40.0, 50.0])
    sure = draws(y, np.full(5, 0.01), random=np.random.default_rng(1), runs=4000)
    assert sure.true.mean(axis=1) == pytest.approx(y, abs=0.01)
    vague = draws(np.array([9.0, 10.0, 11.0, 10.0, 10.0]), np.full(5, 50.0), random=np.random.default_rng(1), runs=4000)
    assert np.ptp(vague.true.mean(axis=1)) < 4.0


def test_too_few_organisations_and_unknown_errors_are_refused():
    with pytest.raises(OpportunityError, match="only 3 organisations have figures, and 4 are needed"):
        draws(np.ones(3), np.ones(3), random=np.random.default_rng(1), runs=10)
    with pytest.raises(OpportunityError, match="leave the organisation out"):
        draws(np.ones(4), np.array([1.0, 1.0, 0.0, 1.0]), random=np.random.default_rng(1), runs=10)


def test_rounding_adds_its_variance_to_counts_alone():
    lower, upper = np.array([8.04003602]), np.array([11.95996398])  # a standard error of 1
    assert standard_errors(lower, upper, np.array([0.1]), is_count=False) == pytest.approx([1.0])
    assert standard_errors(lower, upper, np.array([0.4]), is_count=True) == pytest.approx([np.sqrt(1 + 0.16 * 25 / 12)])


def test_the_norm_is_the_pooled_figure_of_the_best_by_either_direction():
    true = np.array([[10.0], [4.0], [8.0], [6.0]])
    weights = np.array([1.0, 1.0, 3.0, 1.0])
    of_all = differences(true, own=0, members=(1, 2, 3), weights=weights, best=None, sign=1.0)
    assert of_all == pytest.approx([10 - (4 + 24 + 6) / 5])
    assert differences(true, own=0, members=(1, 2, 3), weights=weights, best=2, sign=1.0) == pytest.approx([5.0])
    assert differences(true, own=0, members=(1, 2, 3), weights=weights, best=2, sign=-1.0) == pytest.approx([(24 + 6) / 4 - 10])


def study(spread: float, trials: int, seed: int) -> dict[str, float]:
    """Organisations whose truth is known: how often each way finds an opportunity, and how often the 80% interval holds the truth."""
    random, found = np.random.default_rng(seed), {"classic": 0, "counted": 0, "held": 0}
    peers = range(1, 11)
    for _ in range(trials):
        errors, truth = random.uniform(0.7, 1.4, 11), random.normal(0.0, spread, 11)
        seen, weights = truth + errors * random.standard_normal(11), 1 / errors**2
        drawn = draws(seen, errors, random=random, runs=600)
        gain = summary(differences(drawn.true, own=0, members=peers, weights=weights, best=5, sign=1.0))
        plain, true = (differences(each[:, None], own=0, members=peers, weights=weights, best=5, sign=1.0)[0] for each in (seen, truth))
        found["classic"] += plain > 1.96 * errors[0]
        found["counted"] += gain.probability >= 0.95
        found["held"] += gain.lower_80 <= true <= gain.upper_80
    return {name: count / trials for name, count in found.items()}


def test_of_organisations_that_do_not_differ_the_classic_finds_money_at_a_tenth_and_the_honest_way_hardly_any():
    found = study(0.0, trials=300, seed=11)
    assert found["classic"] > 0.08
    assert found["counted"] < 0.05
    assert found["held"] > 0.8


def test_where_organisations_differ_the_interval_holds_what_it_says():
    found = study(1.0, trials=300, seed=12)
    assert 0.73 <= found["held"] <= 0.87
