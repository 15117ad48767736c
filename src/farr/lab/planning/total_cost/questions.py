"""What total cost of care asks: pounds paid for hospital care as fed, by commissioner, and nationally by age and sex; costs of care outside
hospital as their suppliers count them; and the people.

Hospital care is asked of every commissioner at once, without ages, and of the nation by age and sex: so a commissioner's cost can be set
beside what its people's ages would have it, and hardly anything of it is hidden.
"""

import ibis.expr.types as ir

from farr.lab.measures.conditions.appointments import APPOINTMENT
from farr.lab.measures.conditions.spells import SPELL
from farr.lab.measures.conditions.visits import VISIT
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables.emergency import AE_VISIT
from farr.lab.model.tables.local import LOCAL_CARE
from farr.lab.model.tables.outpatients import OP_APPOINTMENT
from farr.lab.model.tables.reference import POPULATION
from farr.lab.model.tables.sus import APC_SPELL

TOTAL_COST, LEVEL = "total_cost", "commissioner"
ITEMS, PAID, ACTIVITY, PEOPLE, LINES = "items", "paid", "activity", "people", "lines"
POD, AGE_BAND, AGE_GROUP, SEX, SETTING, SERVICE = "point_of_delivery", "age_band", "age_group", "sex", "care_setting", "local_service"
SPELLS, APPOINTMENTS, VISITS, LOCAL, REGISTERED = "spells", "appointments", "visits", "local", "people"
MONTHLY = "_monthly"
HOSPITAL = (SPELLS, APPOINTMENTS, VISITS)
"""Parts that are asked of hospital records."""
_PRIVATE = "02"


def hospital_questions(period: Period) -> dict[str, Question]:
    """`total_cost.spells`, `.appointments` and `.visits`: items that were paid for, and pounds, private patients apart; of spells by point
    of delivery too."""
    nation = (Grouping(dimensions=(AGE_BAND, SEX)), Grouping())
    own = {SPELLS: (Grouping(dimensions=(LEVEL, POD)),)}
    return {
        name: _paid(name, table, where, money, period, (*own.get(name, ()), Grouping(dimensions=(LEVEL,)), *nation))
        for name, (table, where, money) in _records().items()
    }


def monthly_questions(period: Period) -> dict[str, Question]:
    """The same by commissioner and month: `total_cost.spells_monthly` and so on."""
    by_month = (Grouping(dimensions=(LEVEL,), monthly=True),)
    return {
        f"{name}{MONTHLY}": _paid(f"{name}{MONTHLY}", table, where, money, period, by_month)
        for name, (table, where, money) in _records().items()
    }


def local_questions(period: Period) -> dict[str, Question]:
    """`total_cost.local`: cost and activity by setting and service, and by setting, age and sex; `.local_monthly` by setting and month; and
    `.people`, the registered lists by month, and by age and sex over all months."""
    rows, people = LOCAL_CARE.unbound, POPULATION.unbound
    every, listed = rows.Care_Setting.notnull(), people.Patients > 0
    costs = (
        Aggregate(name=LINES, kind=AggregateKind.COUNT, where=every),
        Aggregate(name=ACTIVITY, kind=AggregateKind.SUM, where=rows.Activity.notnull(), value=rows.Activity),
        Aggregate(name=PAID, kind=AggregateKind.SUM, where=rows.Cost.notnull(), value=rows.Cost),
    )
    by = ((LEVEL, SETTING), (LEVEL, SETTING, AGE_GROUP, SEX), (LEVEL, SERVICE))
    monthly = (Grouping(dimensions=(LEVEL, SETTING), monthly=True),)
    patients = (Aggregate(name=PEOPLE, kind=AggregateKind.SUM, where=listed, value=people.Patients),)
    by_age = tuple(Grouping(dimensions=each) for each in ((LEVEL, AGE_BAND, SEX), (AGE_BAND, SEX)))
    return {
        LOCAL: _question(LOCAL, LOCAL_CARE, period, every, costs, tuple(Grouping(dimensions=each) for each in by)),
        f"{LOCAL}{MONTHLY}": _question(f"{LOCAL}{MONTHLY}", LOCAL_CARE, period, every, costs, monthly),
        REGISTERED: _question(REGISTERED, POPULATION, period, listed, patients, (*by_age, Grouping(monthly=True))),
    }


def registered_questions(name: str, period: Period) -> list[Question]:
    """The question of that name; none where there is none."""
    known = {**hospital_questions(period), **monthly_questions(period), **local_questions(period)}
    wanted = known.get(name.partition(".")[2])
    return [] if wanted is None else [wanted]


def _records() -> dict[str, tuple[TableDeclaration, ir.BooleanValue, ir.NumericValue]]:
    """By part its records, which of them are paid for by a commissioner, and pounds."""
    spells = (SPELL.Grand_Total > 0) & (SPELL.Administrative_Category != _PRIVATE).fill_null(True)
    appointments = (APPOINTMENT.Grand_Total > 0) & (APPOINTMENT.Administrative_Category != _PRIVATE).fill_null(True)
    return {
        SPELLS: (APC_SPELL, spells.fill_null(False), SPELL.Grand_Total),
        APPOINTMENTS: (OP_APPOINTMENT, appointments.fill_null(False), APPOINTMENT.Grand_Total),
        VISITS: (AE_VISIT, (VISIT.Grand_Total > 0).fill_null(False), VISIT.Grand_Total),
    }


def _paid(
    name: str,
    table: TableDeclaration,
    where: ir.BooleanValue,
    money: ir.NumericValue,
    period: Period,
    groupings: tuple[Grouping, ...],
) -> Question:
    figures = (
        Aggregate(name=ITEMS, kind=AggregateKind.COUNT, where=where),
        Aggregate(name=PAID, kind=AggregateKind.SUM, where=where, value=money),
    )
    return _question(name, table, period, where, figures, groupings)


def _question(
    name: str,
    table: TableDeclaration,
    period: Period,
    where: ir.BooleanValue,
    figures: tuple[Aggregate, ...],
    groupings: tuple[Grouping, ...],
) -> Question:
    full = f"{TOTAL_COST}.{name}"
    return Question(name=full, table=table, period=period, where=where, aggregates=figures, groupings=groupings)
