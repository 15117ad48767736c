"""Checks of model outputs: attacks that recover a person or a small count are refused, honest models pass, all else is reviewed."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import least_squares
from scipy.special import expit

from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.models.check import RULES, SAFE_STATISTICS, UNSAFE_STATISTICS, check_model
from farr.lab.disclosure.models.output import (
    Coefficient,
    Column,
    Contributions,
    Group,
    Leaf,
    ModelKind,
    ModelOutput,
    Outcome,
    Statistic,
    Tree,
)

POLICIES = known_policies()
HES, CMS = POLICIES["hes_2018"], POLICIES["cms11"]
SPREAD = Contributions(total=9_000.0, top1=60.0, top2=50.0)
INTERCEPT = Coefficient(name="intercept", estimate=1.5, standard_error=0.2, column=Column.INTERCEPT)
SLOPE = Coefficient(name="age", estimate=0.1, standard_error=0.01, column=Column.CONTINUOUS, rests_on=480)


def level(name="female", *groups: Group) -> Coefficient:
    both = groups or (Group(persons=240, outcome=SPREAD), Group(persons=260, outcome=SPREAD))
    return Coefficient(name=name, estimate=-0.3, standard_error=0.1, column=Column.LEVEL, groups=both)


OLS = ModelOutput(
    kind=ModelKind.LINEAR,
    everybody=Group(persons=500, outcome=SPREAD),
    binary_outcome=False,
    parameters=3,
    residual_dof=497.0,
    design_rows=430,
    largest_leverage=0.03,
    coefficients=(INTERCEPT, SLOPE, level()),
    statistics=(Statistic(name="r_squared", value=0.31), Statistic(name="residual_standard_error", value=1.1)),
)
LOGISTIC = replace(
    OLS,
    kind=ModelKind.LOGISTIC,
    everybody=Group(persons=500, events=120, non_events=380),
    binary_outcome=True,
    coefficients=(
        INTERCEPT,
        SLOPE,
        level("female", Group(persons=240, events=60, non_events=180), Group(persons=260, events=60, non_events=200)),
    ),
    statistics=(Statistic(name="c_statistic", value=0.71), Statistic(name="calibration_slope", value=0.97)),
)
COX = replace(LOGISTIC, kind=ModelKind.COX, parameters=2, coefficients=LOGISTIC.coefficients[1:], statistics=())
LEAF = Leaf(people=Group(persons=100, outcome=SPREAD))
TREES = ModelOutput(
    kind=ModelKind.REGRESSION_TREES,
    everybody=Group(persons=200, outcome=SPREAD),
    binary_outcome=False,
    trees=(Tree(leaves=(LEAF, LEAF), fixed_edges=True),),
)
CLASSES = replace(
    TREES,
    kind=ModelKind.CLASSIFICATION_TREES,
    trees=(
        Tree(
            leaves=(Leaf(people=Group(persons=100), classes=(40, 60)), Leaf(people=Group(persons=100), classes=(80, 20))), fixed_edges=True
        ),
    ),
)


def outcome(output: ModelOutput, policy=HES) -> Outcome:
    return check_model(output, policy).outcome


def fit_logistic(design, events, persons):
    """Coefficients and their covariance by Newton's method, for persons and events by design row."""
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        share = expit(design @ beta)
        information = (design.T * (persons * share * (1 - share))) @ design
        beta = beta + np.linalg.solve(information, design.T @ (events - persons * share))
    return beta, np.linalg.inv(information)


@pytest.mark.parametrize("output", [OLS, LOGISTIC, COX, TREES, CLASSES], ids=lambda output: output.kind.value)
@pytest.mark.parametrize("policy", [HES, CMS, POLICIES["opensafely"]], ids=lambda policy: policy.name)
def test_an_honest_model_of_many_people_is_allowed(output, policy):
    verdict = check_model(output, policy)
    assert {finding.outcome for finding in verdict.findings} == {Outcome.ALLOWED}
    assert len(verdict.findings) == 1 + len(output.coefficients) + len(output.trees) + len(output.statistics)


