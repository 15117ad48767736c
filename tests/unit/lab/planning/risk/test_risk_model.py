"""A model learned on people who were drawn by a known law, and tried on others."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from farr.lab.planning.risk.model import AGES, SEXES, Cell, RiskError, c_statistic, calibrate, fit, predicted
from farr.lab.planning.risk.questions import BURDEN, EMERGENCIES


def law(cell):
    """The planted probability: known main effects on the logistic scale."""
    return special.expit(
        -3.0 + 0.3 * AGES.index(cell.age) + 0.1 * (cell.sex == "2")
        + 0.8 * EMERGENCIES.index(cell.emergencies) + 0.4 * BURDEN.index(cell.burden)
    )  # fmt: skip


def drawn(seed, size=2000, shift=0.0):
    rng = np.random.default_rng(seed)
    cells = [
        Cell(age=age, sex=sex, emergencies=emergencies, burden=burden, at_risk=float(size), admitted=0.0)
        for age in AGES for sex in SEXES for emergencies in EMERGENCIES for burden in BURDEN
    ]  # fmt: skip
    return [replace(cell, admitted=float(rng.binomial(size, special.expit(special.logit(law(cell)) + shift)))) for cell in cells]


def test_planted_odds_are_found():
    model = fit(drawn(1))
    found = dict(zip(model.terms, model.coefficients, strict=True))
    assert found["emergencies 1"] == pytest.approx(0.8, abs=0.06) and found["emergencies 3+"] == pytest.approx(2.4, abs=0.06)
    assert found["sex 2"] == pytest.approx(0.1, abs=0.04) and found["emergencies × aged 65 and over"] == pytest.approx(0, abs=0.04)
    inside = (model.lower <= model.coefficients) & (model.coefficients <= model.upper)
    assert inside.all() and 0.7 < model.dispersion < 1.4


def test_it_foretells_people_of_the_same_law_and_says_so():
    tried = calibrate(fit(drawn(2)), drawn(3))
    assert tried.expected == pytest.approx(tried.observed, rel=0.02)
    assert tried.intercept[1] < 0.03 and tried.intercept[2] > -0.03
    assert tried.slope[0] == pytest.approx(1, abs=0.03)
    assert tried.brier < tried.brier_of_mean and 0.6 < tried.c_statistic < 0.9
    assert len(tried.groups) == 10 and sum(group.people for group in tried.groups) == tried.people
    assert [group.predicted for group in tried.groups] == sorted(group.predicted for group in tried.groups)
    assert sum(group.lower <= group.predicted <= group.upper for group in tried.groups) >= 8


def test_where_risks_have_risen_since_the_calibration_says_by_how_much():
    tried = calibrate(fit(drawn(4)), drawn(5, shift=0.3))
    assert tried.intercept[0] == pytest.approx(0.3, abs=0.04) and tried.slope[0] == pytest.approx(1, abs=0.05)


def test_hidden_cells_teach_nothing_but_have_a_probability():
    cells = drawn(6)
    hidden = [replace(cell, at_risk=np.nan, admitted=np.nan) if cell.emergencies == "2" and cell.burden == "0" else cell for cell in cells]
    model = fit(hidden)
    assert model.cells == len(cells) - 12
    probability, lower, upper = predicted(model, [cell for cell in hidden if not cell.is_shown])
    assert np.isfinite(probability).all() and (lower < probability).all() and (probability < upper).all()
    without = fit([cell for cell in cells if cell.emergencies != "3+"])
    assert np.isnan(predicted(without, [cell for cell in cells if cell.emergencies == "3+"])[0]).all()


def test_too_few_to_learn_from_are_refused():
    with pytest.raises(RiskError, match="ten each"):
        fit(drawn(7, size=1))
    with pytest.raises(RiskError, match="no cell"):
        fit([replace(cell, at_risk=np.nan) for cell in drawn(8)])


def test_the_c_statistic_by_hand():
    # Risks 0.1, 0.2: one of two admitted at 0.2, one of four at 0.1. Pairs: 2 admitted × 4 others = 8; won: the one at 0.2 over three
    # at 0.1 (3), ties: 1 at 0.2 (½) and the one at 0.1 with three at 0.1 (1½); 5 of 8.
    found = c_statistic(np.array([0.1, 0.2]), np.array([4.0, 2.0]), np.array([1.0, 1.0]))
    assert found == pytest.approx(5 / 8)
    assert np.isnan(c_statistic(np.array([0.1]), np.array([4.0]), np.array([0.0])))
