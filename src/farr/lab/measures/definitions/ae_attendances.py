"""A&E attendances per 1,000 people."""

from datetime import date

from farr.lab.measures.conditions.visits import VISIT, VISIT_BREAKDOWNS, is_unplanned
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.emergency import AE_VISIT

MEASURE = Measure(
    title="A&E attendances per 1,000 people",
    theme=Theme.EMERGENCY_CARE,
    why="People who cannot be seen elsewhere, or do not know where, come to an emergency department. How often differs with distance, "
    "with care outside hospital and with deprivation; the mix of departments tells which.",
    definition="Numerator: first and unplanned attendances at any emergency department (major, single specialty, minor injury unit, "
    f"walk-in centre, same-day emergency care) in the month of arrival. {PERSON_YEARS} Planned follow-ups (category 2), and attendances "
    "of unknown category, are left out. Not standardised for age and sex. A department that sends no data looks like no attendance.",
    source="HES A&E data dictionary (AEATTENDCAT, AEDEPTTYPE); NHS England counts unplanned attendances likewise",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=AE_VISIT,
    denominator=VISIT.AEA_Ident.notnull(),
    numerator=is_unplanned(),
    per=1000,
    unit="per 1,000 people a year",
    direction=Direction.HIGHER_IS_WORSE,
    levels=PER_HEAD_LEVELS,
    breakdowns=VISIT_BREAKDOWNS,
)