def test_an_honest_fit_with_figures_as_numpy_gives_them_is_allowed():
    draw = np.random.default_rng(1)
    age, female = draw.integers(18, 95, 500), draw.integers(0, 2, 500)
    design = np.column_stack([np.ones(500), age, female])
    cost = 100 + 3 * age + 40 * female + draw.normal(0, 30, 500)
    beta, squares, *_ = np.linalg.lstsq(design, cost, rcond=None)
    errors = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * squares[0] / 497)
    top1, top2 = np.sort(cost)[-2:][::-1]
    sums = Contributions(total=cost.sum(), top1=top1, top2=top2)
    groups = tuple(Group(persons=np.sum(female == value), outcome=sums) for value in (1, 0))
    output = replace(
        OLS,
        everybody=Group(persons=500, outcome=sums),
        design_rows=len(np.unique(design, axis=0)),
        largest_leverage=np.max(np.sum(design @ np.linalg.inv(design.T @ design) * design, axis=1)),
        coefficients=(
            replace(INTERCEPT, estimate=beta[0], standard_error=errors[0]),
            replace(SLOPE, estimate=beta[1], standard_error=errors[1], rests_on=500 - np.bincount(age).max()),
            replace(level(), estimate=beta[2], standard_error=errors[2], groups=groups),
        ),
    )
    assert outcome(output) is Outcome.ALLOWED


# Attacks: each shows first that the figures give people away.


def test_a_saturated_logistic_regression_gives_back_a_cell_of_three_and_is_refused():
    persons, events = np.array([200.0, 150.0, 120.0, 30.0]), np.array([60.0, 50.0, 40.0, 3.0])
    a, b = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    design = np.column_stack([np.ones(4), a, b, a * b])
    beta, covariance = fit_logistic(design, events, persons)
    share = expit(design @ beta)
    # The standard error of a row's linear predictor is 1 / sqrt(n·p·(1 − p)).
    found = 1 / (np.einsum("ij,jk,ik->i", design, covariance, design) * share * (1 - share))
    assert np.round(found * share) == pytest.approx(events) and round(found[3] * share[3]) == 3
    crossing = level("a:b", Group(persons=30, events=3, non_events=27), Group(persons=200, events=60, non_events=140))
    large = Group(persons=150, events=43, non_events=107)
    saturated = replace(
        LOGISTIC,
        everybody=Group(persons=500, events=153, non_events=347),
        parameters=4,
        residual_dof=496,
        design_rows=4,
        fewest_in_row=30,
        coefficients=(INTERCEPT, level("a", large, large), level("b", large, large), crossing),
    )
    verdict = check_model(saturated, HES)
    assert verdict.outcome is Outcome.REFUSED
    assert "the cells of a table" in verdict.findings[0].reason and "too few people share the level" in verdict.findings[4].reason
    without_small = replace(
        saturated, coefficients=(INTERCEPT, level("a", large, large), level("b", large, large), level("c", large, large))
    )
    assert outcome(without_small) is Outcome.REFUSED  # a table goes through the table gate, also where its cells are large
    assert outcome(replace(COX, design_rows=3)) is Outcome.REFUSED  # two hazard ratios of three rows: no intercept is estimated


def test_standard_errors_of_an_unsaturated_regression_give_back_a_crossing_of_three_and_it_is_refused():
    persons, events = np.array([200.0, 150.0, 147.0, 3.0]), np.array([60.0, 50.0, 40.0, 1.0])
    design = np.array([[1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1.0]])
    beta, covariance = fit_logistic(design, events, persons)
    share = expit(design @ beta)

    def misfit(counts):
        information = (design.T * (counts * share * (1 - share))) @ design
        return [*(np.diag(np.linalg.inv(information)) / np.diag(covariance) - 1), counts.sum() / 500 - 1]

    starts = ([200, 100, 100, 100], [125, 125, 125, 125], [100, 200, 150, 50], [150, 150, 190, 10])
    fits = [least_squares(misfit, start, bounds=(0.1, 500), xtol=1e-15, ftol=1e-15, gtol=1e-15) for start in starts]
    exact = {tuple(np.round(fit.x, 3)) for fit in fits if fit.cost < 1e-16}
    # Two solutions in real numbers, one of them in whole numbers.
    assert [counts for counts in exact if all(count == round(count) for count in counts)] == [tuple(persons)]
    a = level("a", Group(persons=150, events=41, non_events=109), Group(persons=350, events=110, non_events=240))
    b = level("b", Group(persons=153, events=51, non_events=102), Group(persons=347, events=100, non_events=247))
    output = replace(LOGISTIC, design_rows=4, fewest_in_row=3, coefficients=(INTERCEPT, a, b), statistics=())
    verdict = check_model(output, HES)
    assert verdict.outcome is Outcome.REFUSED and "combination of levels" in verdict.findings[0].reason
    assert outcome(replace(output, fewest_in_row=None)) is Outcome.REVIEW
    assert outcome(replace(output, fewest_in_row=8)) is Outcome.ALLOWED


