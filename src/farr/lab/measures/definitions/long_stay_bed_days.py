"""Bed days in stays of 21 days or more."""

from datetime import date

import ibis

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_stay
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Bed days in stays of 21 days or more",
    theme=Theme.LENGTH_OF_STAY,
    why="The share of all bed days that stays of three weeks and more take up: what could be won, in beds, if they ended sooner.",
    definition="Sum of days of spells of 21 days or more (all their days, the first 21 among them) / sum of days of all elective, "
    "emergency and other non-elective spells discharged in the period. Day cases, regular attenders and well babies are left out. All "
    "days of a stay fall in the month of its discharge. A stay of no night adds no day.",
    source="NHS England, long length of stay (21 days or more), which counts people in beds on a day; here days of spells at discharge",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATIO,
    table=APC_SPELL,
    denominator=is_stay(),
    value=ibis.ifelse(SPELL.Length_of_Stay >= 21, SPELL.Length_of_Stay, 0),
    weight=SPELL.Length_of_Stay,
    per=100,
    unit="% of bed days",
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
