"""A contract's year by month: what was planned and paid, and what both come to as the year goes on, and where it may end."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from farr.lab.desk.contracting.contract_rows import Contract, contract_rows, forecast_basis, paid_by_month, spells_by_month
from farr.lab.model.period import Month

CAME, HIDDEN, INCOMPLETE, AHEAD = "came", "hidden", "incomplete", "ahead"
_FIGURES = ("planned_activity", "activity", "planned", "paid", "planned_so_far", "paid_so_far", "forecast_so_far", "lower", "upper")
_COLUMNS: dict[str, pa.DataType] = {"month": pa.string(), **dict.fromkeys(_FIGURES, pa.float64()), "state": pa.string()}


def contract_months(contract: Contract, to_date: pa.Table, monthly: pa.Table) -> pa.Table:
    """A row a month of the year, of the released tables of the contract's two questions.

    `planned_activity` and `activity` are spells, all else is pounds: `planned` and `paid` in the month; `planned_so_far`; `paid_so_far`,
    null from the first month on that is hidden or has not come, but for the last of the year to date, which is known as a whole; and
    `forecast_so_far` with `lower` and `upper`, from the first month on that has not come or is incomplete: what was paid to then, and
    what the year's forecast has for the others. The last month's is the year's forecast. `state`: came, hidden, incomplete or ahead."""
    whole = contract_rows(contract, to_date, monthly).to_pylist()[-1]["paid"]
    came, spells = paid_by_month(contract, monthly), spells_by_month(contract, monthly)
    basis = None if whole is None else forecast_basis(contract, whole, came)
    activity = dict(zip(contract.plan.months, contract.plan.monthly_activity().tolist(), strict=True))
    finance = dict(zip(contract.plan.months, contract.plan.monthly_finance().tolist(), strict=True))
    rows: list[dict[str, Any]] = []
    for place, month in enumerate(contract.plan.months):
        past = contract.plan.months[: place + 1]
        state = _state(contract, month, came)
        row: dict[str, Any] = {"month": str(month), "planned_activity": activity[month], "planned": finance[month], "state": state}
        row["planned_so_far"] = sum(finance[each] for each in past)
        if state == CAME:
            row |= {"paid": came[month], "activity": spells.get(month)}
        so_far = _so_far(contract, past, came, whole)
        waiting = [each for each in past if each in contract.ahead]
        if not waiting:
            row["paid_so_far"] = so_far
        elif so_far is not None and basis is not None and (found := basis.forecast(so_far, waiting)) is not None:
            row |= {"forecast_so_far": found.expected, "lower": found.lower, "upper": found.upper}
        rows.append(row)
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in _COLUMNS.items()})


def _state(contract: Contract, month: Month, came: Mapping[Month, float]) -> str:
    if month in contract.months:
        return CAME if month in came else HIDDEN
    return INCOMPLETE if month < contract.months[-1] or month in contract.left_out else AHEAD


def _so_far(contract: Contract, past: tuple[Month, ...], came: Mapping[Month, float], whole: float | None) -> float | None:
    """What was paid in the complete months of these; the year to date as a whole, where they are all of it."""
    done = [month for month in past if month in contract.months]
    if len(done) == len(contract.months):
        return whole
    return sum(came[month] for month in done) if all(month in came for month in done) else None