def test_a_covariance_matrix_gives_back_how_many_share_two_levels_and_is_refused():
    rows = np.repeat([[1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]], [200, 150, 147, 3], axis=0).astype(float)
    variance = 2.5
    covariance = variance * np.linalg.inv(rows.T @ rows)
    assert round((np.linalg.inv(covariance) * variance)[1, 2]) == 3
    assert outcome(replace(OLS, statistics=(Statistic(name="covariance_matrix", value=covariance),))) is Outcome.REFUSED


def test_one_person_far_out_gives_their_outcome_away_and_is_refused():
    draw = np.random.default_rng(2)
    x, y = draw.normal(0, 1, 500), draw.normal(50, 5, 500)
    x[7], y[7] = 1e6, 83_017.0
    design = np.column_stack([np.ones(500), x])
    beta = np.linalg.lstsq(design, y, rcond=None)[0]
    assert beta @ [1, 1e6] == pytest.approx(83_017, rel=1e-3)
    leverage = np.max(np.sum(design @ np.linalg.inv(design.T @ design) * design, axis=1))
    verdict = check_model(replace(OLS, largest_leverage=leverage), HES)
    assert verdict.outcome is Outcome.REFUSED and "one person decides" in verdict.findings[0].reason


def test_two_trees_differ_by_three_people_and_are_reviewed():
    ages = np.repeat([30, 40, 50], [100, 3, 97])
    assert np.sum(ages < 41) - np.sum(ages < 40) == 3
    trees = tuple(
        Tree(leaves=tuple(Leaf(people=Group(persons=n, outcome=SPREAD)) for n in leaves), fixed_edges=True)
        for leaves in ((100, 100), (103, 97))
    )
    assert outcome(replace(TREES, trees=trees)) is Outcome.REVIEW
    assert all(outcome(replace(TREES, trees=(tree,))) is Outcome.ALLOWED for tree in trees)


def test_a_linear_regression_of_a_binary_outcome_is_held_to_its_events():
    few = Group(persons=100, events=3, non_events=97)
    many = Group(persons=400, events=200, non_events=200)
    output = replace(
        OLS,
        everybody=Group(persons=500, events=203, non_events=297),
        binary_outcome=True,
        coefficients=(INTERCEPT, SLOPE, level("a", few, many)),
    )
    assert outcome(output) is Outcome.REFUSED
    for everybody in (OLS.everybody, output.everybody):  # neither sums nor events will do where nobody says which it is
        assert outcome(replace(output, everybody=everybody, binary_outcome=None, coefficients=(INTERCEPT, SLOPE))) is Outcome.REVIEW


@pytest.mark.parametrize("policy", [HES, replace(HES, p_percent=None), replace(HES, dominance_k=None)], ids=["both", "n, k", "p%"])
def test_one_person_with_most_of_the_money_of_a_level_is_refused(policy):
    rich = Group(persons=100, outcome=Contributions(total=1000.0, top1=950.0, top2=5.0))
    output = replace(OLS, coefficients=(INTERCEPT, SLOPE, level("a", rich, Group(persons=400, outcome=SPREAD))))
    assert outcome(output, policy) is Outcome.REFUSED
    assert outcome(output, replace(HES, p_percent=None, dominance_k=None)) is Outcome.ALLOWED


# Limits of counts and of degrees of freedom.


