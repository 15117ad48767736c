"""Plan against actual: what was planned, what came and was paid, why it differs, and where the year will end.

Figures of every organisation of a level are asked for at once, so that the gate sees all that could be set off against each other; one
organisation's are then picked from what was released. What is hidden stays so in all that is worked out from it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from farr.lab.desk.answering.months import Kept, months_kept
from farr.lab.desk.contracting.contract_months import contract_months
from farr.lab.desk.contracting.contract_rows import CONFIDENCE, KEPT, Contract, contract_rows
from farr.lab.desk.desk import Desk
from farr.lab.disclosure.released import Released, derive
from farr.lab.engine.reference import read_reference
from farr.lab.measures.questions import completeness_question
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.errors import FarrError
from farr.lab.model.period import FinancialYear, Month, Period
from farr.lab.model.question import Question
from farr.lab.model.tables.contracting import CONTRACT_PLAN
from farr.lab.model.tables.pricing import SPELL_PRICE
from farr.lab.planning.contract_plan import WHOLE, read_plan
from farr.lab.planning.contract_questions import MONTHS, by, contract_question
from farr.lab.planning.outturn import LEAST_ERRORS

_TWO_YEARS = 24  # months: the year to date, and what it is compared with
_NOT_PRICED = "the prices of spells were not worked out yet; ingest the tariff (farr tariff --help), and type: farr build"


class ContractError(FarrError):
    """A contract that cannot be set beside its plan; the message says what to type."""


@dataclass(frozen=True, kw_only=True)
class PlanAgainstActual:
    """The year to date of an organisation's contracts. `rows` is released: a row a `line`, and one of the whole with none.

    `planned_activity` and `activity` are spells; all else is pounds: `planned` and `paid` to date, `variance` (paid less planned) with its
    parts `volume`, `casemix` and `price`, `year_planned`, `forecast` of the year with `lower` and `upper` (of the whole, where enough
    months are held), and `forecast_variance`. Null where hidden, with `status`. Of the whole also `profile`, what its forecast follows, and
    `tried`, on how many months. `months` is released too, a row a month of the year, as contract_months.py has them."""

    contract: Contract
    year: FinancialYear
    rows: Released
    months: Released
    plan_version: int | None
    notes: tuple[str, ...]


def plan_against_actual(
    desk: Desk, *, level: str, organisation: str, line: str = "point_of_delivery", through: Month | None = None,
    said: Callable[[str], None] = lambda _: None,
) -> PlanAgainstActual:  # fmt: skip
    """The year to date of a provider's or commissioner's contracts, up to the month `through` or the last that is held; months that are not
    complete are left out. Raises ContractError where there are no prices, no plan or no complete month; else as Desk.released."""
    held = months_priced(desk, through)
    last = held[-1]
    said("asking which months are complete")
    kept = _kept(desk, level, organisation, held, last)
    contract = _contract(desk, level, organisation, line, kept, held)
    said("asking the gate")
    questions = questions_of(level, line, Period(contract.months[0], contract.months[-1]), held[0])
    released = [desk.released(replace(each, left_out=contract.left_out)) for each in questions]

    def side_by_side(to_date: pa.Table, monthly: pa.Table) -> pa.Table:
        return contract_rows(contract, to_date, monthly)

    def by_month(to_date: pa.Table, monthly: pa.Table) -> pa.Table:
        return contract_months(contract, to_date, monthly)

    rows = derive(f"contract.{level}.{by(line)}", side_by_side, *released)
    return PlanAgainstActual(
        contract=contract, year=FinancialYear.of(last), rows=rows,
        months=derive(f"contract.{level}.{MONTHS}", by_month, *released), plan_version=desk.store.version(CONTRACT_PLAN.name),
        notes=tuple(_notes(contract, kept, rows.table)),
    )  # fmt: skip


def months_priced(desk: Desk, through: Month | None) -> list[Month]:
    """The months of which spells are priced, up to `through` where it is given. Raises ContractError where there is none, or not that."""
    held = desk.store.months(SPELL_PRICE.name)
    if not held:
        raise ContractError(_NOT_PRICED)
    if through is not None and through not in held:
        raise ContractError(f"no spells of {through} are held, only of {held[0]} to {held[-1]}; choose one of these with --through")
    return [month for month in held if through is None or month <= through]


def questions_of(level: str, line: str, span: Period, first_held: Month) -> list[Question]:
    """What is asked of the months `span` of a year: by line and in all, and by month, two years back where they are held."""
    back = Period(max(first_held, span.last.plus(1 - _TWO_YEARS)), span.last)
    return [contract_question(level=level, figures=by(line), period=span), contract_question(level=level, figures=MONTHS, period=back)]


def _kept(desk: Desk, level: str, organisation: str, held: Sequence[Month], last: Month) -> Kept:
    """Which months of the year to date are complete."""
    span = Period(max(held[0], last.plus(1 - _TWO_YEARS)), last)
    answer = desk.released(completeness_question(level=level, trend=span))
    return months_kept(answer.table, level, organisation, span, Period(max(FinancialYear.of(last).period.first, held[0]), last))


def planned_organisations(desk: Desk, *, level: str, through: Month) -> dict[str, tuple[Month, ...]]:
    """Whoever has a plan of the year of that month, with the months to it that are complete. Raises ContractError where nobody has."""
    year, held = FinancialYear.of(through), months_priced(desk, through)
    planned = read_reference(desk.store, CONTRACT_PLAN)
    of_year = planned.filter(pc.is_in(planned["Activity_Month"], pa.array([str(month) for month in year.period.months()], pa.string())))
    codes: list[str] = sorted(set(of_year[DIMENSIONS[level].column].to_pylist()))
    if not codes:
        raise ContractError(f"no plan of {year} is held; type: farr ingest contract_plan.csv")
    return {code: _done(year, held, _kept(desk, level, code, held, through)) for code in codes}


def _done(year: FinancialYear, held: Sequence[Month], kept: Kept) -> tuple[Month, ...]:
    return tuple(month for month in year.period.months() if month in held and month not in kept.months_left_out)


def _contract(desk: Desk, level: str, organisation: str, line: str, kept: Kept, held: Sequence[Month]) -> Contract:
    year = FinancialYear.of(held[-1])
    every = tuple(year.period.months())
    months = _done(year, held, kept)
    planned = read_reference(desk.store, CONTRACT_PLAN)
    own = planned.filter(pc.equal(planned[DIMENSIONS[level].column], organisation)).to_pylist()
    plan = read_plan(own, level=level, organisation=organisation, line=line, months=every)
    if not plan.finance:
        raise ContractError(f"no plan of {year} is held for the {level} {organisation}; type: farr ingest contract_plan.csv")
    if not months:
        raise ContractError(f"no month of {year} is complete for the {level} {organisation}; choose an earlier year with --through")
    gaps = tuple(month for month in Period(months[0], months[-1]).months() if month not in months)
    return Contract(level=level, organisation=organisation, by=line, months=months, left_out=gaps, plan=plan)


def _notes(contract: Contract, kept: Kept, rows: pa.Table) -> Iterator[str]:
    found: list[dict[str, Any]] = rows.to_pylist()
    for each in kept.left_out:
        yield f"{each.month} is neither in the plan nor in the actual to date: {each.reason}."
    if kept.note is not None:
        yield kept.note
    if any(row["status"] == "rounded" for row in found):
        yield "Counts and pounds are rounded, so that the volume and casemix of a small line may be off by half a step of spells."
    if any(row["status"] == KEPT for row in found):
        yield "A line keeps the figure of an earlier month, for few people came since; it is not set beside the plan of these months."
    if contract.by == "specialty" and contract.plan.totals(WHOLE)[1] > 0:
        yield f"Part of the plan names no specialty and is in the line {WHOLE}: the lines of specialties lack it."
    yield "In the whole a shift between lines is casemix; the lines' own parts therefore do not add up to the whole's, but for the price."
    if contract.ahead and found[-1]["forecast"] is not None:
        yield from _of_forecast(found[-1])


def _of_forecast(whole: Mapping[str, Any]) -> Iterator[str]:
    yield f"The forecast of the whole is the year to date and {whole['profile']}, times what came to what they had; of a line, the plan's."
    if whole["lower"] is not None:
        yield f"Its {CONFIDENCE:.0%} interval rests on the errors of the same method, one month ahead, on {whole['tried']} months."
    else:
        yield f"It has no interval: the method could be tried on {whole['tried']} months, and {LEAST_ERRORS} are needed."
