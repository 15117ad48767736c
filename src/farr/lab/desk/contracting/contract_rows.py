"""The rows of a contract's position, of released tables and the plan: what was planned, what came, why it differs, where the year ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.measures.released_rows import UNKNOWN, in_grouping, keys_of, numbers, texts, worst
from farr.lab.model.period import Month
from farr.lab.planning.contract_plan import WHOLE, Plan
from farr.lab.planning.contract_questions import ABOVE, BELOW, PAID, SPELLS
from farr.lab.planning.outturn import Outturn, outturn
from farr.lab.planning.variance import variance

CONFIDENCE = 0.95
KEPT = "earlier"
"""The status of what the gate left at its earlier value: of fewer months, and so not set beside the plan of these."""
_FIGURES = (SPELLS, PAID, ABOVE, BELOW)
_LAST_YEAR, _PLAN = "the same months of the year before", "the plan's months"

_COUNTED = (
    "planned_activity", "activity", "planned", "paid", "variance", "volume", "casemix", "price", "year_planned", "forecast", "lower",
    "upper", "forecast_variance",
)  # fmt: skip
_COLUMNS: dict[str, pa.DataType] = {
    "line": pa.string(), **dict.fromkeys(_COUNTED, pa.float64()), "status": pa.string(), "profile": pa.string(), "tried": pa.int64(),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Contract:
    """Whose contracts are set beside their plan, by which line: the `months` that came and are complete, those `left_out` between them, and
    the `plan` of the whole year."""

    level: str
    organisation: str
    by: str
    months: tuple[Month, ...]
    left_out: tuple[Month, ...]
    plan: Plan

    @property
    def ahead(self) -> list[Month]:
        """Months of the year that have not come, or are not complete."""
        return [month for month in self.plan.months if month not in self.months]


def contract_rows(contract: Contract, to_date: pa.Table, monthly: pa.Table) -> pa.Table:
    """A row a line, in order of code, then the whole with its forecast; of the released tables of the contract's two questions. Columns as
    PlanAgainstActual has them."""
    *lines, whole = _lines(contract, to_date)
    rows = [*lines, whole | _of_outturn(contract, whole, monthly)]
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in _COLUMNS.items()})


def _lines(contract: Contract, figures: pa.Table) -> list[dict[str, Any]]:
    """A line without a released row has no spells."""
    done, known = contract.plan.of(contract.months), dict[str | None, tuple[dict[str, float], str]]()
    for place, columns in enumerate(([contract.level, contract.by], [contract.level])):
        part = in_grouping(figures, place)
        values, statuses = [numbers(part, name) for name in _FIGURES], [texts(part, f"{name}__status") for name in _FIGURES]
        for at, (organisation, *line) in enumerate(keys_of(part, columns)):
            if organisation == contract.organisation:
                figure = {name: float(each[at]) for name, each in zip(_FIGURES, values, strict=True)}
                known[line[0] if line else None] = _of_these_months(figure, worst([each[at] for each in statuses]))
    codes = {*contract.plan.finance, *(code for code in known if code is not None)}
    lines = sorted(codes, key=lambda code: (code in (WHOLE, UNKNOWN), code))
    nothing: tuple[dict[str, float], str] = dict.fromkeys(_FIGURES, 0.0), "shown"
    return [_line(code, *known.get(code, nothing), contract.plan, done) for code in (*lines, None)]


def _of_these_months(figure: dict[str, float], status: str) -> tuple[dict[str, float], str]:
    return (dict.fromkeys(figure, np.nan), KEPT) if status == KEPT else (figure, status)


def _line(code: str | None, figure: Mapping[str, float], status: str, plan: Plan, done: Plan) -> dict[str, Any]:
    (planned_activity, planned), (_, year_planned) = done.totals(code), plan.totals(code)
    spells, paid = figure[SPELLS], figure[PAID]
    at_tariff = paid - figure[ABOVE] + figure[BELOW]
    parts = variance(planned_activity=planned_activity, planned_finance=planned, activity=spells, paid=paid, at_tariff=at_tariff)
    ahead = year_planned - planned
    forecast = paid if ahead == 0 else paid + ahead * paid / planned if planned > 0 else np.nan
    figures = {
        "planned_activity": planned_activity, "activity": spells, "planned": planned, "paid": paid, "variance": parts.total,
        "volume": parts.volume, "casemix": parts.casemix, "price": parts.price, "year_planned": year_planned, "forecast": forecast,
        "lower": np.nan, "upper": np.nan, "forecast_variance": forecast - year_planned,
    }  # fmt: skip
    return {"line": code, **{name: float(each) if np.isfinite(each) else None for name, each in figures.items()}, "status": status}


def _of_outturn(contract: Contract, whole: Mapping[str, Any], monthly: pa.Table) -> dict[str, Any]:
    """The columns of the whole's forecast, nothing where the year to date is hidden."""
    if whole["paid"] is None:
        return {"forecast": None, "forecast_variance": None}
    basis = forecast_basis(contract, whole["paid"], paid_by_month(contract, monthly))
    found = basis.forecast(whole["paid"], contract.ahead)
    if found is None:
        return {"forecast": None, "forecast_variance": None}
    return {
        "forecast": found.expected, "lower": found.lower, "upper": found.upper, "forecast_variance": found.expected - whole["year_planned"],
        "profile": basis.follows, "tried": found.tried,
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What the forecast of the whole rests on: what came (`actual`) and what the profile `had` for the same months, the latest `window` of
    which make its ratio; the `profile` of the months, and what it `follows`."""

    actual: list[float]
    had: list[float]
    window: int
    profile: Mapping[Month, float]
    follows: str

    def forecast(self, to_date: float, ahead: Sequence[Month]) -> Outturn | None:
        """What `to_date` comes to with the months `ahead`."""
        coming = [self.profile[month] for month in ahead]
        return outturn(to_date=to_date, actual=self.actual, profile=self.had, ahead=coming, window=self.window, confidence=CONFIDENCE)


def forecast_basis(contract: Contract, paid: float, came: Mapping[Month, float]) -> Basis:
    """The year before where all of its months are released, else the plan; tried where this year's months are. `paid` is that to date."""
    past = {month: came[month.plus(-12)] for month in (*came, *contract.ahead) if month.plus(-12) in came}
    planned = dict(zip(contract.plan.months, contract.plan.monthly_finance().tolist(), strict=True))
    is_shown = all(month in came for month in contract.months)
    of_year = is_shown and all(month in past for month in (*contract.months, *contract.ahead))
    profile, follows = (past, _LAST_YEAR) if of_year else (planned, _PLAN)
    if is_shown:
        both = [month for month in sorted(came) if month in profile]
        actual, had, window = [came[month] for month in both], [profile[month] for month in both], len(contract.months)
    else:  # no month to try the forecast on: the year to date is the one month there is
        actual, had, window = [paid], [sum(planned[month] for month in contract.months)], 1
    return Basis(actual=actual, had=had, window=window, profile=profile, follows=follows)


def paid_by_month(contract: Contract, monthly: pa.Table) -> dict[Month, float]:
    """Pounds paid in each month that is released."""
    return _by_month(contract, monthly, PAID)


def spells_by_month(contract: Contract, monthly: pa.Table) -> dict[Month, float]:
    """Spells of each month that is released."""
    return _by_month(contract, monthly, SPELLS)


def _by_month(contract: Contract, monthly: pa.Table, figure: str) -> dict[Month, float]:
    rows = zip(texts(monthly, contract.level), texts(monthly, "month"), numbers(monthly, figure).tolist(), strict=True)
    return {Month.parse(month): value for code, month, value in rows if code == contract.organisation and np.isfinite(value)}
