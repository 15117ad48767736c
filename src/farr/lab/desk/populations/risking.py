"""How likely an emergency admission is: questions of two days are asked, a model is learned on the earlier and tried on the later."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.desk.populations.comparing import CONFIDENCE, shown
from farr.lab.disclosure.gate import Refused
from farr.lab.disclosure.released import Released, derive
from farr.lab.measures.released_rows import FloatArray, in_grouping, keys_of, numbers
from farr.lab.measures.statistics import wilson_interval
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Month, Period
from farr.lab.model.tables.people import PERSON_MONTH
from farr.lab.planning.risk.joint import FACTORS, Margin, population
from farr.lab.planning.risk.model import Calibration, Model, RiskError, calibrate, fit, predicted
from farr.lab.planning.risk.questions import (
    ADMITTED,
    AGE_AND_FIFTH,
    AGE_AND_SEX,
    AT_RISK,
    EMERGENCIES,
    HISTORY_MONTHS,
    RISK,
    Window,
    condition_question,
    deprivation_question,
    outpatients_question,
    strata_question,
    visits_question,
)

_FEWEST_MONTHS = 3
_CROSSED = {"conditions": strata_question, "attendances": visits_question, "outpatients": outpatients_question}
_FIFTHS = "deprivation"
MARGINS = (*_CROSSED, _FIFTHS)
"""What emergencies are crossed with, each a margin of its own."""


@dataclass(frozen=True, kw_only=True)
class Foretold:
    """`learned` and `tried`: the windows of the model and of its trial. `calibrations` by margin, of which `finest` is the one
    whose cells told most apart where the model was learned. Derived tables: `probabilities` by age, sex, emergencies, and a `level` of one
    more `factor` (probability with lower and upper, at_risk and admitted of the trial with observed; sex is null by deprivation),
    `coefficients`, `groups` of the finest calibration. `hidden_share`: of the people at risk at the trial those in cells of conditions that
    are hidden, where their totals are shown."""

    learned: Window
    tried: Window
    model: Model
    calibrations: Mapping[str, Calibration]
    finest: str
    probabilities: Released
    coefficients: Released
    groups: Released
    hidden_share: float
    refused: tuple[str, ...]

    @property
    def calibration(self) -> Calibration:
        """By the margin whose cells tell most apart."""
        return self.calibrations[self.finest]


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """What was let out of people with so many emergencies, and a level of one thing more (none: by deprivation)."""

    margin: str
    emergencies: str
    level: str
    released: Released


def windows(held: Sequence[Month], months: int | None = None) -> tuple[Window, Window]:
    """The window to learn on and the one to try on: what comes after their days does not overlap, and the second ends with the last month.
    A year of history where that is held. Raises RiskError where too few months are held."""
    count = len(held)
    looked_at = months or max(min(12, (count - HISTORY_MONTHS) // 2), _FEWEST_MONTHS)
    history = min(HISTORY_MONTHS, count - 2 * looked_at)
    if history < _FEWEST_MONTHS:
        raise RiskError(
            f"{count} months are held; to learn on {looked_at} months and try on {looked_at} others, after at least {_FEWEST_MONTHS} of "
            f"history, {2 * looked_at + _FEWEST_MONTHS} are needed: load more, or ask for fewer with --months"
        )
    day = held[-1].plus(-looked_at)
    tried = Window(before=Period(day.plus(1 - history), day), months=looked_at)
    earlier = day.plus(-looked_at)
    return Window(before=Period(earlier.plus(1 - history), earlier), months=looked_at), tried


def foretell(desk: Desk, *, months: int | None = None, said: Callable[[str], None] = lambda _: None) -> Foretold:
    """The model of the nation, and its calibration on later months. Raises RiskError where too little is held or shown."""
    held = desk.store.months(PERSON_MONTH.name)
    if not held:
        raise RiskError("what is known of people by month was not worked out yet; type: farr ingest FILE, then: farr build")
    learned, tried = windows(held, months)
    refused = list[str]()
    first, then = (_answers(desk, window, said, refused) for window in (learned, tried))
    said("learning")
    earlier, later = _margins(first), _margins(then)
    if not earlier or not later:
        raise RiskError("the gate refused every question of one of the two days; ask for more months after the day, or hold more people")
    model = fit(list(earlier.values()))
    learned_on, tried_on = calibrate(model, earlier), calibrate(model, later)
    finest = max(tried_on, key=lambda name: learned_on[name].c_statistic if name in learned_on else 0.0)
    sources = [each.released for each in (*first, *then)]
    tables = model_tables(model, later, tried_on[finest])
    return Foretold(
        learned=learned, tried=tried, model=model, calibrations=tried_on, finest=finest,
        probabilities=derive(f"{RISK}.probabilities", lambda *_: tables["probabilities"], *sources),
        coefficients=derive(f"{RISK}.coefficients", lambda *_: tables["coefficients"], *(each.released for each in first)),
        groups=derive(f"{RISK}.calibration", lambda *_: tables["groups"], *sources),
        hidden_share=_hidden_share(then), refused=tuple(refused),
    )  # fmt: skip


def model_tables(model: Model, tried: Mapping[str, Margin], calibration: Calibration) -> dict[str, pa.Table]:
    """The tables of Foretold, made of released margins alone."""
    return {"probabilities": _probabilities(model, tried), "coefficients": _coefficients(model), "groups": _groups(calibration)}


def of_condition(desk: Desk, condition: str, *, months: int | None = None) -> tuple[Window, Released]:
    """Of people with a condition, by age and sex: at_risk, admitted, and the share with limits, as they were seen in the last months held.
    Raises QuestionError for a condition that is none, and RiskError where too little is held."""
    held = desk.store.months(PERSON_MONTH.name)
    if not held:
        raise RiskError("what is known of people by month was not worked out yet; type: farr ingest FILE, then: farr build")
    _, tried = windows(held, months)
    answer = desk.released(condition_question(tried, condition))
    return tried, derive(f"{RISK}.{condition}", _shares, answer)


def _answers(desk: Desk, window: Window, said: Callable[[str], None], refused: list[str]) -> list[_Answer]:
    asked = {
        (margin, emergencies, level): question(window, emergencies, level)
        for margin, question in _CROSSED.items() for emergencies in EMERGENCIES for level in FACTORS[margin]
    }  # fmt: skip
    asked |= {(_FIFTHS, emergencies, ""): deprivation_question(window, emergencies) for emergencies in EMERGENCIES}
    prepared = desk.releases.prepare(list(asked.values()), said)
    found: list[_Answer] = []
    for (margin, emergencies, level), question in asked.items():
        answer = prepared[question.identity]
        if not isinstance(answer, FarrError):
            found.append(_Answer(margin=margin, emergencies=emergencies, level=level, released=answer))
        elif isinstance(answer, Refused):
            refused.append(f"{emergencies} emergencies, {margin} {level}".rstrip() + f": {answer}")
        else:
            raise answer.with_traceback(None)
    return found


def _margins(answers: Sequence[_Answer]) -> dict[str, Margin]:
    """Of each margin of which anything was answered; a cell of a question that was refused is hidden, one without a row of nobody."""
    made: dict[str, Margin] = {}
    for margin in dict.fromkeys(answer.margin for answer in answers):
        factors = ("age", "emergencies", _FIFTHS) if margin == _FIFTHS else ("age", "sex", "emergencies", margin)
        at_risk, admitted = (np.full(tuple(len(FACTORS[name]) for name in factors), np.nan) for _ in range(2))
        for answer in answers:
            if answer.margin == margin:
                _put(answer, factors, at_risk, admitted)
        made[margin] = Margin(factors=factors, at_risk=at_risk, admitted=admitted)
    return made


def _put(answer: _Answer, factors: Sequence[str], at_risk: FloatArray, admitted: FloatArray) -> None:
    """The answer's cells, in their places of a margin."""
    emergencies = EMERGENCIES.index(answer.emergencies)
    level = None if answer.margin == _FIFTHS else FACTORS[answer.margin].index(answer.level)
    own = (slice(None), emergencies, slice(None)) if level is None else (slice(None), slice(None), emergencies, level)
    at_risk[own] = admitted[own] = 0.0
    rows = in_grouping(answer.released.table, 0)
    keys = keys_of(rows, AGE_AND_FIFTH if level is None else AGE_AND_SEX)
    codes = (FACTORS[factors[0]], FACTORS[factors[2]] if level is None else FACTORS[factors[1]])
    for (first, second), people, came in zip(keys, numbers(rows, AT_RISK), numbers(rows, ADMITTED), strict=True):
        if first in codes[0] and second in codes[1]:
            place = (codes[0].index(first), codes[1].index(second))
            at_risk[own][place], admitted[own][place] = people, came


