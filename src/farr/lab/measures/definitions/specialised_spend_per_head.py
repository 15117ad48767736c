"""Spend on specialised admitted care per head."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_admission
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Spend on specialised admitted care per head",
    theme=Theme.SPECIALISED,
    why="Specialised care takes much of the money for few people, and what it takes from a population differs with where its centres are. "
    "Commissioners who share the bill should see its size.",
    definition="Pounds paid for spells with a specialised service line, as fed, discharged in the period (at each year's own prices). "
    f"{PERSON_YEARS} Admitted care alone: specialised outpatients, critical care paid apart and high-cost drugs are not in it. Spells "
    "without a cost, regular attenders and well babies are left out. One costly stay moves a small organisation's figure. Not "
    "standardised for age and sex.",
    source="NCDR SUS PbR data set (NCBPST service line, Grand_Total)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=APC_SPELL,
    denominator=is_admission() & SPELL.Service_Line_Code.notnull() & SPELL.Grand_Total.notnull(),
    value=SPELL.Grand_Total,
    unit="£ per person a year",
    decimals=2,
    direction=Direction.NEITHER,
    levels=PER_HEAD_LEVELS,
    breakdowns=("service_line", *SPELL_BREAKDOWNS),
)
