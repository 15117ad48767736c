"""Disclosure checks for the outputs of models: what the session will apply once estimators are installed.

Allowed is only what a source calls safe, on counts that are known and large enough; refused is what holds a person's value or a
small count, or gives one back; all else goes to review. Reasons hold no figure of the output and no name that an author gave.

Decided from ACRO's statbarn ontology (analyses.json, statbarns.json, risks.json), which names the risk of each kind of statistic:
- estimates, test statistics and R² of every sort have one risk, few degrees of freedom: allowed with enough of them. The calibration
  slope is a logistic coefficient, and the c statistic (AUC) a Mann-Whitney U over the number of pairs, so they are treated alike;
- minima, maxima and ranges ("endpoints") are refused; positions need counts of their own, and frequencies and means the table gate;
- the covariance matrix counts as a frequency there. Its inverse holds the people of every pair of levels: refused;
- deviance, likelihood, AIC, BIC and calibration in the large are not in it: review.

Sums of the outcome follow from coefficients and the people of each level, so they are held to the policy's dominance rules.

Not seen here: other outputs about the same people; whole numbers that many printed digits betray where figures are fewer than
design rows (print three or four digits); and that exact totals, none of them small, may follow from allowed figures.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np

from farr.lab.disclosure.models.output import (
    Coefficient,
    Column,
    Finding,
    Group,
    Leaf,
    ModelKind,
    ModelOutput,
    ModelVerdict,
    Outcome,
    Statistic,
    Tree,
    worst,
)
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.tables.checks import fails_p_percent, is_dominated

_Judgement = tuple[Outcome, str]


@dataclass(frozen=True, kw_only=True)
class ModelRules:
    """Thresholds for models, beside those of the policy. `parameter_share`: parameters per person, at most."""

    source: str
    unverified: str
    residual_dof: int
    parameter_share: float
    leverage: float


RULES = ModelRules(
    source="Degrees of freedom: ACRO, default.yaml, safe_dof_threshold 10. Parameters: DataSHIELD wiki, Disclosure control, "
    "nfilter.glm 0.33 (330 for 1,000 people). What is safe and what is not: statbarn ontology, as in ACRO. Saturation and leaves: "
    "SDC-REBOOT, Types of risks and possible mitigations (v0.3, September 2025), sections 3.1 to 3.4. Zeros are as disclosive as small "
    "counts: ACRO, default.yaml",
    unverified="The SACRO guide to statistical output checking (Zenodo 10054629) was not read, only its abstract and the ontology. Half "
    "for one person's leverage is Farr's own choice, and so are the rules on design rows, on what a continuous column rests on, on "
    "splits at fixed edges, on several trees and on dominance: each closes a way to a person or a small count that the sources' rules "
    "leave open.",
    residual_dof=10,
    parameter_share=0.33,
    leverage=0.5,
)

_TREES = {ModelKind.REGRESSION_TREES, ModelKind.CLASSIFICATION_TREES}
_EVENTS = {ModelKind.LOGISTIC, ModelKind.POISSON, ModelKind.COX}
_QUANTITIES = {ModelKind.LINEAR, ModelKind.REGRESSION_TREES}
_REGRESSIONS = _EVENTS | {ModelKind.LINEAR}

_BELOW_ONE = math.nextafter(1, 0)  # a perfect fit tells everybody's outcome
# Names that are allowed, with the range in which such a figure lies: another value is not what the name says.
SAFE_STATISTICS: dict[str, tuple[float, float]] = {
    "r_squared": (0, _BELOW_ONE),
    "adjusted_r_squared": (-math.inf, _BELOW_ONE),
    "pseudo_r_squared": (-math.inf, _BELOW_ONE),
    "cox_snell_r_squared": (0, _BELOW_ONE),
    "nagelkerke_r_squared": (0, _BELOW_ONE),
    "residual_standard_error": (math.ulp(0), math.inf),
    "f_statistic": (0, math.inf),
    "chi_squared": (0, math.inf),
    "likelihood_ratio": (0, math.inf),
    "hosmer_lemeshow": (0, math.inf),
    "p_value": (0, 1),
    "c_statistic": (0, _BELOW_ONE),
    "calibration_slope": (-math.inf, math.inf),
}
_BY_PERSON = "it has a figure for each person; leave it out"
_ONE_PERSON = "it is one person's value; leave it out, or ask for a mean"
_STEPS = "its steps are single people; ask for it at fixed points, as a table"
UNSAFE_STATISTICS: dict[str, str] = {
    **dict.fromkeys(("residuals", "fitted_values", "predictions", "leverages", "influence", "cooks_distance", "dfbetas"), _BY_PERSON),
    **dict.fromkeys(("training_data", "support_vectors", "neighbours"), _BY_PERSON),
    **dict.fromkeys(("minimum", "min", "maximum", "max", "range"), _ONE_PERSON),
    **dict.fromkeys(("baseline_hazard", "survival_curve", "roc_curve"), _STEPS),
    "covariance_matrix": "it gives back how many people share each pair of levels; show standard errors instead",
}
_TABLES = {"persons", "observations", "events", "mean", "sum", "confusion_matrix", "median", "quartiles", "mode"}
_PERCENTILE = re.compile(r"percentile_(\d{1,3}(?:\.\d{1,9})?)")


@dataclass(frozen=True, kw_only=True)
class _Case:
    """An output with what it is held to. `least`: the smallest count that passes."""

    output: ModelOutput
    policy: Policy
    rules: ModelRules
    least: int

    @property
    def needs_events(self) -> bool:
        """An outcome that is not known to be a quantity may be binary, so that means are shares and give events back."""
        return self.output.kind in _EVENTS or (self.output.kind in _QUANTITIES and self.output.binary_outcome is not False)

    @property
    def needs_sums(self) -> bool:
        """Whether figures are sums of something that one person may have most of."""
        return self.output.kind is ModelKind.POISSON or (self.output.kind in _QUANTITIES and self.output.binary_outcome is not True)


def check_model(output: ModelOutput, policy: Policy, rules: ModelRules = RULES) -> ModelVerdict:
    """A finding on the model as a whole, then one on each coefficient, tree and statistic: none of these is better than the model's.

    A count passes from one above the policy's threshold, or its least number of contributors where that is more."""
    case = _Case(output=output, policy=policy, rules=rules, least=max(policy.threshold + 1, policy.minimum_contributors))
    whole = _finding("the model", _model(case), "it rests on enough people and degrees of freedom")
    parts = [
        *(_finding(f"coefficient {i}", _coefficient(coefficient, case)) for i, coefficient in enumerate(output.coefficients, 1)),
        *(_finding(f"tree {i}", _tree(tree, case)) for i, tree in enumerate(output.trees, 1)),
        *(_finding(f"statistic {i}", _statistic(statistic, case)) for i, statistic in enumerate(output.statistics, 1)),
    ]
    parts += _names(output)
    return ModelVerdict(findings=(whole, *(_no_better_than(whole, part) for part in parts)))


