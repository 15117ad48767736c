"""Casemix index."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_admission
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Casemix index",
    theme=Theme.MONEY,
    why="How heavy the work is: 1 is the national list's average HRG. It says why costs and stays differ before anybody is blamed; a "
    "sudden rise may be coding rather than sicker people.",
    definition="Mean casemix weight of day cases, elective, emergency and other non-elective spells discharged in the period. Weight: the "
    "national price of the spell's HRG and point of delivery in its tariff year over the mean price of all admitted HRGs in that year's "
    "list, so that an average over spells, most of them light, tends to lie below 1. Spells whose HRG has no price that year, regular "
    "attenders and well babies are left out.",
    source="National Tariff prices by HRG and year; the weight is Farr's and no official casemix index",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.MEAN,
    table=APC_SPELL,
    denominator=is_admission() & SPELL.HRG_Weight.notnull(),
    value=SPELL.HRG_Weight,
    unit="mean weight of a spell",
    decimals=2,
    direction=Direction.NEITHER,
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
