"""What a reader must know beside a figure: how it was made, what was left out, and whether the data are made up."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir

from farr.lab.desk.answering.months import Kept
from farr.lab.desk.answering.plan import Plan
from farr.lab.desk.holdings.held import Held
from farr.lab.desk.holdings.submissions import Submission, flex_note
from farr.lab.disclosure.released import Released
from farr.lab.measures.benchmark import hidden_members
from farr.lab.measures.measure import Measure
from farr.lab.measures.norm import Norm
from farr.lab.measures.questions import is_monthly
from farr.lab.model.dimension import AS_WAS
from farr.lab.model.period import Month
from farr.lab.model.tables.reference import HRG_TRIM_POINT, NATIONAL_PRICE

_TRIM_POINTS = frozenset({"HRG_TrimPoint", "Spell_ExcessBedDays"})
_PRICES = frozenset({"HRG_Price", "HRG_Weight"})
_CRITICAL = frozenset({"Critical_Care_Days", "Critical_Care_Level_3_Days", "Critical_Care_Cost", "Has_Critical_Care_Record"})


def notes(held: Held, plan: Plan, kept: Kept, rows: Released, norm: Norm, residents: str | None) -> tuple[str, ...]:
    """The notes of one benchmark, most important first."""
    columns = rows.table.to_pydict()
    found = [
        "Synthetic data: every person, stay and organisation here is made up." if held.is_synthetic else None,
        *_left_out(kept),
        flex_note(_sent(held, plan.measure), plan.period),
        _incomplete_peers(columns["is_complete"], columns["in_norm"], norm),
        "Counts are rounded, and rates, intervals, ranks and limits are worked out from the rounded counts.",
        _hidden(hidden_members(columns), norm),
        _earlier(columns),
        _people(plan, residents),
        *_years(held, plan),
        _critical_care(held, plan),
        _not_ranked(plan.measure),
        "Organisations as they were, before mergers since." if plan.level in AS_WAS.values() else None,
        None
        if is_monthly(plan.level)
        else "Completeness is the whole country's: a month of so small an organisation would hold too few people.",
        None
        if plan.monthly
        else "No run chart: by age group and sex, the months of most organisations hold too few people for a standardised rate.",
        _follow_up(plan, held.months[plan.measure.table.name]),
        None if plan.measure.signed_off_by else "The clinical rule of this measure has not been signed off yet.",
    ]
    return tuple(note for note in found if note is not None)


def _sent(held: Held, measure: Measure) -> Mapping[Month, Submission]:
    """The sendings of the records that the measure's table is made of."""
    first = measure.table.derived_from[0] if measure.table.derived_from else measure.table.name
    return held.sent.get(first, {})


def _left_out(kept: Kept) -> list[str | None]:
    said = [f"{each.month} is left out of every organisation's figures: {each.reason}." for each in kept.left_out]
    return [*said, kept.note]


def _incomplete_peers(complete: Sequence[bool], in_norm: Sequence[bool], norm: Norm) -> str | None:
    count = sum(not each for each in complete)
    if not count:
        return None
    how = "they do not count in the norm" if norm.total is None else "the norm is the total of all, theirs among them"
    return f"{count} of the organisations compared have a month that may be incomplete, and are marked; {how}."


def _earlier(columns: Mapping[str, Sequence[Any]]) -> str | None:
    names = sorted(str(name) for name, status in zip(columns["organisation"], columns["status"], strict=True) if status == "earlier")
    if not names:
        return None
    return (
        f"An earlier figure stands for {', '.join(names)}: what changed since is so little that it would point to people, "
        "or what is new is hidden for other reasons."
    )


def _hidden(count: int, norm: Norm) -> str | None:
    if not count:
        return None
    counted = "they are left out of the norm too" if norm.total is None else "they do count in the norm"
    return f"{count} of the organisations compared are not shown, because of small numbers; {counted}."


def _people(plan: Plan, residents: str | None) -> str | None:
    if residents is not None or not plan.measure.kind.is_per_head:
        return residents
    return f"Denominator: people registered with practices in each month of {plan.period} that is compared, as person-years."


def _years(held: Held, plan: Plan) -> list[str | None]:
    """Which tariff years' trim points and prices a figure rests on."""
    used = _columns(plan.measure)
    years = sorted({_tariff_year(month) for month in plan.kept})
    return [
        _year_note(held.tariff_years[table.name], what, years)
        for columns, table, what in ((_TRIM_POINTS, HRG_TRIM_POINT, "Trim points"), (_PRICES, NATIONAL_PRICE, "National prices"))
        if columns & used
    ]


def _year_note(held: Collection[str], what: str, years: Sequence[str]) -> str:
    said = f"{what}: those of the financial year of discharge ({', '.join(year for year in years if year in held) or 'none held'})."
    missing = [year for year in years if year not in held]
    return said + (f" None are held for {', '.join(missing)}, and spells of that year are left out." if missing else "")


def _tariff_year(month: Month) -> str:
    first = month.year if month.month >= 4 else month.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def _critical_care(held: Held, plan: Plan) -> str | None:
    """The spell mart counts no critical care where none is held, as where there was none."""
    missing = [str(month) for month in plan.kept if month not in held.sent.get("critical_care", {})]
    if not missing or not _CRITICAL & _columns(plan.measure):
        return None
    named = missing[0] if len(missing) == 1 else f"{missing[0]} to {missing[-1]} ({len(missing)} months)"
    return f"No critical-care periods are held of {named}: stays of those months count as without critical care."


def _columns(measure: Measure) -> set[str]:
    return {node.name for expression in _expressions(measure) for node in expression.op().find(ops.Field)}


def _expressions(measure: Measure) -> list[ir.Value]:
    parts = (measure.denominator, measure.numerator, measure.value, measure.against, measure.weight)
    return [part for part in parts if part is not None]


def _not_ranked(measure: Measure) -> str | None:
    if measure.kind.is_ranked:
        return None
    return "Standardised against the nation, each by itself: it may be compared with the national figure, and with no other organisation's."


def _follow_up(plan: Plan, held: Sequence[Month]) -> str | None:
    months = plan.measure.follow_up_months
    if not months or held[-1] >= plan.period.first.plus(months):
        return None
    return f"This measure needs {months} months after each month of the period, and they are not all held: it is too low."
