"""What is asked of a feed so that it can be set beside another: the same of each, of one level, in homes of their own.

Always the same questions, whatever the other feed holds: what was asked over other months would be a difference by which somebody could be
found. Totals are therefore asked by month, and added up over the months that both hold; shares and means over the whole period.
"""

import ibis.expr.types as ir

from farr.lab.measures.conditions.appointments import APPOINTMENT, is_attended
from farr.lab.measures.conditions.spells import SPELL
from farr.lab.measures.conditions.visits import VISIT, is_unplanned
from farr.lab.model.codelist import load_codelist
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question, QuestionError
from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables.emergency import AE_VISIT
from farr.lab.model.tables.outpatients import OP_APPOINTMENT
from farr.lab.model.tables.sus import APC_SPELL

FEED = "feed"
LEVELS = ("provider", "commissioner")
MONTHS, DELIVERIES, CASEMIX, CODING, OUTPATIENTS, ATTENDANCES = "months", "deliveries", "casemix", "coding", "outpatients", "attendances"
SPELLS, EPISODES, PAID, ITEMS = "spells", "episodes", "paid", "items"
DIAGNOSES, UNGROUPED, WEIGHTED, WEIGHT, WEIGHTS = "diagnoses", "ungrouped", "weighted", "weight", "weights"
POUNDS = "pounds"
POD, CHAPTER = "point_of_delivery", "hrg_chapter"


def months_question(level: str, period: Period) -> Question:
    """`feed.months`: spells and their episodes by month. Raises QuestionError for a level at which feeds are not compared."""
    every = SPELL.Spell_Key.notnull()
    figures = (_count(SPELLS, every), _sum(EPISODES, SPELL.Episode_Count > 0, SPELL.Episode_Count))
    return _question(MONTHS, APC_SPELL, level, period, every, figures, ((),), monthly=True)


def compared_questions(level: str, period: Period) -> dict[str, Question]:
    """Every question, by name: spells and episodes, and pounds, by month; spells and pounds by point of delivery and month, and by group
    chapter; coding; outpatient and emergency attendances by month. Raises QuestionError for a level at which feeds are not compared."""
    every, paid = SPELL.Spell_Key.notnull(), SPELL.Grand_Total > 0
    spells = (_count(SPELLS, every), _sum(PAID, paid, SPELL.Grand_Total))
    uncoded = SPELL.Spell_Core_HRG.isnull() | load_codelist("uncoded_hrg").contains(SPELL.Spell_Core_HRG)
    # Each apart: where one figure of a row is small the gate hides all of it.
    depth = (
        _count(SPELLS, every), _sum(EPISODES, SPELL.Episode_Count > 0, SPELL.Episode_Count),
        _sum(DIAGNOSES, SPELL.Diagnosis_Count > 0, SPELL.Diagnosis_Count),
    )  # fmt: skip
    is_weighted = (SPELL.HRG_Weight > 0).fill_null(False)
    weights = (_count(WEIGHTED, is_weighted), _sum(WEIGHT, is_weighted, SPELL.HRG_Weight))
    attended = (_count(ITEMS, is_attended()), _sum(PAID, is_attended() & (APPOINTMENT.Grand_Total > 0), APPOINTMENT.Grand_Total))
    came = (_count(ITEMS, is_unplanned()), _sum(PAID, is_unplanned() & (VISIT.Grand_Total > 0), VISIT.Grand_Total))
    return {
        MONTHS: months_question(level, period),
        POUNDS: _question(POUNDS, APC_SPELL, level, period, paid, spells[1:], ((),), monthly=True),
        DELIVERIES: _question(DELIVERIES, APC_SPELL, level, period, every, spells, ((POD,),), monthly=True),
        CASEMIX: _question(CASEMIX, APC_SPELL, level, period, every, spells, ((CHAPTER, POD), (CHAPTER,))),
        CODING: _question(CODING, APC_SPELL, level, period, every, depth, ((),)),
        WEIGHTS: _question(WEIGHTS, APC_SPELL, level, period, is_weighted, weights, ((),)),
        UNGROUPED: _question(UNGROUPED, APC_SPELL, level, period, uncoded, (_count(UNGROUPED, uncoded),), ((),)),
        OUTPATIENTS: _question(OUTPATIENTS, OP_APPOINTMENT, level, period, is_attended(), attended, ((),), monthly=True),
        ATTENDANCES: _question(ATTENDANCES, AE_VISIT, level, period, is_unplanned(), came, ((),), monthly=True),
    }


def registered_questions(name: str, level: str, period: Period) -> list[Question]:
    """The question of that name; none where there is none, or none at the level."""
    try:
        known = compared_questions(level, period)
    except QuestionError:
        return []
    wanted = known.get(name.partition(".")[2])
    return [] if wanted is None else [wanted]


def _question(
    name: str,
    table: TableDeclaration,
    level: str,
    period: Period,
    where: ir.BooleanValue,
    figures: tuple[Aggregate, ...],
    by: tuple[tuple[str, ...], ...],
    *,
    monthly: bool = False,
) -> Question:
    if level not in LEVELS:
        raise QuestionError(f"feeds are not compared at level '{level}', only at: {', '.join(LEVELS)}")
    groupings = tuple(Grouping(dimensions=(level, *each), monthly=monthly) for each in by)
    return Question(name=f"{FEED}.{name}", table=table, period=period, where=where, aggregates=figures, groupings=groupings)


def _count(name: str, where: ir.BooleanValue, subset_of: str | None = None) -> Aggregate:
    return Aggregate(name=name, kind=AggregateKind.COUNT, where=where, subset_of=subset_of)


def _sum(name: str, where: ir.BooleanValue, value: ir.NumericValue) -> Aggregate:
    return Aggregate(name=name, kind=AggregateKind.SUM, where=where, value=value)