def _names(output: ModelOutput) -> list[Finding]:
    names = [str(part.name) for part in (*output.statistics, *output.coefficients)]
    if not names and not output.trees:
        return [_finding("the output", [(Outcome.REVIEW, "nothing in it was declared; declare what it shows")])]
    if len(set(names)) < len(names):
        return [_finding("the names", [(Outcome.REVIEW, "a name stands for two parts; name each part once")])]
    return []


def _finding(part: str, judgements: Iterable[_Judgement], otherwise: str = "it is safe with enough people behind it") -> Finding:
    found = dict.fromkeys(judgements)
    if not found:
        return Finding(part=part, outcome=Outcome.ALLOWED, reason=otherwise)
    return Finding(part=part, outcome=worst(*(outcome for outcome, _ in found)), reason="; ".join(reason for _, reason in found))


def _no_better_than(whole: Finding, part: Finding) -> Finding:
    if worst(whole.outcome, part.outcome) is part.outcome:
        return part
    reason = f"it rests on a model that is not allowed: {whole.reason}"
    return Finding(part=part.part, outcome=whole.outcome, reason=reason if part.outcome is Outcome.ALLOWED else f"{part.reason}; {reason}")


def _is_count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and bool(value >= 0)


def _is_number(value: Any) -> TypeGuard[float]:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _few(counts: Iterable[object], least: int, what: str) -> list[_Judgement]:
    """REFUSED where a count is known to be small, zero included; REVIEW where one is unknown, or there is none."""
    found = tuple(counts)
    if any(_is_count(count) and count < least for count in found):
        return [(Outcome.REFUSED, f"too few {what}; merge levels or leaves, take a longer period, or leave it out")]
    if not found or not all(_is_count(count) for count in found):
        return [(Outcome.REVIEW, f"it is not known, or contradictory, how many {what}; let them be counted")]
    return []


