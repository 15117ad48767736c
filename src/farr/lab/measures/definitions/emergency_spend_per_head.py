"""Spend on emergency admissions per head."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_type, is_well_baby
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Spend on emergency admissions per head",
    theme=Theme.MONEY,
    why="Money that was not planned to be spent, and that planned care then lacks. It joins how often people are admitted, how ill they "
    "are and how long they stay.",
    definition="Pounds paid for emergency spells discharged in the period (as fed, at each year's own prices: not adjusted for "
    f"inflation, nor for market forces, which the sum holds). {PERSON_YEARS} Emergency admissions alone: what was paid for A&E "
    "attendances is not in it. Spells without a cost and well babies are left out. Not standardised for age and sex.",
    source="NCDR SUS PbR data set (Grand_Total)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=APC_SPELL,
    denominator=is_type("EM") & ~is_well_baby() & SPELL.Grand_Total.notnull(),
    value=SPELL.Grand_Total,
    unit="£ per person a year",
    decimals=0,
    direction=Direction.NEITHER,
    codelists=("admission_method_emergency",),
    levels=PER_HEAD_LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
