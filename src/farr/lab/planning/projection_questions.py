"""What a projection asks of the records, for every organisation of a level at once: counts and sums, which pass the gate as any other.

Ages are asked of organisations in wide groups for spells, in five-year bands elsewhere, and specialties apart from ages: crossed, hardly a
cell of theirs could be shown. How they go together is asked of the nation.
"""

import ibis.expr.types as ir

from farr.lab.measures.conditions.appointments import APPOINTMENT, is_attended, is_first, is_follow_up
from farr.lab.measures.conditions.spells import SPELL, is_stay
from farr.lab.measures.conditions.visits import VISIT, is_unplanned
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question, QuestionError
from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables.emergency import AE_VISIT
from farr.lab.model.tables.outpatients import OP_APPOINTMENT
from farr.lab.model.tables.pricing import SPELL_PRICE
from farr.lab.model.tables.sus import APC_SPELL
from farr.lab.planning.projection.cells import ATTENDANCE, ELECTIVE, EMERGENCY, OUTPATIENT

PROJECTION = "projection"
LEVELS = ("provider", "commissioner", "region", "national")
NATIONAL = "national"
ACTIVITY, BED_DAYS, PRICED, PAID = "activity", "bed_days", "priced", "paid"
POD, SPECIALTY, SITE, AGE_GROUP, AGE_BAND, SEX = "point_of_delivery", "specialty", "site", "age_group", "age_band", "sex"
SPELL_PARTS = ("spells", "spells_by_specialty", "spells_together", "spells_by_band")
SITE_LEVELS = ("provider",)
AMBULATORY_SENSITIVE, WITHOUT_TREATMENT = "ambulatory_sensitive", "without_treatment"
PLANNED, UNPLANNED, OTHER = "planned", "unplanned", "other"
_Dimensions = tuple[tuple[str, ...], ...]


def spells_questions(level: str, period: Period) -> list[Question]:
    """Spells, and bed days of stays, a day more than nights (nhp_model counts them so); day cases take none here. `projection.spells` by
    age and sex, `.spells_by_specialty`, and of the nation `.spells_together` and `.spells_by_band`: four, for the gate protects a table the
    quicker the less is crossed in it."""
    asked = {
        "spells": (_own(level, (POD, AGE_GROUP, SEX), (POD,)), ((POD,), ())),
        "spells_by_specialty": (_own(level, (POD, SPECIALTY), (POD,)), ((POD, SPECIALTY), (POD,), ())),
        "spells_together": ((), ((POD, SPECIALTY, AGE_GROUP, SEX), (POD,))),
        "spells_by_band": ((), ((POD, AGE_BAND, SEX), (POD,))),
    }
    every = SPELL.Spell_Key.notnull()
    figures = (_count(ACTIVITY, every), _sum(BED_DAYS, is_stay(), SPELL.Length_of_Stay + 1))
    return [_question(name, APC_SPELL, period, every, figures, own, nation) for name, (own, nation) in asked.items()]


def shares_question(level: str, period: Period) -> Question:
    """`projection.shares`: spells, and those that mitigations are about."""
    every = SPELL.Spell_Key.notnull()
    part = every & SPELL.Is_Ambulatory_Care_Sensitive.fill_null(False)
    figures = (_count(ACTIVITY, every), _count(AMBULATORY_SENSITIVE, part, subset_of=ACTIVITY))
    return _question("shares", APC_SPELL, period, every, figures, _own(level, (POD,), ()), ((POD,), ()))


def prices_question(level: str, period: Period) -> Question:
    """`projection.prices`: spells that the rules of their years give a price, and what that comes to."""
    rows = SPELL_PRICE.unbound
    priced = rows.Payment_Recomputed.notnull()
    figures = (_count(PRICED, priced), _sum(PAID, priced, rows.Payment_Recomputed))
    return _question("prices", SPELL_PRICE, period, priced, figures, _own(level, (POD,), ()), ((POD,), ()))


def fed_prices_question(level: str, period: Period) -> Question:
    """`projection.fed_prices`: spells that the rules give none, and what is paid for them as fed: apart, or those few would be a
    difference."""
    rows = SPELL_PRICE.unbound
    fed = rows.Payment_Recomputed.isnull() & rows.Grand_Total.notnull()
    figures = (_count(PRICED, fed), _sum(PAID, fed, rows.Grand_Total))
    return _question("fed_prices", SPELL_PRICE, period, fed, figures, _own(level, (POD,), ()), ((POD,), ()))


def appointments_question(level: str, period: Period) -> Question:
    """`projection.appointments`: attended firsts and follow-ups without a procedure, and attendances with one."""
    kinds = _appointments()
    figures = tuple(_count(name, where) for name, where in kinds.items())
    nation = ((SPECIALTY, AGE_BAND, SEX), (AGE_BAND, SEX), (SPECIALTY,), ())
    return _question("appointments", OP_APPOINTMENT, period, is_attended(), figures, _own(level, (AGE_BAND, SEX), (SPECIALTY,), ()), nation)


def appointment_prices_question(level: str, period: Period) -> Question:
    """`projection.appointment_prices`: what is paid for them, as fed, and for how many."""
    figures = tuple(
        each
        for name, where in _appointments().items()
        for each in _fed(name, where & APPOINTMENT.Grand_Total.notnull(), APPOINTMENT.Grand_Total)
    )
    return _question("appointment_prices", OP_APPOINTMENT, period, is_attended(), figures, _own(level, ()), ((),))