def _group(group: Group, case: _Case, what: str) -> list[_Judgement]:
    if not case.needs_events:
        return _few([group.persons], case.least, what) + _dominance(group, case)
    found = _few([group.persons, group.events, group.non_events], case.least, f"{what}, with or without the event")
    if not found and not _adds_up(group):
        found = _few([None], case.least, what)
    return found + _dominance(group, case)


def _adds_up(group: Group) -> bool:
    """One person may be counted both with and without the event, in two rows."""
    if not (_is_count(group.persons) and _is_count(group.events) and _is_count(group.non_events)):
        return False
    return max(group.events, group.non_events) <= group.persons <= group.events + group.non_events


def _dominance(group: Group, case: _Case) -> list[_Judgement]:
    if not case.needs_sums:
        return []
    of = group.outcome
    if of is None or not all(_is_number(part) for part in (of.total, of.top1, of.top2)) or not 0 <= of.top2 <= of.top1 <= of.total:
        return [(Outcome.REVIEW, "what one person has in the sum of the outcome is not known; let it be computed")]
    policy = case.policy
    if fails_p_percent(of.total, of.top1, of.top2, policy.p_percent) or is_dominated(
        of.total, of.top1, of.top2, policy.dominance_n, policy.dominance_k
    ):
        return [(Outcome.REFUSED, "one or two people have most of the outcome; cap it, merge levels or leaves, or leave it out")]
    return []


def _model(case: _Case) -> list[_Judgement]:
    kind = case.output.kind
    if kind is ModelKind.INSTANCES:
        return [(Outcome.REFUSED, "it holds records of people to compare with; fit a regression or a tree instead")]
    if kind not in _REGRESSIONS | _TREES:
        return [(Outcome.REVIEW, "no rule is known for this kind of model; ask for a review of the whole model")]
    found = _group(case.output.everybody, case, "people stand behind the model")
    return found + (_trees(case.output) if kind in _TREES else _regression(case))


def _regression(case: _Case) -> list[_Judgement]:
    output = case.output
    if output.trees:
        return [(Outcome.REVIEW, "a regression has no trees; declare each model by itself")]
    if not (_is_count(output.parameters) and output.parameters >= max(len(output.coefficients), 1)):
        return [(Outcome.REVIEW, "how many parameters were estimated is not known, or less than are shown; let them be counted")]
    return _freedom(case, output.parameters) + _saturation(case, output.parameters) + _leverage(case)


def _freedom(case: _Case, parameters: int) -> list[_Judgement]:
    """Rows do not stand in for people: several rows of one person add no degree of freedom here."""
    persons, dof, rules = case.output.everybody.persons, case.output.residual_dof, case.rules
    if not (_is_count(persons) and _is_number(dof)):
        return [(Outcome.REVIEW, "the residual degrees of freedom are not known; let them be counted")]
    if min(dof, persons - parameters) < rules.residual_dof:
        return [(Outcome.REFUSED, "too few residual degrees of freedom; estimate fewer parameters")]
    if parameters > rules.parameter_share * persons:
        return [(Outcome.REFUSED, "too many parameters for the people; estimate fewer")]
    return []


def _saturation(case: _Case, parameters: int) -> list[_Judgement]:
    """A model with as many parameters as different design rows is a table, however many people share a row. Where the figures that are
    shown are no fewer than the rows, they can be solved for the people in each: standard errors follow from these counts alone."""
    output, rows = case.output, case.output.design_rows
    if not (_is_count(rows) and rows > 0):
        return [(Outcome.REVIEW, "how many different rows the design has is not known; let them be counted")]
    # Cox's partial likelihood sweeps the intercept out.
    if parameters + (output.kind is ModelKind.COX) >= rows:
        return [(Outcome.REFUSED, "it gives back the cells of a table; ask for the table, or leave crossings of levels out")]
    errors = sum(coefficient.standard_error is not None for coefficient in output.coefficients)
    figures = 1 + len(output.coefficients) + errors + len(output.statistics)  # 1: how many people there are in all
    if rows > figures:
        return []
    return _few([output.fewest_in_row], case.least, "people share a combination of levels, which these figures give back")


def _leverage(case: _Case) -> list[_Judgement]:
    """The fit passes close to the outcome of a person with a leverage near one."""
    leverage = case.output.largest_leverage
    if not (_is_number(leverage) and leverage >= 0):
        return [(Outcome.REVIEW, "the largest leverage of one person is not known; let it be computed")]
    if leverage > case.rules.leverage:
        return [(Outcome.REFUSED, "one person decides the fit; cap or band the continuous variables")]
    return []


