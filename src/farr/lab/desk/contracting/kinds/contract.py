"""Contracts beside their plan: the year to date of every provider and commissioner that has one."""

from collections import defaultdict
from collections.abc import Iterator

from farr.lab.desk.contracting.kind import Asked, Kind
from farr.lab.desk.contracting.plan_against_actual import ContractError, months_priced, plan_against_actual, planned_organisations
from farr.lab.desk.contracting.stated.contract import Contracts, contract_statement
from farr.lab.desk.desk import Desk
from farr.lab.desk.holdings.codes import code_names
from farr.lab.disclosure.gate import Refused
from farr.lab.model.period import Month
from farr.lab.model.showing.statement import Statement
from farr.lab.planning.contract_plan import WHOLE
from farr.lab.planning.contract_questions import LINES


def _make(desk: Desk, asked: Asked) -> Iterator[Statement]:
    """Raises ContractError where no spells are priced or no plan is held; who has no complete month, or of whom the gate refuses a
    figure, is left out, and said."""
    through = months_priced(desk, asked.period.last if asked.period else None)[-1]
    names = {line: {**code_names(desk.store, line), WHOLE: "Planned together"} for lines in LINES.values() for line in lines}
    for level in LINES:
        asked.said(f"contracts by {level}")
        called = desk.organisations.of_level(level)
        for code in _in_order(desk, level, asked, through):
            try:
                found = [plan_against_actual(desk, level=level, organisation=code, line=line, through=through) for line in LINES[level]]
            except (ContractError, Refused) as reason:
                asked.said(f"left out, {code}: {reason}")
                continue
            made = Contracts(lines=[(each, names[each.contract.by]) for each in found])
            yield contract_statement(made, name=called.get(code, code), made_at=asked.made_at, is_synthetic=asked.is_synthetic)


def _in_order(desk: Desk, level: str, asked: Asked, through: Month) -> list[str]:
    """Those first whose months are the months of most: what is asked for them is one question, and what of the few others is hidden or
    refused after it is theirs alone."""
    by_months = defaultdict[tuple[Month, ...], list[str]](list)
    for code, months in planned_organisations(desk, level=level, through=through).items():
        if asked.is_of(code):
            by_months[months].append(code)
    return [code for codes in sorted(by_months.values(), key=len, reverse=True) for code in codes]


KIND = Kind(
    title="Contracts",
    says="The year to date beside its plan, why it differs, and where it will end (farr contract); --period's last month is the last.",
    make=_make,
    place=1,
)
