"""Average length of stay."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_stay
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Average length of stay",
    theme=Theme.LENGTH_OF_STAY,
    why="Days in bed are the scarcest thing a hospital has, and people lose strength in them. Long averages point at waits for "
    "tests, decisions, or care after discharge; at sicker people too, so compare like with like.",
    definition="Sum of days from admission to discharge, divided by spells discharged in the period: elective inpatients (EL), "
    "emergencies (EM) and other non-elective spells (NE). Day cases, regular attenders and well babies are left out. Spells, not "
    "continuous stays: where people are transferred on, the spell is shorter than the illness, and rankings of transferred "
    "conditions can turn round (stroke: 12.6 days by spell, 16.5 by continuous stay). Not PbR-adjusted. A stay that "
    "ends before it begins is an error of the data, and left out, as are stays of unknown length.",
    source="NCDR SUS PbR derivations; HES duration of spell (SPELDUR). Stroke example: PMC5427566",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.MEAN,
    table=APC_SPELL,
    denominator=is_stay(),
    value=SPELL.Length_of_Stay,
    unit="days a spell",
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
