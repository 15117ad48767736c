"""Three tests and the verdict: by hand, against scipy and statsmodels, and by how often they are wrong where it is known."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from farr.lab.planning.local_modification.judging import (
    COST,
    Judgement,
    Outcome,
    Rule,
    Verdict,
    cost_above_peers,
    income_below_cost,
    random_mean,
    stay_like_peers,
    verdict,
)

PEERS = np.exp([-0.02, -0.01, 0.0, 0.01, 0.02])  # mean 0, s = √(0.001 / 4) = 0.0158114


def test_cost_is_set_beside_the_spread_of_peers():
    # error = 0.0158114 √(1 + 1/5) = 0.0173205; ln own = 0.1: t = 5.7735 of 4 degrees; t at 97.5% is 2.7764
    found = cost_above_peers(float(np.exp(0.1)), PEERS)
    assert found.outcome is Outcome.MET
    assert (found.value, found.lower, found.upper) == pytest.approx(tuple(np.exp([0.1, 0.1 - 0.0480890, 0.1 + 0.0480890])), rel=1e-5)
    assert found.probability == pytest.approx(stats.t.cdf(5.773503, 4), rel=1e-6)


@pytest.mark.parametrize(("log", "outcome"), [(0.0, "not met"), (-0.1, "not met"), (0.025, "cannot be told"), (0.05, "met")])
def test_between_above_and_usual_it_cannot_be_told(log, outcome):
    assert cost_above_peers(float(np.exp(log)), PEERS).outcome.value == outcome


def test_too_few_peers_or_no_cost_tell_nothing():
    few = cost_above_peers(1.2, [1.0, 1.1, np.nan, 1.0, 1.0])
    assert few.outcome is Outcome.UNTOLD and "4 peers" in few.why and np.isnan(few.value)
    assert cost_above_peers(float("nan"), PEERS).outcome is Outcome.UNTOLD


def test_one_of_forty_like_its_peers_is_called_above_them():
    rng = np.random.default_rng(5)
    worlds = np.exp(rng.normal(0, 0.05, (4_000, 11)))
    called = np.mean([cost_above_peers(float(row[0]), row[1:]).outcome is Outcome.MET for row in worlds])
    assert called == pytest.approx(0.025, abs=0.0075)  # three standard errors of 4,000


def test_the_mean_of_peers_is_that_of_dersimonian_and_laird():
    value, variance = np.array([0.1, -0.2, 0.3, 0.05]), np.array([0.01, 0.02, 0.015, 0.01])
    table = combine_effects(value, variance, method_re="dl").summary_frame()
    assert random_mean(value, variance) == pytest.approx((table.loc["random effect", "eff"], table.loc["random effect", "sd_eff"]))


def test_stay_worked_out_by_hand():
    # Peers are all as expected: mean 0 and variance 5 / 10,000 / 5 = 0.0001. Own: ln 0.95, variance 5 / 10,000 = 0.0005.
    found = stay_like_peers((9_500, 10_000), [(10_000, 10_000)] * 5, dispersion=5.0)
    reach = 1.959964 * np.sqrt(0.0006)
    assert (found.value, found.lower, found.upper) == pytest.approx((0.95, 0.95 * np.exp(-reach), 0.95 * np.exp(reach)))
    assert found.outcome is Outcome.MET
    assert found.probability == pytest.approx(stats.norm.cdf((np.log(1.05) - np.log(0.95)) / np.sqrt(0.0006)))


@pytest.mark.parametrize(("nights", "outcome"), [(12_000, "not met"), (10_300, "cannot be told"), (9_800, "met")])
def test_stays_longer_for_sure_are_not_efficient(nights, outcome):
    assert stay_like_peers((nights, 10_000), [(10_000, 10_000)] * 5, dispersion=5.0).outcome.value == outcome


def test_stays_that_are_hidden_tell_nothing():
    nan = float("nan")
    assert "not shown" in stay_like_peers((nan, 100), [(100, 100)] * 5, dispersion=1.0).why
    assert "4 peers" in stay_like_peers((100, 100), [(100, 100)] * 4 + [(nan, nan)], dispersion=1.0).why
    wide = stay_like_peers((100, 100), [(100, 100)] * 5, dispersion=1.0, rounded_to=5.0)
    assert wide.upper > stay_like_peers((100, 100), [(100, 100)] * 5, dispersion=1.0).upper


def test_income_worked_out_by_hand():
    # ratio 0.8: residuals 2, -2, 4, -4, 0 of costs of 100: √(5/4 × 40) / 500 = 0.0141421; t of 4 degrees 2.7764
    found = income_below_cost([82, 78, 84, 76, 80], [100] * 5, costed=500)
    assert (found.value, found.lower, found.upper) == pytest.approx((0.8, 0.8 - 0.0392647, 0.8 + 0.0392647), rel=1e-5)
    assert found.outcome is Outcome.MET
    assert found.probability == pytest.approx(stats.t.cdf(0.2 / 0.0141421, 4), rel=1e-6)


def test_a_deficit_of_one_service_is_not_told_and_a_surplus_is_none():
    assert income_below_cost([100, 101, 99, 100, 20], [100] * 5, costed=500).outcome is Outcome.UNTOLD
    assert income_below_cost([110, 111, 109, 110, 110], [100] * 5, costed=500).outcome is Outcome.NOT_MET


def test_income_that_covers_too_little_or_other_spells_tells_nothing():
    hidden = income_below_cost([80, 80, 80, 80, 80, np.nan], [100] * 5 + [400], costed=900)
    assert hidden.outcome is Outcome.UNTOLD and "56%" in hidden.why and hidden.value == pytest.approx(0.8)
    apart = income_below_cost([82, 78, 84, 76, 80], [100] * 5, costed=500, apart=-0.3)
    assert apart.outcome is Outcome.UNTOLD and "-30%" in apart.why
    assert income_below_cost([80] * 4, [100] * 4, costed=400).why.startswith("income of too few services is shown: 4,")


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ("met met met", Verdict.SUPPORTED), ("met met not", Verdict.NOT_SUPPORTED), ("met untold met", Verdict.UNTOLD),
        ("untold not met", Verdict.NOT_SUPPORTED), ("", Verdict.UNTOLD),
    ],
)  # fmt: skip
def test_the_verdict_follows_the_rule(outcomes, expected):
    named = {"met": Outcome.MET, "not": Outcome.NOT_MET, "untold": Outcome.UNTOLD}
    assert verdict([Judgement(name=COST, outcome=named[each]) for each in outcomes.split()]) is expected


def test_a_stricter_rule_calls_fewer():
    assert cost_above_peers(float(np.exp(0.05)), PEERS, Rule(rare=0.01)).outcome is Outcome.UNTOLD
