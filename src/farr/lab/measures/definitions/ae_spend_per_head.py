"""Spend on A&E per head."""

from datetime import date

from farr.lab.measures.conditions.visits import VISIT, VISIT_BREAKDOWNS, is_unplanned
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.emergency import AE_VISIT

MEASURE = Measure(
    title="Spend on A&E per head",
    theme=Theme.MONEY,
    why="What attendances cost, apart from the admissions that follow: a heavy mix of departments and investigations costs more than many "
    "visits do.",
    definition="Pounds paid for first and unplanned attendances at emergency departments in the period (as fed, at each year's own "
    f"prices: not adjusted for inflation, nor for market forces, which the sum holds). {PERSON_YEARS} Planned follow-ups and attendances "
    "without a cost (block contracts among them) are left out; admissions that followed are not in it. Not standardised for age and sex.",
    source="NCDR SUS PbR data set (Grand_Total)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=AE_VISIT,
    denominator=is_unplanned() & VISIT.Grand_Total.notnull(),
    value=VISIT.Grand_Total,
    unit="£ per person a year",
    decimals=2,
    direction=Direction.NEITHER,
    levels=PER_HEAD_LEVELS,
    breakdowns=VISIT_BREAKDOWNS,
)
