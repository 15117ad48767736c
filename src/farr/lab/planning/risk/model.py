"""A logistic regression on released counts of people at risk and people admitted, and how well it foretells later ones.

Sources: Billings, Dixon, Mijanovich and Wennberg, "Case finding for patients at risk of readmission to hospital", BMJ 2006;333:327 (PARR),
and the Combined Predictive Model (King's Fund 2006): history of emergency admissions as what foretells most. Calibration: Steyerberg,
"Clinical Prediction Models" (2009), chapter 15: calibration in the large, slope, and by groups of predicted risk; Cox, Biometrika
1958;45:562. The choice of strata is Farr's; neither model's coefficients are used, and the works were not read again.

What is released are margins of the whole cross, each of which holds everybody once. Each cell's probability is the mean of its people's, by
the population that joint.py puts together; the coefficients are those that make the margins' counts likeliest, each margin taken as if it
stood alone (composite likelihood: Varin, Reid and Firth, Statistica Sinica 2011;21:5), and errors are those of counts of the same people
(Godambe's information).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import statsmodels.api as sm
from scipy import sparse, special

from farr.lab.measures.released_rows import FloatArray
from farr.lab.measures.statistics import wilson_interval
from farr.lab.model.errors import FarrError
from farr.lab.planning.risk.joint import AGES, FACTORS, Margin, population, shares

FEWEST_EVENTS_A_TERM = 10
"""Of people admitted for each coefficient (Peduzzi and others, J Clin Epidemiol 1996;49:1373): a rule of thumb, which is checked."""
GROUPS = 10
_CONFIDENCE = 0.95
_REFERENCE = {"age": AGES[1], "deprivation": FACTORS["deprivation"][-1]}
"""Levels that others are set beside; of other factors the first."""
_OLD = "65-74"
INTERCEPT = "intercept"
_ROUNDS, _ENOUGH = 50, 1e-9


class RiskError(FarrError):
    """A model that cannot be learned from what was released; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """`terms` with their `coefficients` (logarithms of odds ratios; the first is the intercept) and limits of 95%; `dispersion`: Pearson's
    chi-squared over its degrees of freedom, by whose root errors are widened where it is above 1."""

    terms: tuple[str, ...]
    coefficients: FloatArray
    lower: FloatArray
    upper: FloatArray
    covariance: FloatArray
    people: float
    events: float
    cells: int
    dispersion: float


@dataclass(frozen=True, kw_only=True)
class Group:
    """People of about the same predicted risk, and what became of them, with limits of 95% (Wilson)."""

    people: float
    predicted: float
    observed: float
    lower: float
    upper: float


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """On people of later months: `expected` and `observed` admissions; `intercept` (calibration in the large, 0 where right) and `slope`
    (1 where right) with limits; `brier` score and what it would be if everybody had the mean risk; `c_statistic`: how often who is admitted
    had the higher risk, within what cells tell apart."""

    people: float
    expected: float
    observed: float
    intercept: tuple[float, float, float]
    slope: tuple[float, float, float]
    brier: float
    brier_of_mean: float
    c_statistic: float
    groups: tuple[Group, ...]