@pytest.mark.parametrize(("policy", "least"), [(HES, 8), (CMS, 11), (POLICIES["hes_legacy"], 6)])
@pytest.mark.parametrize("place", range(2))
def test_each_level_and_its_reference_must_be_above_the_threshold(policy, least, place):
    for persons, expected in ((least, Outcome.ALLOWED), (least - 1, Outcome.REFUSED), (0, Outcome.REFUSED), (None, Outcome.REVIEW)):
        groups = [Group(persons=400, outcome=SPREAD), Group(persons=400, outcome=SPREAD)]
        groups[place] = replace(groups[place], persons=persons)
        assert outcome(replace(OLS, coefficients=(INTERCEPT, SLOPE, level("a", *groups))), policy) is expected


@pytest.mark.parametrize("output", [LOGISTIC, COX], ids=["logistic", "cox"])
@pytest.mark.parametrize("counts", [(3, 97), (97, 3), (0, 100), (100, 0)])
def test_events_and_non_events_of_each_level_must_be_above_the_threshold(output, counts):
    group = Group(persons=100, events=counts[0], non_events=counts[1])
    large = Group(persons=400, events=200, non_events=200)
    for groups in ((group, large), (large, group)):
        assert outcome(replace(output, coefficients=(*output.coefficients[:-1], level("a", *groups)))) is Outcome.REFUSED


def test_a_continuous_column_must_rest_on_enough_people():
    assert outcome(replace(OLS, coefficients=(INTERCEPT, replace(SLOPE, rests_on=3), level()))) is Outcome.REFUSED


@pytest.mark.parametrize(
    "changes",
    [
        {"residual_dof": 9},
        {"everybody": Group(persons=12, outcome=SPREAD), "residual_dof": 497},  # rows are many, people are few
        {"parameters": 166, "residual_dof": 334},
        {"parameters": 430},
        {"everybody": Group(persons=7, outcome=SPREAD)},
    ],
    ids=["dof", "people", "share", "saturated", "few"],
)
def test_too_little_behind_a_regression_is_refused(changes):
    assert outcome(replace(OLS, **changes)) is Outcome.REFUSED


def test_the_limits_themselves_pass():
    assert outcome(replace(OLS, residual_dof=10)) is Outcome.ALLOWED
    assert outcome(replace(OLS, parameters=165)) is Outcome.ALLOWED
    assert (RULES.residual_dof, RULES.parameter_share) == (10, 0.33) and RULES.source and RULES.unverified


def test_a_leaf_of_three_is_refused_and_so_is_a_class_of_three():
    small = Leaf(people=Group(persons=3, outcome=SPREAD))
    assert outcome(replace(TREES, trees=(Tree(leaves=(LEAF, LEAF, small), fixed_edges=True),))) is Outcome.REFUSED
    for classes in ((3, 97), (100, 0)):
        leaves = (Leaf(people=Group(persons=100), classes=classes), Leaf(people=Group(persons=100), classes=(50, 50)))
        assert outcome(replace(CLASSES, trees=(Tree(leaves=leaves, fixed_edges=True),))) is Outcome.REFUSED


@pytest.mark.parametrize(
    "tree",
    [
        Tree(leaves=(LEAF, LEAF)),
        Tree(leaves=(LEAF, LEAF), fixed_edges=False),
        Tree(leaves=(LEAF,), fixed_edges=True),
        Tree(leaves=(), fixed_edges=True),
        Tree(leaves=(LEAF, Leaf(people=Group(outcome=SPREAD))), fixed_edges=True),
    ],
)
def test_a_tree_that_is_not_wholly_declared_is_reviewed(tree):
    assert outcome(replace(TREES, trees=(tree,))) is Outcome.REVIEW


def test_classes_that_do_not_add_up_are_reviewed():
    for classes in (None, (100,), (40, 50)):
        leaves = (Leaf(people=Group(persons=100), classes=classes), Leaf(people=Group(persons=100), classes=(50, 50)))
        assert outcome(replace(CLASSES, trees=(Tree(leaves=leaves, fixed_edges=True),))) is Outcome.REVIEW


# Parts by name.


