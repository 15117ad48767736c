"""What is asked of pathways: spells, and the sum of each item with its squares; spell by spell what lies beyond a declared standard.

Items of the stay are asked of a whole year; visits and readmissions only of months before and after which enough is held.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from farr.lab.marts.pathways.pathway import (
    COLUMNS,
    CRITICAL_CARE_DAYS,
    READMISSIONS,
    READMITTED_WITHIN,
    VISITS_AFTER,
    VISITS_BEFORE,
    WARD_DAYS,
    Pathway,
    PathwayError,
    pathway,
)
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question, QuestionError
from farr.lab.model.tables.pathway import PATHWAY_SPELL

PATHWAY = "pathway"
LEVELS = ("provider", "commissioner")
SPELLS, COST, SQUARES, BEYOND = "spells", "critical_care_cost", "squares", "beyond"
STAY, BEFORE, AFTER = "stay", "before", "after"
PARTS: Mapping[str, tuple[str, ...]] = {
    STAY: (CRITICAL_CARE_DAYS, WARD_DAYS), BEFORE: (VISITS_BEFORE,), AFTER: (VISITS_AFTER, READMISSIONS),
}  # fmt: skip
_MONTH = 28  # days: the shortest, so that no window is taken for held that is not


@dataclass(frozen=True, kw_only=True)
class Held:
    """The months of spells, and of appointments, that the store holds, first and last."""

    spells: Period
    appointments: Period | None


def figure(item: str, what: str) -> str:
    """The name of an item's further sum."""
    return f"{item}_{what}"


def pathway_question(which: Pathway, part: str, *, level: str, period: Period) -> Question:
    """`pathway.<name>.<part>`: by level and nationally. Raises QuestionError for a level or part that is none."""
    if level not in LEVELS:
        raise QuestionError(f"pathways are not compared at level '{level}', only at: {', '.join(LEVELS)}")
    if part not in PARTS:
        raise QuestionError(f"a pathway has no part '{part}'; parts: {', '.join(PARTS)}")
    rows = PATHWAY_SPELL.unbound
    here = rows.Pathway == which.name
    figures = [Aggregate(name=SPELLS, kind=AggregateKind.COUNT, where=here)]
    for item in PARTS[part]:
        quantity = rows[COLUMNS[item]].cast("int64").fill_null(0)
        figures += [_sum(item, here, quantity), _sum(figure(item, SQUARES), here, quantity * quantity)]
        if item in which.standards:
            standard = ibis.literal(which.standards[item].quantity, "float64")
            figures.append(_sum(figure(item, BEYOND), here, ibis.greatest(quantity.cast("float64") - standard, 0.0)))
    if part == STAY:
        figures.append(_sum(COST, here, rows.Critical_Care_Cost.fill_null(0)))
    return Question(
        name=f"{PATHWAY}.{which.name}.{part}", table=PATHWAY_SPELL, period=period, where=here, aggregates=tuple(figures),
        groupings=(Grouping(dimensions=(level,)), Grouping()),
    )  # fmt: skip


def months_of(which: Pathway, part: str, period: Period, held: Held) -> Period | None:
    """The months of the period before and after which enough is held for the part; None where there are none."""
    first, last = period.first, period.last
    if part == BEFORE:
        if held.appointments is None:
            return None
        # A stay may begin in a month before that of its discharge, by which it is counted.
        first = max(first, held.appointments.first.plus(_months(which.before) + 1))
        last = min(last, held.appointments.last)
    if part == AFTER:
        last = min(last, held.spells.last.plus(-_months(max(which.after, READMITTED_WITHIN))))
        if held.appointments is not None:
            last = min(last, held.appointments.last.plus(-_months(which.after)))
    return Period(first, last) if first <= last else None


def registered_questions(name: str, *, level: str, period: Period) -> list[Question]:
    """The question of that name; none where it is no such name or level."""
    _, _, rest = name.partition(".")
    which, _, part = rest.partition(".")
    try:
        return [pathway_question(pathway(which), part, level=level, period=period)]
    except (QuestionError, PathwayError):
        return []


def span(months: list[Month]) -> Period:
    return Period(months[0], months[-1])


def _months(days: int) -> int:
    return -(-days // _MONTH)


def _sum(name: str, where: ir.BooleanValue, value: ir.NumericValue) -> Aggregate:
    return Aggregate(name=name, kind=AggregateKind.SUM, where=where, value=value)