def visits_question(level: str, period: Period) -> Question:
    """`projection.visits`: first and unplanned attendances at emergency departments."""
    figures = (_count(ATTENDANCE[0], is_unplanned()),)
    return _question("visits", AE_VISIT, period, is_unplanned(), figures, _own(level, (AGE_BAND, SEX), ()), ((AGE_BAND, SEX), ()))


def visit_prices_question(level: str, period: Period) -> Question:
    """`projection.visit_prices`: what is paid for them, as fed, and how many end without investigation or treatment."""
    paid = is_unplanned() & VISIT.Grand_Total.notnull()
    part = is_unplanned() & VISIT.Is_Without_Treatment.fill_null(False)
    figures = (
        _count(ATTENDANCE[0], is_unplanned()), *_fed(ATTENDANCE[0], paid, VISIT.Grand_Total),
        _count(WITHOUT_TREATMENT, part, subset_of=ATTENDANCE[0]),
    )  # fmt: skip
    return _question("visit_prices", AE_VISIT, period, is_unplanned(), figures, _own(level, ()), ((),))


def months_questions(level: str, period: Period) -> list[Question]:
    """`projection.monthly_spells`, `.monthly_appointments` and `.monthly_visits`: counts by month."""
    every, pod = SPELL.Spell_Key.notnull(), SPELL.Point_of_Delivery
    planned, unplanned = pod.isin(ELECTIVE).fill_null(False), pod.isin(EMERGENCY).fill_null(False)
    spells = (
        _count(PLANNED, every & planned), _count(UNPLANNED, every & unplanned), _count(OTHER, every & ~planned & ~unplanned),
    )  # fmt: skip
    own = _own(level, ())
    return [
        _question("monthly_spells", APC_SPELL, period, every, spells, own, ((),), monthly=True),
        _question(
            "monthly_appointments", OP_APPOINTMENT, period, is_attended(), (_count(ACTIVITY, is_attended()),), own, ((),), monthly=True
        ),
        _question("monthly_visits", AE_VISIT, period, is_unplanned(), (_count(ACTIVITY, is_unplanned()),), own, ((),), monthly=True),
    ]


def site_questions(level: str, period: Period) -> list[Question]:
    """`projection.spells_by_site`, `.appointments_by_site` and `.visits_by_site`, of providers: how their activity is shared between their
    sites. None at other levels. Ask them last: what they are refused for is not worth a question that all the rest rests on."""
    if level not in SITE_LEVELS:
        return []
    every = SPELL.Spell_Key.notnull()
    spells = (_count(ACTIVITY, every), _sum(BED_DAYS, is_stay(), SPELL.Length_of_Stay + 1))
    seen = tuple(_count(name, where) for name, where in _appointments().items())
    came = (_count(ATTENDANCE[0], is_unplanned()),)
    one, nation = _own(level, (SITE,), ()), ((),)
    return [
        _question("spells_by_site", APC_SPELL, period, every, spells, _own(level, (POD, SITE), (POD,)), ((POD,), ())),
        _question("appointments_by_site", OP_APPOINTMENT, period, is_attended(), seen, one, nation),
        _question("visits_by_site", AE_VISIT, period, is_unplanned(), came, one, nation),
    ]


def baseline_questions(level: str, period: Period) -> list[Question]:
    """All that a baseline is made of. Raises QuestionError for a level at which there is none."""
    if level not in LEVELS:
        raise QuestionError(f"projections are not made at level '{level}', only at: {', '.join(LEVELS)}")
    asked = (
        shares_question, prices_question, fed_prices_question, appointments_question, appointment_prices_question,
        visits_question, visit_prices_question,
    )  # fmt: skip
    return [*spells_questions(level, period), *(each(level, period) for each in asked)]


def registered_questions(level: str, period: Period) -> list[Question]:
    """Every question that a projection puts at a level; none where it makes none there."""
    if level not in LEVELS:
        return []
    return [*baseline_questions(level, period), *months_questions(level, period), *site_questions(level, period)]


def _appointments() -> dict[str, ir.BooleanValue]:
    procedure = APPOINTMENT.Has_Procedure.fill_null(False)
    first, follow_up, with_procedure = OUTPATIENT
    return {
        first: is_attended() & is_first() & ~procedure,
        follow_up: is_attended() & is_follow_up() & ~procedure,
        with_procedure: is_attended() & procedure,
    }


def _own(level: str, *dimensions: tuple[str, ...]) -> _Dimensions:
    return () if level == NATIONAL else tuple((level, *each) for each in dimensions)


def _question(
    name: str,
    table: TableDeclaration,
    period: Period,
    where: ir.BooleanValue,
    figures: tuple[Aggregate, ...],
    own: _Dimensions,
    nation: _Dimensions,
    *,
    monthly: bool = False,
) -> Question:
    groupings = tuple(Grouping(dimensions=each, monthly=monthly) for each in (*own, *nation))
    return Question(name=f"{PROJECTION}.{name}", table=table, period=period, where=where, aggregates=figures, groupings=groupings)


def _count(name: str, where: ir.BooleanValue, subset_of: str | None = None) -> Aggregate:
    return Aggregate(name=name, kind=AggregateKind.COUNT, where=where, subset_of=subset_of)


def _sum(name: str, where: ir.BooleanValue, value: ir.NumericValue) -> Aggregate:
    return Aggregate(name=name, kind=AggregateKind.SUM, where=where, value=value)


def _fed(name: str, where: ir.BooleanValue, value: ir.NumericValue) -> tuple[Aggregate, Aggregate]:
    return _count(f"{name}_{PRICED}", where), _sum(f"{name}_{PAID}", where, value)