@dataclass(frozen=True, kw_only=True)
class _Cells:
    """Shown cells of margins: which share of each is which of the population (cells, population), and their counts (cells,)."""

    of: sparse.csr_matrix
    at_risk: FloatArray
    admitted: FloatArray

    def mean(self, design: FloatArray, coefficients: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Of each cell the probability and its derivatives by the coefficients; and the probabilities of the population."""
        own = special.expit(design @ coefficients)
        return self.of @ own, self.of @ (design * (own * (1 - own))[:, None]), own


def fit(margins: Sequence[Margin]) -> Model:
    """The model learned on margins. Main effects of every factor that a margin has; history tells less of old people than of young
    ones, for which there are two terms. Hidden cells are left out. Raises RiskError where too few are admitted to learn from."""
    if not any(margin.is_shown.any() for margin in margins):
        raise RiskError("no cell of people at risk is shown; hold more months, or more people")
    people = population(margins)
    cells = _shown(margins, people)
    known = {name for margin in margins for name in margin.factors}
    design, terms = _design(known)
    kept = (cells.of @ design).any(axis=0)
    design, terms = design[:, kept], [name for name, is_kept in zip(terms, kept, strict=True) if is_kept]
    whole = max(margins, key=lambda margin: float((margin.is_shown * np.nan_to_num(margin.at_risk)).sum()))
    at_risk, admitted = (float((whole.is_shown * np.nan_to_num(each)).sum()) for each in (whole.at_risk, whole.admitted))
    fewest = FEWEST_EVENTS_A_TERM * len(terms)
    if admitted < fewest or len(cells.at_risk) <= len(terms):
        raise RiskError(
            f"{admitted:.0f} people of {len(cells.at_risk)} cells shown were admitted, and {len(terms)} coefficients want {fewest} (ten "
            "each) and as many cells; ask for more months after the day (--months), or hold more people"
        )
    found = _likeliest(cells, design)
    covariance, dispersion = _covariance(cells, design, found, people)
    error = np.sqrt(np.diag(covariance))
    z = special.ndtri(0.5 + _CONFIDENCE / 2)
    return Model(
        terms=tuple(terms), coefficients=found, lower=found - z * error, upper=found + z * error, covariance=covariance, people=at_risk,
        events=admitted, cells=len(cells.at_risk), dispersion=dispersion,
    )  # fmt: skip


def _likeliest(cells: _Cells, design: FloatArray) -> FloatArray:
    """Fisher's scoring."""
    found = np.zeros(design.shape[1])
    found[0] = special.logit(np.clip(cells.admitted.sum() / cells.at_risk.sum(), 1e-6, 1 - 1e-6))
    for _ in range(_ROUNDS):
        mean, slope, _ = cells.mean(design, found)
        information, score = _information(cells, mean, slope), slope.T @ ((cells.admitted - cells.at_risk * mean) / (mean * (1 - mean)))
        step = np.linalg.lstsq(information, score, rcond=None)[0]
        found = found + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if float(np.abs(step).max()) < _ENOUGH:
            break
    return found


def _covariance(cells: _Cells, design: FloatArray, found: FloatArray, people: FloatArray) -> tuple[FloatArray, float]:
    """Godambe's, widened by the dispersion where that is above 1; and the dispersion."""
    mean, slope, own = cells.mean(design, found)
    inverse = np.linalg.pinv(_information(cells, mean, slope))
    is_in = cells.of.copy()
    is_in.data = np.ones_like(is_in.data)
    scores = is_in.T @ (slope / (mean * (1 - mean))[:, None])
    varied = (scores * (people * own * (1 - own))[:, None]).T @ scores
    apart = np.square(cells.admitted - cells.at_risk * mean) / (cells.at_risk * mean * (1 - mean))
    dispersion = float(apart.sum() / (len(mean) - design.shape[1]))
    return inverse @ varied @ inverse * max(dispersion, 1.0), dispersion


def _information(cells: _Cells, mean: FloatArray, slope: FloatArray) -> FloatArray:
    return (slope * (cells.at_risk / (mean * (1 - mean)))[:, None]).T @ slope


def _shown(margins: Sequence[Margin], people: FloatArray) -> _Cells:
    which = [margin.is_shown.ravel() > 0 for margin in margins]
    at_risk = np.concatenate([margin.at_risk.ravel()[is_shown] for margin, is_shown in zip(margins, which, strict=True)])
    admitted = np.concatenate([margin.admitted.ravel()[is_shown] for margin, is_shown in zip(margins, which, strict=True)])
    of = sparse.vstack([shares(margin, people)[np.flatnonzero(is_shown)] for margin, is_shown in zip(margins, which, strict=True)])
    # Rounding may lift those admitted above those at risk.
    return _Cells(of=sparse.csr_matrix(of), at_risk=at_risk, admitted=np.minimum(admitted, at_risk))


def predicted(model: Model, margin: Margin, people: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The probability of each cell of a margin (shaped as it) in a population, with limits of 95% of the mean; NaN where it holds people of
    whom the model knows no term."""
    design, terms = _design(set(FACTORS))
    place = [terms.index(name) for name in model.terms]
    known = {name.split(" ", 1)[0] for name in model.terms}
    lacking = [at for at, name in enumerate(terms) if name not in model.terms and name.split(" ", 1)[0] in known & set(margin.factors)]
    cells = _Cells(of=shares(margin, people), at_risk=np.array([]), admitted=np.array([]))
    mean, slope, _ = cells.mean(design[:, place], model.coefficients)
    unknown = (cells.of @ design[:, lacking]).any(axis=1)
    error = np.sqrt(np.einsum("ij,jk,ik->i", slope, model.covariance, slope)) / (mean * (1 - mean))
    centre, z = special.logit(mean), special.ndtri(0.5 + _CONFIDENCE / 2)
    found = (special.expit(centre - z * error), mean, special.expit(centre + z * error))
    low, middle, high = (np.where(unknown, np.nan, each).reshape(margin.at_risk.shape) for each in found)
    return middle, low, high


def calibrate(model: Model, margins: Mapping[str, Margin]) -> dict[str, Calibration]:
    """How well the model foretells other months, by each margin that shows anybody. Raises RiskError where none does."""
    if not any(margin.is_shown.any() for margin in margins.values()):
        raise RiskError("no cell of the later months is shown, so that the model cannot be tried on them; hold more months")
    people = population(list(margins.values()))
    found = {name: _calibrated(model, margin, people) for name, margin in margins.items() if margin.is_shown.any()}
    tried = {name: each for name, each in found.items() if each is not None}
    if not tried:
        raise RiskError("no cell of the later months is shown, so that the model cannot be tried on them; hold more months")
    return tried


def _calibrated(model: Model, margin: Margin, people: FloatArray) -> Calibration | None:
    probability = predicted(model, margin, people)[0].ravel()
    usable = (margin.is_shown.ravel() > 0) & np.isfinite(probability)
    if not usable.any():
        return None
    probability, at_risk = probability[usable], margin.at_risk.ravel()[usable]
    admitted = np.minimum(margin.admitted.ravel()[usable], at_risk)
    logit, response = special.logit(probability), np.column_stack([admitted, at_risk - admitted])
    large: Any = sm.GLM(response, np.ones((len(logit), 1)), family=sm.families.Binomial(), offset=logit).fit()
    sloped: Any = sm.GLM(response, sm.add_constant(logit), family=sm.families.Binomial()).fit()
    whole, mean = float(at_risk.sum()), float(admitted.sum() / at_risk.sum())
    return Calibration(
        people=whole, expected=float((at_risk * probability).sum()), observed=float(admitted.sum()), intercept=_limits(large, 0),
        slope=_limits(sloped, 1), brier=_brier(probability, at_risk, admitted), brier_of_mean=mean * (1 - mean),
        c_statistic=c_statistic(probability, at_risk, admitted), groups=_groups(probability, at_risk, admitted),
    )  # fmt: skip


def c_statistic(probability: FloatArray, at_risk: FloatArray, admitted: FloatArray) -> float:
    """Of a person admitted and one who was not, how often the first had the higher risk; ties count half. Shape (cells,)."""
    order = np.argsort(probability, kind="stable")
    risks, first = np.unique(probability[order], return_index=True)
    events = np.add.reduceat(admitted[order], first) if len(risks) else np.array([])
    others = np.add.reduceat((at_risk - admitted)[order], first) if len(risks) else np.array([])
    below = np.cumsum(others) - others
    pairs = float(events.sum() * others.sum())
    return float((events * (below + others / 2)).sum() / pairs) if pairs > 0 else float("nan")


def _brier(probability: FloatArray, at_risk: FloatArray, admitted: FloatArray) -> float:
    return float((admitted * np.square(1 - probability) + (at_risk - admitted) * np.square(probability)).sum() / at_risk.sum())


def _groups(probability: FloatArray, at_risk: FloatArray, admitted: FloatArray) -> tuple[Group, ...]:
    """Ten groups of about as many people by rising risk; a cell is never split, so large ones make a group of their own."""
    order = np.argsort(probability, kind="stable")
    before = np.cumsum(at_risk[order]) - at_risk[order]
    number = np.minimum((before / at_risk.sum() * GROUPS).astype(int), GROUPS - 1)
    made: list[Group] = []
    for each in np.unique(number):
        which = order[number == each]
        people, events = float(at_risk[which].sum()), float(admitted[which].sum())
        limits = wilson_interval(events, people, confidence=_CONFIDENCE)
        made.append(
            Group(
                people=people, predicted=float((at_risk[which] * probability[which]).sum() / people), observed=events / people,
                lower=float(limits.lower), upper=float(limits.upper),
            )
        )  # fmt: skip
    return tuple(made)


def _design(known: set[str]) -> tuple[FloatArray, list[str]]:
    """Of each cell of the population (a row) 1 or a number for each term of the known factors, and the names of the terms."""
    columns, terms = [np.ones(int(np.prod(list(map(len, FACTORS.values())))))], [INTERCEPT]
    level = dict(zip(FACTORS, np.indices(tuple(map(len, FACTORS.values()))).reshape(len(FACTORS), -1), strict=True))
    for name, levels in FACTORS.items():
        for at, code in enumerate(levels if name in known else ()):
            if code != _REFERENCE.get(name, levels[0]):
                columns.append((level[name] == at).astype(np.float64))
                terms.append(f"{name} {code}")
    for name in ("emergencies", "conditions"):
        if {name, "age"} <= known:
            columns.append((level["age"] >= AGES.index(_OLD)) * level[name].astype(np.float64))
            terms.append(f"{name} × aged 65 and over")
    return np.column_stack(columns), terms


def _limits(fitted: Any, place: int) -> tuple[float, float, float]:
    low, high = np.asarray(fitted.conf_int(1 - _CONFIDENCE))[place]
    return float(np.asarray(fitted.params)[place]), float(low), float(high)