@pytest.mark.parametrize(
    "name", [*UNSAFE_STATISTICS, "Residuals", "fitted values", " MAX ", "percentile_0", "percentile_100", "percentile_99"]
)
def test_figures_of_one_person_are_refused(name):
    assert outcome(replace(OLS, statistics=(Statistic(name=name, value=0.5),))) is Outcome.REFUSED


@pytest.mark.parametrize("name", ["deviance", "aic", "persons", "mean", "median", "percentile_50", "loadings", "R_squared", "", "résidus"])
def test_parts_that_no_source_calls_safe_are_reviewed(name):
    assert outcome(replace(OLS, statistics=(Statistic(name=name, value=0.5),))) is Outcome.REVIEW


@pytest.mark.parametrize(
    "value", [None, math.nan, math.inf, -0.1, 1.0, 83.0, 10**400, True, "0.3", [0.3, 0.4], np.array([0.3, 0.4]), 0.3 + 0j]
)
def test_a_safe_name_on_something_else_is_reviewed(value):
    assert outcome(replace(OLS, statistics=(Statistic(name="r_squared", value=value),))) is Outcome.REVIEW


def test_a_c_statistic_needs_its_events_counted():
    assert outcome(replace(OLS, statistics=(Statistic(name="c_statistic", value=0.7),))) is Outcome.REVIEW


def test_an_extreme_is_refused_also_where_nothing_is_known():
    unknown = replace(OLS, everybody=Group(outcome=SPREAD), statistics=(Statistic(name="percentile_0"),))
    assert outcome(unknown) is Outcome.REFUSED


def test_the_worst_of_several_reasons_holds_and_all_are_given():
    groups = (Group(persons=3, outcome=SPREAD), Group(persons=400))
    finding = check_model(replace(OLS, coefficients=(replace(level(), estimate=math.nan, groups=groups),)), HES).findings[1]
    assert finding.outcome is Outcome.REFUSED
    assert all(word in finding.reason for word in ("is no number", "too few people", "is not known"))


def test_one_name_for_two_parts_is_reviewed():
    twice = (Statistic(name="p_value", value=0.1), Statistic(name="p_value", value=0.2))
    assert outcome(replace(OLS, statistics=twice)) is Outcome.REVIEW


@pytest.mark.parametrize("kind", [ModelKind.OTHER, None, "linear regression"])
def test_a_kind_without_rules_is_reviewed(kind):
    assert outcome(replace(OLS, kind=kind)) is Outcome.REVIEW


def test_a_model_that_holds_records_is_refused():
    assert outcome(replace(OLS, kind=ModelKind.INSTANCES)) is Outcome.REFUSED


def test_parts_of_another_kind_and_empty_outputs_are_reviewed():
    assert outcome(replace(OLS, trees=TREES.trees)) is Outcome.REVIEW
    assert outcome(replace(TREES, coefficients=(INTERCEPT,))) is Outcome.REVIEW
    assert outcome(replace(OLS, coefficients=(), statistics=())) is Outcome.REVIEW
    assert outcome(replace(TREES, trees=())) is Outcome.REVIEW


UNKNOWN = [{"parameters": None}, {"residual_dof": math.nan}, {"residual_dof": None}, {"design_rows": None}, {"largest_leverage": math.nan}]
UNKNOWN += [{"largest_leverage": None}, {"everybody": Group(outcome=SPREAD)}, {"everybody": Group(persons=500)}, {"parameters": 2}]


@pytest.mark.parametrize("changes", UNKNOWN, ids=str)
def test_what_was_not_counted_is_reviewed_with_all_that_rests_on_it(changes):
    verdict = check_model(replace(OLS, **changes), HES)
    assert {finding.outcome for finding in verdict.findings} == {Outcome.REVIEW}


@pytest.mark.parametrize(
    "changes",
    [
        {"estimate": math.nan},
        {"estimate": math.inf},
        {"standard_error": math.nan},
        {"column": None},
        {"groups": ()},
        {"groups": level().groups[:1]},
    ],
    ids=str,
)
def test_a_coefficient_that_is_not_wholly_known_is_reviewed(changes):
    assert outcome(replace(OLS, coefficients=(INTERCEPT, SLOPE, replace(level(), **changes)))) is Outcome.REVIEW