def _coefficient(coefficient: Coefficient, case: _Case) -> list[_Judgement]:
    found = _printed(coefficient)
    if coefficient.column is Column.LEVEL:
        if len(coefficient.groups) < 2:
            found.append((Outcome.REVIEW, "the people of the level and of its reference were not counted; let them be counted"))
        for group in coefficient.groups:
            found += _group(group, case, "people share the level or its reference")
    elif coefficient.column is Column.CONTINUOUS:
        found += _few([coefficient.rests_on], case.least, "people differ from the commonest value")
    elif coefficient.column is not Column.INTERCEPT:
        found.append((Outcome.REVIEW, "what its column of the design holds is not known; declare it"))
    return found


def _printed(coefficient: Coefficient) -> list[_Judgement]:
    error = coefficient.standard_error
    if not _is_number(coefficient.estimate) or not (error is None or _is_number(error)):
        return [(Outcome.REVIEW, "its estimate or standard error is no number; see whether the model converged")]
    if error is not None and error <= 0:
        # A perfect fit: BPLIM's output control guide lets no standard error of zero out.
        return [(Outcome.REFUSED, "its standard error is not above zero, so that the fit tells outcomes; leave it out")]
    return []


def _trees(output: ModelOutput) -> list[_Judgement]:
    if output.coefficients:
        return [(Outcome.REVIEW, "trees have no coefficients; declare each model by itself")]
    if not output.trees:
        return [(Outcome.REVIEW, "the leaves were not declared; declare every tree with its leaves")]
    if len(output.trees) > 1:
        return [(Outcome.REVIEW, "leaves of two trees overlap, and their difference may be few people; show one tree, or ask for a review")]
    return []


def _tree(tree: Tree, case: _Case) -> list[_Judgement]:
    found: list[_Judgement] = []
    if tree.fixed_edges is not True:
        found.append((Outcome.REVIEW, "splits may lie between two people's values; band the variables before fitting"))
    for leaf in tree.leaves:
        found += _leaf(leaf, case)
    persons, everybody = [leaf.people.persons for leaf in tree.leaves], case.output.everybody.persons
    if not _is_count(everybody) or sum(count for count in persons if _is_count(count)) < everybody:
        found.append((Outcome.REVIEW, "the leaves do not hold everybody; declare all leaves"))
    return found


def _leaf(leaf: Leaf, case: _Case) -> list[_Judgement]:
    found = _group(leaf.people, case, "people are in a leaf")
    if case.output.kind is ModelKind.CLASSIFICATION_TREES:
        classes = leaf.classes or ()
        found += _few(classes, case.least, "people are in a class of a leaf")
        if len(classes) < 2 or (not found and sum(classes) != leaf.people.persons):
            found += _few([None], case.least, "people are in a class of a leaf")
    return found


def _statistic(statistic: Statistic, case: _Case) -> list[_Judgement]:
    name = str(statistic.name).strip().lower().replace(" ", "_").replace("-", "_")
    if name in UNSAFE_STATISTICS:
        return [(Outcome.REFUSED, f"{name}: {UNSAFE_STATISTICS[name]}")]
    if beyond := _PERCENTILE.fullmatch(name):
        return _percentile(float(beyond[1]), case)
    if name in _TABLES:
        return [(Outcome.REVIEW, f"{name}: it is no output of a model; ask for it as a question, which the gate can release")]
    if name not in SAFE_STATISTICS or name != statistic.name:
        return [(Outcome.REVIEW, "no source was seen that calls it safe; leave it out, or ask for a review")]
    return _safe_statistic(name, statistic.value, case)


def _safe_statistic(name: str, value: object, case: _Case) -> list[_Judgement]:
    low, high = SAFE_STATISTICS[name]
    if not (_is_number(value) and low <= value <= high):
        return [(Outcome.REVIEW, f"{name}: it is no number, or none that such a figure can be; see what was computed")]
    if name == "c_statistic":
        everybody = case.output.everybody
        return _few([everybody.events, everybody.non_events], case.least, "people with or without the event stand behind it")
    return []


def _percentile(percent: float, case: _Case) -> list[_Judgement]:
    """`percent` from 0 to 100. An extreme one is a minimum or maximum; any other is a position, which needs counts of its own."""
    share, persons = min(percent, 100 - percent) / 100, case.output.everybody.persons
    if share <= 0 or (_is_count(persons) and persons * share < case.least):
        return [(Outcome.REFUSED, "so few people lie beyond this percentile that it is an extreme; ask for one nearer the middle")]
    return [(Outcome.REVIEW, "a percentile may be one person's value; leave it out, or ask for a review")]
