"""Spend on admitted care per head."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_admission
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Spend on admitted care per head",
    theme=Theme.MONEY,
    why="Where the money goes, for places of any size. High spend is neither good nor bad: set it beside outcomes, age and deprivation, "
    "and look for what the difference buys.",
    definition="Pounds paid for spells discharged in the period (as fed, at each year's own prices: not adjusted for inflation, nor for "
    f"market forces, which the sum holds). {PERSON_YEARS} Admitted care alone: outpatients and A&E have measures of their own, and what "
    "is not fed (community, mental health, primary care, drugs) is in none. Spells without a cost, regular attenders and well babies are "
    "left out. Not standardised for age and sex.",
    source="NCDR SUS PbR data set (Grand_Total)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=APC_SPELL,
    denominator=is_admission() & SPELL.Grand_Total.notnull(),
    value=SPELL.Grand_Total,
    unit="£ per person a year",
    decimals=0,
    direction=Direction.NEITHER,
    levels=PER_HEAD_LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
