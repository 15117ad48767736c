"""A model learned on margins of people who were drawn by a known law, and tried on others."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from farr.lab.planning.risk.joint import FACTORS, Margin, population, shares
from farr.lab.planning.risk.model import RiskError, c_statistic, calibrate, fit, predicted

SHAPE = tuple(len(levels) for levels in FACTORS.values())
MARGINS = {
    "conditions": ("age", "sex", "emergencies", "conditions"), "attendances": ("age", "sex", "emergencies", "attendances"),
    "outpatients": ("age", "sex", "emergencies", "outpatients"), "deprivation": ("age", "emergencies", "deprivation"),
}  # fmt: skip
EFFECTS = {"age": 0.3, "sex": 0.1, "emergencies": 0.8, "conditions": 0.4, "attendances": 0.5, "outpatients": 0.2, "deprivation": -0.1}


def law(shift=0.0):
    """The planted probability of every cell of the whole cross: known main effects on the logistic scale."""
    level = dict(zip(FACTORS, np.indices(SHAPE), strict=True))
    return special.expit(-3.5 + shift + sum(effect * level[name] for name, effect in EFFECTS.items()))


def people(size):
    """People with more emergencies attend more often; else nothing hangs together."""
    level = dict(zip(FACTORS, np.indices(SHAPE), strict=True))
    weight = np.exp(-0.8 * level["emergencies"] - 0.5 * np.abs(level["attendances"] - level["emergencies"]) - 0.4 * level["outpatients"])
    return size * weight / weight.mean()


def drawn(seed, size=40.0, shift=0.0):
    rng = np.random.default_rng(seed)
    at_risk = rng.poisson(people(size)).astype(float)
    admitted = rng.binomial(at_risk.astype(int), law(shift)).astype(float)
    made = {}
    for name, factors in MARGINS.items():
        others = tuple(place for place, factor in enumerate(FACTORS) if factor not in factors)
        made[name] = Margin(factors=factors, at_risk=at_risk.sum(axis=others), admitted=admitted.sum(axis=others))
    return made


def learned(margins):
    return fit(list(margins.values()))


def hiding(margin, place):
    at_risk, admitted = margin.at_risk.copy(), margin.admitted.copy()
    at_risk[place] = admitted[place] = np.nan
    return replace(margin, at_risk=at_risk, admitted=admitted)


def test_the_population_has_the_margins_that_were_released():
    margins = drawn(1)
    found = population(list(margins.values())).reshape(SHAPE)
    for margin in margins.values():
        others = tuple(place for place, factor in enumerate(FACTORS) if factor not in margin.factors)
        assert found.sum(axis=others) == pytest.approx(margin.at_risk, rel=0.001, abs=1)


def test_where_a_margin_is_hidden_the_others_decide():
    margins = drawn(1)
    hidden = {**margins, "conditions": hiding(margins["conditions"], (0, 0, 0, 0))}
    found = population(list(hidden.values())).reshape(SHAPE)
    by_conditions = found.sum(axis=(4, 5, 6))[0, 0, 0, 0]
    assert by_conditions == pytest.approx(margins["conditions"].at_risk[0, 0, 0, 0], rel=0.05)


def test_shares_of_a_cell_are_of_its_own_people_and_make_one():
    margins = drawn(1)
    of = shares(margins["attendances"], population(list(margins.values())))
    assert of.sum(axis=1) == pytest.approx(np.ones((of.shape[0], 1)))
    assert (of > 0).sum() == np.prod(SHAPE)  # each cell of the population is in one


def test_planted_odds_are_found_though_no_margin_has_them_all():
    found = [learned(drawn(seed)) for seed in range(12)]
    terms = found[0].terms
    planted = {
        "emergencies 1": 0.8, "emergencies 3+": 2.4, "conditions 3+": 0.8, "attendances 2+": 1.0, "outpatients 3+": 0.4, "sex 2": 0.1,
        "deprivation 1": 0.4, "emergencies × aged 65 and over": 0.0,
    }  # fmt: skip
    for term, effect in planted.items():
        place = terms.index(term)
        values = np.array([model.coefficients[place] for model in found])
        assert values.mean() == pytest.approx(effect, abs=0.06), term
        inside = sum(model.lower[place] <= effect <= model.upper[place] for model in found)
        assert inside >= 9, term
    assert all(0.7 < model.dispersion < 1.4 for model in found)


def test_attendances_tell_people_apart_whom_conditions_do_not():
    found = calibrate(learned(drawn(2)), drawn(3))
    assert set(found) == set(MARGINS)
    assert found["attendances"].c_statistic > found["outpatients"].c_statistic > 0.6


def test_it_foretells_people_of_the_same_law_and_says_so():
    for tried in calibrate(learned(drawn(2)), drawn(3)).values():
        assert tried.expected == pytest.approx(tried.observed, rel=0.02)
        assert tried.intercept[1] < 0.03 and tried.intercept[2] > -0.03
        assert tried.slope[0] == pytest.approx(1, abs=0.04)
        assert tried.brier < tried.brier_of_mean
        assert sum(group.people for group in tried.groups) == tried.people
        assert [group.predicted for group in tried.groups] == sorted(group.predicted for group in tried.groups)
        assert sum(group.lower <= group.predicted <= group.upper for group in tried.groups) >= len(tried.groups) - 2


def test_where_risks_have_risen_since_the_calibration_says_by_how_much():
    tried = calibrate(learned(drawn(4)), drawn(5, shift=0.3))["conditions"]
    assert tried.intercept[0] == pytest.approx(0.3, abs=0.05) and tried.slope[0] == pytest.approx(1, abs=0.05)


def test_hidden_cells_teach_nothing_but_have_a_probability():
    margins = drawn(6)
    hidden = {**margins, "conditions": hiding(margins["conditions"], np.s_[:, :, 2, 0])}
    model = learned(hidden)
    assert model.cells == learned(margins).cells - 12
    probability, lower, upper = (each[:, :, 2, 0] for each in predicted(model, hidden["conditions"], population(list(hidden.values()))))
    assert np.isfinite(probability).all() and (lower < probability).all() and (probability < upper).all()


def test_of_a_history_that_was_never_shown_nothing_is_foretold():
    margins = drawn(6)
    hidden = {name: hiding(each, np.s_[:, 3] if name == "deprivation" else np.s_[:, :, 3]) for name, each in margins.items()}
    model = learned(hidden)
    assert "emergencies 3+" not in model.terms
    probability = predicted(model, margins["conditions"], population(list(margins.values())))[0]
    assert np.isnan(probability[:, :, 3]).all() and np.isfinite(probability[:, :, :3]).all()


def test_too_few_to_learn_from_are_refused():
    with pytest.raises(RiskError, match="ten"):
        learned(drawn(7, size=0.02))
    with pytest.raises(RiskError, match="no cell"):
        learned({name: hiding(each, ...) for name, each in drawn(8).items()})


def test_the_c_statistic_by_hand():
    # Risks 0.1, 0.2: one of two admitted at 0.2, one of four at 0.1. Pairs: 2 admitted × 4 others = 8; won: the one at 0.2 over three
    # at 0.1 (3), ties: 1 at 0.2 (½) and the one at 0.1 with three at 0.1 (1½); 5 of 8.
    found = c_statistic(np.array([0.1, 0.2]), np.array([4.0, 2.0]), np.array([1.0, 1.0]))
    assert found == pytest.approx(5 / 8)
    assert np.isnan(c_statistic(np.array([0.1]), np.array([4.0]), np.array([0.0])))
