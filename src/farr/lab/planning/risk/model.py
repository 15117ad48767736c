"""A logistic regression on released counts of people at risk and people admitted, and how well it foretells later ones.

Sources: Billings, Dixon, Mijanovich and Wennberg, "Case finding for patients at risk of readmission to hospital", BMJ 2006;333:327 (PARR),
and the Combined Predictive Model (King's Fund 2006): history of emergency admissions as what foretells most. Calibration: Steyerberg,
"Clinical Prediction Models" (2009), chapter 15: calibration in the large, slope, and by groups of predicted risk; Cox, Biometrika
1958;45:562. The choice of strata is Farr's; neither model's coefficients are used, and the works were not read again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import statsmodels.api as sm
from scipy import special

from farr.lab.measures.released_rows import FloatArray
from farr.lab.measures.statistics import wilson_interval
from farr.lab.model.age import AGE_GROUPS
from farr.lab.model.errors import FarrError
from farr.lab.planning.risk.questions import BURDEN, EMERGENCIES

AGES, SEXES = tuple(AGE_GROUPS), ("1", "2")
FEWEST_EVENTS_A_TERM = 10
"""Of people admitted for each coefficient (Peduzzi and others, J Clin Epidemiol 1996;49:1373): a rule of thumb, which is checked."""
GROUPS = 10
_CONFIDENCE = 0.95
_REFERENCE = (AGES[1], SEXES[0], EMERGENCIES[0], BURDEN[0])


class RiskError(FarrError):
    """A model that cannot be learned from what was released; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """People of an age group, sex and history: `at_risk` and `admitted` as released, NaN where hidden."""

    age: str
    sex: str
    emergencies: str
    burden: str
    at_risk: float
    admitted: float

    @property
    def is_shown(self) -> bool:
        return bool(np.isfinite(self.at_risk) and np.isfinite(self.admitted) and self.at_risk > 0)


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


def fit(cells: Sequence[Cell]) -> Model:
    """The model learned on cells. Main effects of age, sex, emergencies and conditions; history tells less of old people than of young
    ones, for which there are two terms. Hidden cells are left out. Raises RiskError where too few are admitted to learn from."""
    known = [cell for cell in cells if cell.is_shown]
    if not known:
        raise RiskError("no cell of people at risk is shown; hold more months, or more people")
    design, terms = _design(known), _terms()
    kept = [place for place in range(len(terms)) if design[:, place].any()]
    at_risk, admitted = _counts(known)
    fewest = FEWEST_EVENTS_A_TERM * len(kept)
    if admitted.sum() < fewest or len(known) <= len(kept):
        raise RiskError(
            f"{admitted.sum():.0f} people of {len(known)} cells shown were admitted, and {len(kept)} coefficients want {fewest} (ten each) "
            "and as many cells; ask for more months after the day (--months), or hold more people"
        )
    fitted: Any = sm.GLM(np.column_stack([admitted, at_risk - admitted]), design[:, kept], family=sm.families.Binomial()).fit()
    dispersion = float(fitted.pearson_chi2 / fitted.df_resid)
    wider = max(dispersion, 1.0)
    covariance: FloatArray = np.asarray(fitted.cov_params(), dtype=np.float64) * wider
    found, error = np.asarray(fitted.params, dtype=np.float64), np.sqrt(np.diag(covariance))
    z = special.ndtri(0.5 + _CONFIDENCE / 2)
    return Model(
        terms=tuple(terms[place] for place in kept), coefficients=found, lower=found - z * error, upper=found + z * error,
        covariance=covariance, people=float(at_risk.sum()), events=float(admitted.sum()), cells=len(known), dispersion=dispersion,
    )  # fmt: skip


def predicted(model: Model, cells: Sequence[Cell]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The probability of each cell with limits of 95% of the mean; NaN where the model knows no term of the cell."""
    design, terms = _design(cells), _terms()
    place = [terms.index(name) for name in model.terms]
    unknown = np.delete(design, place, axis=1).any(axis=1)
    own = design[:, place]
    centre = own @ model.coefficients
    error = np.sqrt(np.einsum("ij,jk,ik->i", own, model.covariance, own))
    z = special.ndtri(0.5 + _CONFIDENCE / 2)
    low, middle, high = (np.where(unknown, np.nan, special.expit(each)) for each in (centre - z * error, centre, centre + z * error))
    return middle, low, high


def calibrate(model: Model, cells: Sequence[Cell]) -> Calibration:
    """How well the model foretells cells of other months. Raises RiskError where none is shown."""
    known = [cell for cell in cells if cell.is_shown]
    probability = predicted(model, known)[0] if known else np.array([])
    usable = np.isfinite(probability)
    known = [cell for cell, is_known in zip(known, usable, strict=True) if is_known]
    if not known:
        raise RiskError("no cell of the later months is shown, so that the model cannot be tried on them; hold more months")
    probability = probability[usable]
    at_risk, admitted = _counts(known)
    logit, response = special.logit(probability), np.column_stack([admitted, at_risk - admitted])
    large: Any = sm.GLM(response, np.ones((len(known), 1)), family=sm.families.Binomial(), offset=logit).fit()
    sloped: Any = sm.GLM(response, sm.add_constant(logit), family=sm.families.Binomial()).fit()
    people, mean = float(at_risk.sum()), float(admitted.sum() / at_risk.sum())
    return Calibration(
        people=people, expected=float((at_risk * probability).sum()), observed=float(admitted.sum()), intercept=_limits(large, 0),
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


def _counts(cells: Sequence[Cell]) -> tuple[FloatArray, FloatArray]:
    at_risk = np.array([cell.at_risk for cell in cells], dtype=np.float64)
    # Rounding may lift those admitted above those at risk.
    return at_risk, np.minimum(np.array([cell.admitted for cell in cells], dtype=np.float64), at_risk)


def _terms() -> list[str]:
    named = {"age": AGES, "sex": SEXES, "emergencies": EMERGENCIES, "conditions": BURDEN}
    effects = [f"{what} {level}" for (what, levels), own in zip(named.items(), _REFERENCE, strict=True) for level in levels if level != own]
    return ["intercept", *effects, "emergencies × aged 65 and over", "conditions × aged 65 and over"]


def _design(cells: Sequence[Cell]) -> FloatArray:
    rows: list[list[float]] = []
    for cell in cells:
        codes = ((cell.age, AGES), (cell.sex, SEXES), (cell.emergencies, EMERGENCIES), (cell.burden, BURDEN))
        effects = [float(code == level) for (code, levels), own in zip(codes, _REFERENCE, strict=True) for level in levels if level != own]
        old = AGES.index(cell.age) >= AGES.index("65-74")
        rows.append([1.0, *effects, float(old) * EMERGENCIES.index(cell.emergencies), float(old) * BURDEN.index(cell.burden)])
    return np.array(rows, dtype=np.float64).reshape(len(cells), len(_terms()))


def _limits(fitted: Any, place: int) -> tuple[float, float, float]:
    low, high = np.asarray(fitted.conf_int(1 - _CONFIDENCE))[place]
    return float(np.asarray(fitted.params)[place]), float(low), float(high)
