"""How likely an emergency admission is: questions of two days are asked, a model is learned on the earlier and tried on the later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.desk.populations.comparing import CONFIDENCE, shown
from farr.lab.disclosure.gate import Refused
from farr.lab.disclosure.released import Released, derive
from farr.lab.measures.released_rows import in_grouping, keys_of, numbers
from farr.lab.measures.statistics import wilson_interval
from farr.lab.model.period import Month, Period
from farr.lab.model.tables.people import PERSON_MONTH
from farr.lab.planning.risk.model import AGES, SEXES, Calibration, Cell, Model, RiskError, calibrate, fit, predicted
from farr.lab.planning.risk.questions import (
    ADMITTED,
    AGE_AND_SEX,
    AT_RISK,
    BURDEN,
    EMERGENCIES,
    HISTORY_MONTHS,
    RISK,
    Window,
    condition_question,
    strata_question,
)

_FEWEST_MONTHS = 3
_Histories = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Foretold:
    """`learned` and `tried`: the windows of the model and of its trial. Derived tables: `probabilities` by age_group, sex, emergencies and
    conditions (probability with lower and upper, at_risk and admitted of the trial with observed), `coefficients`, `groups` of the
    calibration. `hidden_share`: of the people at risk at the trial those in cells that are hidden, where their totals are shown."""

    learned: Window
    tried: Window
    model: Model
    calibration: Calibration
    probabilities: Released
    coefficients: Released
    groups: Released
    hidden_share: float
    refused: tuple[str, ...]


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
    model = fit(_cells([key for key, _ in first], [each.table for _, each in first]))
    cells = _cells([key for key, _ in then], [each.table for _, each in then])
    calibration = calibrate(model, cells)
    sources = [each for _, each in (*first, *then)]
    return Foretold(
        learned=learned, tried=tried, model=model, calibration=calibration,
        probabilities=derive(f"{RISK}.probabilities", lambda *_: _probabilities(model, cells), *sources),
        coefficients=derive(f"{RISK}.coefficients", lambda *_: _coefficients(model), *(each for _, each in first)),
        groups=derive(f"{RISK}.calibration", lambda *_: _groups(calibration), *sources),
        hidden_share=_hidden_share(cells, [each.table for _, each in then]), refused=tuple(refused),
    )  # fmt: skip


def of_condition(desk: Desk, condition: str, *, months: int | None = None) -> tuple[Window, Released]:
    """Of people with a condition, by age and sex: at_risk, admitted, and the share with limits, as they were seen in the last months held.
    Raises QuestionError for a condition that is none, and RiskError where too little is held."""
    held = desk.store.months(PERSON_MONTH.name)
    if not held:
        raise RiskError("what is known of people by month was not worked out yet; type: farr ingest FILE, then: farr build")
    _, tried = windows(held, months)
    answer = desk.released(condition_question(tried, condition))
    return tried, derive(f"{RISK}.{condition}", _shares, answer)


def _answers(desk: Desk, window: Window, said: Callable[[str], None], refused: list[str]) -> list[tuple[tuple[str, str], Released]]:
    asked = {(emergencies, burden): strata_question(window, emergencies, burden) for emergencies in EMERGENCIES for burden in BURDEN}
    desk.releases.prepare(list(asked.values()), said)
    found: list[tuple[tuple[str, str], Released]] = []
    for key, question in asked.items():
        try:
            found.append((key, desk.released(question)))
        except Refused as error:
            refused.append(f"{key[0]} emergencies, {key[1]} conditions: {error}")
    return found


def _cells(histories: _Histories, tables: Sequence[pa.Table]) -> list[Cell]:
    """A cell for each age and sex of each history; one without a row is of nobody, and not one."""
    cells: list[Cell] = []
    for (emergencies, burden), table in zip(histories, tables, strict=True):
        rows = in_grouping(table, 0)
        for (age, sex), at_risk, admitted in zip(keys_of(rows, AGE_AND_SEX), numbers(rows, AT_RISK), numbers(rows, ADMITTED), strict=True):
            if age in AGES and sex in SEXES:
                cells.append(
                    Cell(age=age, sex=sex, emergencies=emergencies, burden=burden, at_risk=float(at_risk), admitted=float(admitted))
                )
    return cells


def _hidden_share(cells: Sequence[Cell], tables: Sequence[pa.Table]) -> float:
    whole = sum(float(np.nansum(numbers(in_grouping(table, 1), AT_RISK))) for table in tables)
    own = sum(cell.at_risk for cell in cells if cell.is_shown)
    return max(0.0, 1 - own / whole) if whole > 0 else float("nan")


def _probabilities(model: Model, cells: Sequence[Cell]) -> pa.Table:
    every = [
        Cell(age=age, sex=sex, emergencies=emergencies, burden=burden, at_risk=np.nan, admitted=np.nan)
        for age in AGES for sex in SEXES for emergencies in EMERGENCIES for burden in BURDEN
    ]  # fmt: skip
    seen = {(cell.age, cell.sex, cell.emergencies, cell.burden): cell for cell in cells}
    own = [seen.get((cell.age, cell.sex, cell.emergencies, cell.burden), cell) for cell in every]
    middle, low, high = predicted(model, every)
    at_risk, admitted = np.array([cell.at_risk for cell in own]), np.array([cell.admitted for cell in own])
    with np.errstate(invalid="ignore", divide="ignore"):
        observed = np.minimum(admitted, at_risk) / at_risk
    words = {name: [getattr(cell, name) for cell in every] for name in ("age", "sex", "emergencies", "burden")}
    return pa.table(
        {
            **{name: pa.array(values, pa.string()) for name, values in words.items()},
            "probability": shown(middle), "lower": shown(low), "upper": shown(high),
            "at_risk": shown(at_risk), "admitted": shown(admitted), "observed": shown(observed),
        }
    )  # fmt: skip


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