def _hidden_share(answers: Sequence[_Answer]) -> float:
    own = [answer.released.table for answer in answers if answer.margin == MARGINS[0]]
    whole = sum(float(np.nansum(numbers(in_grouping(table, 1), AT_RISK))) for table in own)
    rows = [(numbers(in_grouping(table, 0), AT_RISK), numbers(in_grouping(table, 0), ADMITTED)) for table in own]
    told = sum(float(np.where(np.isfinite(people) & np.isfinite(came), people, 0.0).sum()) for people, came in rows)
    return max(0.0, 1 - told / whole) if whole > 0 else float("nan")


def _probabilities(model: Model, margins: Mapping[str, Margin]) -> pa.Table:
    people, parts = population(list(margins.values())), list[pa.Table]()
    for name, margin in margins.items():
        middle, low, high = (each.ravel() for each in predicted(model, margin, people))
        at_risk, admitted = np.where(margin.is_shown > 0, (margin.at_risk, margin.admitted), np.nan).reshape(2, -1)
        with np.errstate(invalid="ignore", divide="ignore"):
            observed = np.minimum(admitted, at_risk) / at_risk
        places = np.indices(margin.at_risk.shape).reshape(len(margin.factors), -1)
        words = {factor: np.array(FACTORS[factor])[place].tolist() for factor, place in zip(margin.factors, places, strict=True)}
        parts.append(
            pa.table(
                {
                    "age": pa.array(words["age"], pa.string()),
                    "sex": pa.array(words.get("sex", [None] * at_risk.size), pa.string()),
                    "emergencies": pa.array(words["emergencies"], pa.string()),
                    "factor": pa.array([name] * at_risk.size, pa.string()), "level": pa.array(words[name], pa.string()),
                    "probability": shown(middle), "lower": shown(low), "upper": shown(high),
                    "at_risk": shown(at_risk), "admitted": shown(admitted), "observed": shown(observed),
                }
            )
        )  # fmt: skip
    return pa.concat_tables(parts)


