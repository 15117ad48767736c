"""Monthly counts of an organisation, released: how they go with the seasons, and how well they would have been forecast."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.desk.desk import Desk
from farr.lab.disclosure.released import Released, derive
from farr.lab.measures.released_rows import in_grouping, numbers, texts
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Grouping, Question
from farr.lab.planning.forecast.backtest import SHARES, backtest
from farr.lab.planning.forecast.seasons import season
from farr.lab.planning.projection.uncertain import Floats, ProjectionError
from farr.lab.planning.projection_questions import ACTIVITY, NATIONAL, OTHER, PLANNED, UNPLANNED, months_questions

TITLES = {
    ("monthly_spells", PLANNED): "Planned spells",
    ("monthly_spells", UNPLANNED): "Emergency spells",
    ("monthly_spells", OTHER): "Other spells",
    ("monthly_appointments", ACTIVITY): "Outpatient attendances",
    ("monthly_visits", ACTIVITY): "A&E attendances",
}
"""Series by the last word of their question and the figure."""


@dataclass(frozen=True, kw_only=True)
class Monthly:
    """One series: what was released of it, with its months in order; NaN where hidden."""

    title: str
    question: Question
    figure: str
    released: Released
    months: tuple[Month, ...]


def monthly_series(
    desk: Desk, *, organisation: str, level: str, period: Period | None = None, said: Callable[[str], None] = lambda _: None
) -> list[Monthly]:
    """Every series that the gate releases, over the period, or over the latest months in a row that are held. Raises ProjectionError where
    there is none."""
    said("asking the gate")
    asked = monthly_questions(desk, level, period)
    answers = desk.releases.prepare(asked.values())
    found = [
        Monthly(title=title, question=asked[name], figure=figure, released=answer, months=tuple(asked[name].period.months()))
        for (name, figure), title in TITLES.items()
        if name in asked and not isinstance(answer := answers[asked[name].identity], FarrError)
    ]
    if not found:
        raise ProjectionError(f"nothing is held or shown of '{organisation}' by month; type: farr ingest FILE, then: farr build")
    return found


def backtested(series: Sequence[Monthly], *, organisation: str, level: str, horizon: int) -> Released:
    """A row for each series and model: `series`, `model`, `forecasts`, `mase`, `smape`, `coverage_80`, `coverage_95`; or `reason`, why
    there is none. Derived from what was released. Raises ProjectionError where no series can be tested."""

    def scored(*tables: pa.Table) -> pa.Table:
        rows: list[dict[str, Any]] = []
        for each, table in zip(series, tables, strict=True):
            rows += _scores(each, counts_of(table, each, organisation, level), horizon)
        if all(row.get("reason") for row in rows):
            raise ProjectionError(rows[0]["reason"])
        return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in _SCORES.items()})

    return derive("projection.backtest", scored, *(each.released for each in series))


_SCORES = {
    "series": pa.string(), "model": pa.string(), "forecasts": pa.int64(), "mase": pa.float64(), "smape": pa.float64(),
    "coverage_80": pa.float64(), "coverage_95": pa.float64(), "reason": pa.string(),
}  # fmt: skip


def _scores(series: Monthly, counts: Floats, horizon: int) -> list[dict[str, Any]]:
    try:
        scores = backtest(counts, series.months, horizon=horizon)
    except ProjectionError as refused:
        return [{"series": series.title, "reason": str(refused)}]
    return [
        {"series": series.title, "model": each.model, "forecasts": each.forecasts, "mase": each.mase, "smape": each.smape,
         "coverage_80": each.coverage[SHARES[0]], "coverage_95": each.coverage[SHARES[1]]}
        for each in scores
    ]  # fmt: skip


def seasons_of(series: Sequence[Monthly], tables: Sequence[pa.Table], organisation: str, level: str) -> dict[str, Floats]:
    """By title, the index of January to December, of those series that have a whole year shown."""
    found: dict[str, Floats] = {}
    for each, table in zip(series, tables, strict=True):
        with suppress(ProjectionError):
            found[each.title] = season(counts_of(table, each, organisation, level), each.months)
    return found


def counts_of(table: pa.Table, series: Monthly, organisation: str, level: str) -> Floats:
    """The organisation's counts, month by month; nothing where it has no row, NaN where it is hidden."""
    dimensions = () if level == NATIONAL else (level,)
    rows = in_grouping(table, series.question.groupings.index(Grouping(dimensions=dimensions, monthly=True)))
    codes = texts(rows, level) if dimensions else [organisation] * rows.num_rows
    by_month: Mapping[str, float] = {
        month: figure
        for code, month, figure in zip(codes, texts(rows, "month"), numbers(rows, series.figure).tolist(), strict=True)
        if code == organisation
    }
    return np.array([by_month.get(str(month), 0.0) for month in series.months])


def monthly_questions(desk: Desk, level: str, period: Period | None = None) -> dict[str, Question]:
    """By the last word of its name each question of monthly counts whose table is held: over the period, or the latest months in a row."""
    found: dict[str, Question] = {}
    for place, probe in enumerate(months_questions(level, Period.parse("2000-01"))):
        held = desk.store.months(probe.table.name)
        if held:
            found[probe.name.partition(".")[2]] = months_questions(level, period or _in_a_row(held))[place]
    return found


def _in_a_row(held: Sequence[Month]) -> Period:
    first = held[-1]
    while first.plus(-1) in held:
        first = first.plus(-1)
    return Period(first, held[-1])
