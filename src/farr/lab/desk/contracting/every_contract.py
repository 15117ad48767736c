"""Every provider's, or commissioner's, contracts beside their plan: where to look first."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from farr.lab.desk.answering.months import are_complete
from farr.lab.desk.contracting.contract_rows import Contract, contract_rows
from farr.lab.desk.contracting.plan_against_actual import ContractError, months_priced, questions_of
from farr.lab.desk.desk import Desk
from farr.lab.disclosure.released import Released, derive
from farr.lab.engine.reference import read_reference
from farr.lab.measures.questions import completeness_question
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.period import FinancialYear, Month, Period
from farr.lab.model.tables.contracting import CONTRACT_PLAN
from farr.lab.planning.contract_plan import read_plan
from farr.lab.planning.contract_questions import LINES

_LINE = "point_of_delivery"
_TWO_YEARS = 24


@dataclass(frozen=True, kw_only=True)
class EveryContract:
    """The year to date of every organisation of a level that has a plan. `rows` is released: a row an `organisation`, with the columns that
    PlanAgainstActual has of the whole, and whether all `months` of it are complete, as far as can be told (`is_complete`)."""

    level: str
    year: FinancialYear
    months: tuple[Month, ...]
    rows: Released


def every_contract(
    desk: Desk, *, level: str, through: Month | None = None, said: Callable[[str], None] = lambda _: None
) -> EveryContract:  # fmt: skip
    """All of a level, over the same months: none is left out where somebody has not sent all of it. Raises as plan_against_actual does."""
    if level not in LINES:
        raise ContractError(f"contracts are those of a {' or a '.join(LINES)}, and not of a {level}")
    held = months_priced(desk, through)
    year = FinancialYear.of(held[-1])
    months, every = tuple(month for month in year.period.months() if month in held), tuple(year.period.months())
    of_year = set(map(str, every))
    column, planned = DIMENSIONS[level].column, defaultdict[str, list[dict[str, Any]]](list)
    for row in read_reference(desk.store, CONTRACT_PLAN).to_pylist():
        if row["Activity_Month"] in of_year:
            planned[row[column]].append(row)
    if not planned:
        raise ContractError(f"no plan of {year} is held; type: farr ingest contract_plan.csv")
    codes = tuple(sorted(planned))
    said("asking the gate")
    released = [desk.released(each) for each in questions_of(level, _LINE, Period(months[0], months[-1]), held[0])]
    span = Period(max(held[0], held[-1].plus(1 - _TWO_YEARS)), held[-1])
    received = desk.released(completeness_question(level=level, trend=span))
    complete = are_complete(received, level, codes, span, months)
    contracts = [
        Contract(level=level, organisation=code, by=_LINE, months=months, left_out=(),
                 plan=read_plan(planned[code], level=level, organisation=code, line=_LINE, months=every))
        for code in codes
    ]  # fmt: skip

    def side_by_side(to_date: pa.Table, monthly: pa.Table, _: pa.Table) -> pa.Table:
        every_line = [contract_rows(each, to_date, monthly) for each in contracts]
        wholes = pa.concat_tables([lines.slice(lines.num_rows - 1) for lines in every_line])
        wholes = wholes.drop_columns(["line"]).add_column(0, "organisation", pa.array(codes, pa.string()))
        return wholes.append_column("is_complete", pa.array([True] * len(codes) if complete is None else complete.tolist()))

    return EveryContract(level=level, year=year, months=months, rows=derive(f"contracts.{level}", side_by_side, *released, received))
