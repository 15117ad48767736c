"""What is asked so that opportunities have prices, and so that what two of them share is known: counts, pounds and bed days."""

from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir

from farr.lab.measures.conditions.appointments import APPOINTMENT, is_attended, is_follow_up
from farr.lab.measures.conditions.spells import SPELL, is_stay, is_type, is_well_baby
from farr.lab.measures.conditions.visits import VISIT, is_unplanned
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question, QuestionError
from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables.emergency import AE_VISIT
from farr.lab.model.tables.outpatients import OP_APPOINTMENT
from farr.lab.model.tables.pricing import SPELL_PRICE
from farr.lab.model.tables.sus import APC_SPELL
from farr.lab.planning.opportunity.pools import ELECTIVE, EMERGENCY, EXCESS, LONG, MEASURED, SENSITIVE, both

OPPORTUNITY = "opportunity"
LEVELS = ("provider", "commissioner")
NUMBER, PAID = "number", "paid"
SPELLS, DAYS, EXCESS_DAYS, EXCESS_PAID, CRITICAL_CARE, APPOINTMENTS, VISITS = (
    "spells", "days", "excess_days", "excess_paid", "critical_care", "appointments", "visits",
)  # fmt: skip
FOLLOW_UPS, ATTENDED, ATTENDANCES, UNTREATED, OF_DAYS = "follow_ups", "attended", "attendances", "untreated", "of_days"
_LONG = 21  # days: NHS England's long length of stay


def spells_question(level: str, period: Period) -> Question:
    """`opportunity.spells`: emergency spells and those of ambulatory-care-sensitive conditions, with what was paid for them as fed."""
    paid = is_type("EM") & ~is_well_baby() & SPELL.Grand_Total.notnull()
    figures = (
        *_paid(EMERGENCY, paid, SPELL.Grand_Total), *_paid(SENSITIVE, paid & _is_sensitive(), SPELL.Grand_Total),
    )  # fmt: skip
    return _question(SPELLS, APC_SPELL, period, paid, figures, level)


def days_question(level: str, period: Period) -> Question:
    """`opportunity.days`: bed days of emergencies, of planned stays, beyond the trim point, of long stays and of sensitive conditions, and
    of each pair of MEASURED the days in both."""
    days = _days()
    figures = [_sum(name, each > 0, each) for name, each in days.items()]
    for one, other in MEASURED:
        common = ibis.least(days[one], days[other])
        figures.append(_sum(both(one, other), common > 0, common))
    return _question(DAYS, APC_SPELL, period, is_stay(), tuple(figures), level)


def excess_days_question(period: Period) -> Question:
    """`opportunity.excess_days`: of the nation, days beyond the trim point."""
    excess = SPELL.Spell_ExcessBedDays > 0
    return _question(EXCESS_DAYS, APC_SPELL, period, excess, (_sum(OF_DAYS, excess, SPELL.Spell_ExcessBedDays),), None)


def excess_paid_question(period: Period) -> Question:
    """`opportunity.excess_paid`: of the nation, what the tariff pays for them."""
    rows = SPELL_PRICE.unbound
    paid = rows.Tariff_LongStay_Adj > 0
    return _question(EXCESS_PAID, SPELL_PRICE, period, paid, (_sum(PAID, paid, rows.Tariff_LongStay_Adj),), None)


def critical_care_question(period: Period) -> Question:
    """`opportunity.critical_care`: of the nation, critical-care days with a cost, and that cost as fed."""
    costed = (SPELL.Critical_Care_Days > 0) & (SPELL.Critical_Care_Cost > 0)
    figures = (_sum(OF_DAYS, costed, SPELL.Critical_Care_Days), _sum(PAID, costed, SPELL.Critical_Care_Cost))
    return _question(CRITICAL_CARE, APC_SPELL, period, costed, figures, None)