def _coefficients(model: Model) -> pa.Table:
    return pa.table(
        {
            "term": pa.array(model.terms, pa.string()),
            "odds_ratio": shown(np.exp(model.coefficients)), "lower": shown(np.exp(model.lower)), "upper": shown(np.exp(model.upper)),
        }
    )  # fmt: skip


def _groups(calibration: Calibration) -> pa.Table:
    names = ("people", "predicted", "observed", "lower", "upper")
    return pa.table({name: shown(np.array([getattr(each, name) for each in calibration.groups])) for name in names})


def _shares(answer: pa.Table) -> pa.Table:
    parts: list[pa.Table] = []
    for grouping in (0, 1):
        rows = in_grouping(answer, grouping)
        at_risk = numbers(rows, AT_RISK)
        admitted = np.minimum(numbers(rows, ADMITTED), at_risk)
        limits = wilson_interval(admitted, at_risk, confidence=CONFIDENCE)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = admitted / at_risk
        keys = keys_of(rows, AGE_AND_SEX)
        parts.append(
            pa.table(
                {
                    "age_group": pa.array([age if grouping == 0 else "all" for age, _ in keys], pa.string()),
                    "sex": pa.array([sex if grouping == 0 else "all" for _, sex in keys], pa.string()),
                    "at_risk": shown(at_risk), "admitted": shown(admitted), "probability": shown(share),
                    "lower": shown(limits.lower), "upper": shown(limits.upper),
                }
            )
        )  # fmt: skip
    return pa.concat_tables(parts)
