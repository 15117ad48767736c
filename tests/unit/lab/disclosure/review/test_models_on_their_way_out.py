"""A model's output: what the checks refuse is refused, all else waits for a checker, whatever the checks say of it."""

import json
import re
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from farr.lab.disclosure.gate import Refused
from farr.lab.disclosure.models.output import Coefficient, Column, Contributions, Group, ModelKind, ModelOutput, Outcome, Statistic
from farr.lab.disclosure.policy import PolicyError
from farr.lab.disclosure.review.held import Review, looked_at
from farr.lab.disclosure.review.item import ReviewError
from farr.lab.disclosure.review.model import Fitted, checked, release_model, table_of
from farr.lab.model.period import Period

SPREAD = Contributions(total=9_000.0, top1=60.0, top2=50.0)
OLS = ModelOutput(
    kind=ModelKind.LINEAR,
    everybody=Group(persons=4711, outcome=SPREAD),
    binary_outcome=False,
    parameters=2,
    residual_dof=4709.0,
    design_rows=4300,
    largest_leverage=0.03,
    coefficients=(
        Coefficient(name="intercept", estimate=1.5, standard_error=0.2, column=Column.INTERCEPT),
        Coefficient(name="age", estimate=0.1234, standard_error=0.01, column=Column.CONTINUOUS, rests_on=4600),
    ),
    statistics=(Statistic(name="r_squared", value=0.31),),
)


def fitted(output=OLS, **changes) -> Fitted:
    stated = {"name": "stay", "records": "apc_spell", "period": Period.parse("2024-01..2024-02"), "agreement": "example-2024"}
    return Fitted(**{**stated, "output": output, "agreement_policy": "hes_2018", "code_version": "0.1.0", **changes})


@pytest.fixture
def hand_in(desk):
    return lambda model: release_model(model, desk.ledger, Review(shelf=desk.shelf, asking=desk.asking)).id


def test_what_the_checks_allow_waits_all_the_same(desk, hand_in):
    assert checked(fitted()).outcome is Outcome.ALLOWED
    id = hand_in(fitted())
    assert [line["outcome"] for line in desk.lines] == ["held"]
    written = json.dumps(desk.lines)
    assert not re.search(r"0\.1234|(?<![0-9a-f])4711(?![0-9a-f])", written)  # a digest may hold any digits
    _, item = looked_at(id, desk.ledger, desk.shelf)
    assert {outcome for _, outcome, _ in item.findings} == {"allowed"} and "people: 4711" in dict(item.words)["as handed in"]


def test_approved_coefficients_are_a_release_like_any_other_and_counts_are_no_part_of_it(rig, busy, desk, hand_in):
    released = desk.approve(desk.decision(hand_in(fitted())))
    assert released.table.to_pylist() == [
        {"part": "coefficient", "name": "intercept", "value": 1.5, "standard_error": 0.2},
        {"part": "coefficient", "name": "age", "value": 0.1234, "standard_error": 0.01},
        {"part": "statistic", "name": "r_squared", "value": 0.31, "standard_error": None},
    ]
    assert released.manifest.approvers == ("B. Shah",) and released.manifest.question["records"] == "apc_spell"
    # Questions about the same records go on: a model is no table of counts.
    question = rig.proportion()
    assert desk.ask(question, busy()).name == "example" and [each.name for each in desk.ledger.related(question)] == ["example"]


def test_where_two_checkers_decide_they_decide_on_models_too(desk, hand_in):
    desk.keys["C. Roe"] = Ed25519PrivateKey.generate()
    id = hand_in(fitted())
    assert desk.approve(desk.decision(id, login="bshah"), need=2) is None
    released = desk.approve(desk.decision(id, by="C. Roe", login="croe"), need=2)
    assert released.manifest.approvers == ("B. Shah", "C. Roe") and released.table.num_rows == 3


def test_what_the_checks_refuse_is_refused_and_recorded_without_a_figure(desk, hand_in):
    bad = replace(OLS, statistics=(Statistic(name="residuals", value=0.777),))
    with pytest.raises(Refused, match="the model 'stay' was refused: what it says of statistic 1 must not be shown"):
        hand_in(fitted(bad))
    assert [line["outcome"] for line in desk.lines] == ["refused"] and "0.777" not in json.dumps(desk.lines)
    assert desk.shelf.ids() == []


def test_what_needs_a_review_waits_with_what_the_checks_say(desk, hand_in):
    _, item = looked_at(hand_in(fitted(replace(OLS, residual_dof=None))), desk.ledger, desk.shelf)
    assert ("the model", "review") in {(part, outcome) for part, outcome, _ in item.findings}


def test_the_policies_of_the_records_hold_whatever_the_agreement_says():
    few = replace(OLS, everybody=Group(persons=6, outcome=SPREAD))
    assert checked(fitted(few, agreement_policy="open_data")).outcome is Outcome.REFUSED
    with pytest.raises(PolicyError, match="the table 'population' is about nobody"):
        checked(fitted(records="population"))
    with pytest.raises(PolicyError, match="does not declare"):
        checked(fitted(records="elsewhere"))


def test_nobody_hands_in_a_model_without_saying_why(desk):
    for review in (Review(), Review(shelf=desk.shelf), Review(asking=desk.asking)):
        with pytest.raises(ReviewError, match="say who asks and why"):
            release_model(fitted(), desk.ledger, review)
    assert desk.lines == []


@pytest.mark.parametrize("value", ["0.3", None, True, float("nan"), float("inf"), 10**400])
def test_what_is_no_finite_number_is_not_shown_and_named_by_its_part(value):
    other = Statistic(name="aic", value=1.0)
    with pytest.raises(ReviewError, match="the statistic 2 of the model is no finite number"):
        table_of(replace(OLS, statistics=(other, Statistic(name="r_squared", value=value))))
    first, age = OLS.coefficients
    with pytest.raises(ReviewError, match="the estimate of coefficient 2 of the model"):
        table_of(replace(OLS, coefficients=(first, replace(age, estimate=value))))
    if value is not None:
        with pytest.raises(ReviewError, match="the standard error of coefficient 1 of the model"):
            table_of(replace(OLS, coefficients=(replace(first, standard_error=value), age)))


@pytest.mark.parametrize("value", ["0.3", float("nan"), 10**400])
def test_a_statistic_that_is_no_number_is_not_held(desk, hand_in, value):
    with pytest.raises(ReviewError, match="is no finite number"):
        hand_in(fitted(replace(OLS, statistics=(Statistic(name="r_squared", value=value),))))
    assert desk.lines == []