def test_a_perfect_fit_is_refused():
    assert outcome(replace(OLS, coefficients=(INTERCEPT, replace(SLOPE, standard_error=0.0), level()))) is Outcome.REFUSED


def test_groups_that_contradict_themselves_are_reviewed():
    for group in (Group(persons=100, events=20, non_events=30), Group(persons=100, events=120, non_events=30)):
        assert outcome(replace(LOGISTIC, coefficients=(INTERCEPT, SLOPE, level("a", group, group)))) is Outcome.REVIEW


def test_reasons_say_what_to_do_and_hold_neither_values_nor_names():
    name, value = "ward of patient 83017", 4711.25
    outputs = [
        replace(
            OLS, coefficients=(replace(SLOPE, name=name, estimate=value, rests_on=5),), statistics=(Statistic(name=name, value=value),)
        ),
        replace(OLS, statistics=(Statistic(name="residuals", value=[value]), Statistic(name="r_squared", value=value))),
        replace(OLS, everybody=Group(persons=6, outcome=SPREAD), residual_dof=6, largest_leverage=value),
        replace(TREES, trees=(Tree(leaves=(Leaf(people=Group(persons=5)),)),)),
    ]
    for output in outputs:
        for finding in check_model(output, HES).findings:
            said = f"{finding.part}: {finding.reason}"
            assert "4711" not in said and "83017" not in said and not any(digit.isdigit() for digit in finding.reason)
            assert finding.outcome is Outcome.ALLOWED or ";" in finding.reason


# Whatever the output.

ANYTHING = st.one_of(st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=5), st.lists(st.floats(), max_size=3))
COUNTS = st.one_of(st.none(), st.integers(-2, 30), st.integers(400, 600))
CONTRIBUTIONS = st.builds(Contributions, total=st.floats(), top1=st.floats(0, 90), top2=st.floats(0, 60)) | st.sampled_from([None, SPREAD])
GROUPS = st.builds(Group, persons=COUNTS, events=COUNTS, non_events=COUNTS, outcome=CONTRIBUTIONS)


@settings(deadline=None)
@given(
    base=st.sampled_from([OLS, LOGISTIC, COX, TREES, CLASSES]), name=st.text() | st.sampled_from(sorted(UNSAFE_STATISTICS)), value=ANYTHING
)
def test_a_part_that_is_not_known_to_be_safe_is_never_allowed(base, name, value):
    output = replace(base, statistics=(*base.statistics, Statistic(name=name, value=value)))
    low, high = SAFE_STATISTICS.get(name, (1, 0))
    if not (isinstance(value, int | float) and low <= value <= high):
        assert outcome(output) is not Outcome.ALLOWED


@settings(deadline=None, max_examples=300)
@given(data=st.data(), base=st.sampled_from([OLS, LOGISTIC, COX]), policy=st.sampled_from([HES, CMS]))
def test_whatever_is_allowed_rests_on_large_counts_alone(data, base, policy):
    changed = {
        "everybody": GROUPS,
        "parameters": COUNTS,
        "residual_dof": st.none() | st.floats(),
        "design_rows": COUNTS,
        "fewest_in_row": COUNTS,
        "largest_leverage": st.none() | st.floats(),
        "coefficients": st.lists(GROUPS, max_size=3).map(lambda groups: (INTERCEPT, SLOPE, replace(level(), groups=tuple(groups)))),
    }
    names = data.draw(st.sets(st.sampled_from(sorted(changed)), max_size=2))
    output = replace(base, **{name: data.draw(changed[name]) for name in sorted(names)})
    if outcome(output, policy) is not Outcome.ALLOWED:
        return
    least = policy.threshold + 1
    groups = [output.everybody, *output.coefficients[-1].groups]
    assert len(groups) >= 3
    for group in groups:
        counts = (group.persons,) if output.kind is ModelKind.LINEAR else (group.persons, group.events, group.non_events)
        assert all(count >= least for count in counts)
    assert min(output.residual_dof, output.everybody.persons - output.parameters) >= 10
    assert len(output.coefficients) <= output.parameters <= 0.33 * output.everybody.persons
    assert output.parameters < output.design_rows and 0 <= output.largest_leverage <= 0.5