def appointments_question(level: str, period: Period) -> Question:
    """`opportunity.appointments`: attended appointments, and follow-ups without a procedure, with what was paid for them as fed."""
    paid = is_attended() & APPOINTMENT.Grand_Total.notnull()
    plain = paid & is_follow_up() & ~APPOINTMENT.Has_Procedure.fill_null(False)
    figures = (*_paid(ATTENDED, paid, APPOINTMENT.Grand_Total), *_paid(FOLLOW_UPS, plain, APPOINTMENT.Grand_Total))
    return _question(APPOINTMENTS, OP_APPOINTMENT, period, paid, figures, level)


def visits_question(level: str, period: Period) -> Question:
    """`opportunity.visits`: unplanned attendances, and those without investigation or treatment, with what was paid for them as fed."""
    paid = is_unplanned() & VISIT.Grand_Total.notnull()
    untreated = paid & VISIT.Is_Without_Treatment.fill_null(False)
    figures = (*_paid(ATTENDANCES, paid, VISIT.Grand_Total), *_paid(UNTREATED, untreated, VISIT.Grand_Total))
    return _question(VISITS, AE_VISIT, period, paid, figures, level)


_OF_LEVEL: Mapping[str, Callable[[str, Period], Question]] = {
    SPELLS: spells_question, DAYS: days_question, APPOINTMENTS: appointments_question, VISITS: visits_question,
}  # fmt: skip
_OF_NATION: Mapping[str, Callable[[Period], Question]] = {
    EXCESS_DAYS: excess_days_question, EXCESS_PAID: excess_paid_question, CRITICAL_CARE: critical_care_question,
}  # fmt: skip


def opportunity_questions(level: str, period: Period) -> dict[str, Question]:
    """All that opportunities ask beside their measures, by name. Raises QuestionError for a level at which there are none."""
    if level not in LEVELS:
        raise QuestionError(f"opportunities are not worked out at level '{level}', only at: {', '.join(LEVELS)}")
    asked = {name: ask(level, period) for name, ask in _OF_LEVEL.items()}
    return asked | {name: ask(period) for name, ask in _OF_NATION.items()}


def registered_questions(name: str, *, level: str, period: Period) -> list[Question]:
    """The questions of that name; none where it is no such name or level."""
    _, _, rest = name.partition(".")
    if rest in _OF_NATION:
        return [_OF_NATION[rest](period)]
    return [_OF_LEVEL[rest](level, period)] if rest in _OF_LEVEL and level in LEVELS else []


def _days() -> dict[str, ir.IntegerValue]:
    """Bed days of a stay by kind; none where it is not of that kind."""
    stay = SPELL.Length_of_Stay.cast("int64")
    nothing = ibis.literal(0, "int64")

    def of(condition: ir.BooleanValue) -> ir.IntegerValue:
        return ibis.ifelse(condition, stay, nothing)

    return {
        EMERGENCY: of(is_type("EM")),
        ELECTIVE: of(is_type("EL")),
        EXCESS: ibis.greatest(SPELL.Spell_ExcessBedDays.cast("int64").fill_null(0), nothing),
        LONG: of(SPELL.Length_of_Stay >= _LONG),
        SENSITIVE: of(_is_sensitive()),
    }


def _is_sensitive() -> ir.BooleanValue:
    return SPELL.Is_Ambulatory_Care_Sensitive.fill_null(False)


def _question(
    name: str, table: TableDeclaration, period: Period, where: ir.BooleanValue, figures: tuple[Aggregate, ...], level: str | None
) -> Question:
    own = () if level is None else (Grouping(dimensions=(level,)),)
    groupings = (*own, Grouping())
    return Question(name=f"{OPPORTUNITY}.{name}", table=table, period=period, where=where, aggregates=figures, groupings=groupings)


def _paid(name: str, where: ir.BooleanValue, value: ir.NumericValue) -> tuple[Aggregate, Aggregate]:
    return Aggregate(name=f"{name}_{NUMBER}", kind=AggregateKind.COUNT, where=where), _sum(f"{name}_{PAID}", where & (value > 0), value)


def _sum(name: str, where: ir.BooleanValue, value: ir.NumericValue) -> Aggregate:
    return Aggregate(name=name, kind=AggregateKind.SUM, where=where, value=value)
