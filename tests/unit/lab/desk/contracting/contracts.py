"""A made-up year of a commissioner's contracts, as it is released: half a year of day cases and inpatients."""

import numpy as np
import pyarrow as pa

from farr.lab.desk.contracting.contract_months import contract_months
from farr.lab.desk.contracting.contract_rows import Contract, contract_rows
from farr.lab.desk.contracting.plan_against_actual import PlanAgainstActual
from farr.lab.desk.contracting.stated.contract import Contracts
from farr.lab.model.period import FinancialYear, Month
from farr.lab.planning.contract_plan import Plan
from tests.unit.lab.desk.conftest import released

YEAR = FinancialYear(2024)
MONTHS = tuple(YEAR.period.months())
FIGURES = ("spells", "paid", "above", "below")
NAMES = {"DC": "Day case", "EL": "Elective inpatient"}


def table(level, rows):
    """Rows of (grouping, code, line, month, figures or None where hidden)."""
    columns = {name: [] for name in ("grouping", "month", level, "point_of_delivery")}
    columns |= {name: [] for each in FIGURES for name in (each, f"{each}__status")}
    for grouping, code, line, month, figures in rows:
        for name, value in zip(columns, (grouping, month, code, line), strict=False):
            columns[name].append(value)
        for at, each in enumerate(FIGURES):
            columns[each].append(None if figures is None else float(figures[at]))
            columns[f"{each}__status"].append("suppressed" if figures is None else "rounded")
    return pa.table(columns)


def contract_of(code="C09", level="commissioner", *, done=6, left_out=()):
    """A plan of 10 day cases at £100 and 2 inpatients at £400 a month: £1,800, £10,800 in half a year."""
    spells, pounds = {"DC": np.full(12, 10.0), "EL": np.full(12, 2.0)}, {"DC": np.full(12, 1000.0), "EL": np.full(12, 800.0)}
    plan = Plan(months=MONTHS, activity=spells, finance=pounds)
    kept = tuple(month for month in MONTHS[:done] if month not in left_out)
    return Contract(level=level, organisation=code, by="point_of_delivery", months=kept, left_out=tuple(left_out), plan=plan)


def to_date(code, level="commissioner", *, hidden=False):
    """£11,400 paid: £7,000 for 66 day cases, £4,400 for 10 inpatients, of which £200 more would have been due by the rules."""
    lines = [(0, code, "DC", None, (66, 7000, 100, 0)), (0, code, "EL", None, (10, 4400, 0, 200))]
    whole = (1, code, None, None, (76, 11_400, 100, 200))
    return table(level, [(*each[:4], None) for each in (*lines, whole)] if hidden else [*lines, whole])


def monthly(code, level="commissioner", *, hidden=(), paid=1900.0, done=6):
    return table(
        level, [(0, code, None, str(month), None if month in hidden else (12, paid, 0, 0)) for month in MONTHS[:done]]
    )  # fmt: skip


def plan_and_actual(code="C09", level="commissioner", *, hidden=False, hidden_months=(), left_out=(), done=6):
    contract = contract_of(code, level, done=done, left_out=left_out)
    asked = to_date(code, level, hidden=hidden), monthly(code, level, hidden=hidden_months)
    rows, months = contract_rows(contract, *asked), contract_months(contract, *asked)
    return PlanAgainstActual(
        contract=contract, year=YEAR, plan_version=1, notes=("A note.",),
        rows=released("contract.commissioner.by_point_of_delivery", rows.to_pylist(), rows.schema),
        months=released("contract.commissioner.months", months.to_pylist(), months.schema),
    )  # fmt: skip


def made_contracts(code="C09", level="commissioner", **changes):
    return Contracts(lines=[(plan_and_actual(code, level, **changes), NAMES)])


def month(text):
    return Month.parse(text)
