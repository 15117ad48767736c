"""Elective admissions per 1,000 people."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL_BREAKDOWNS, is_admission, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Elective admissions per 1,000 people",
    theme=Theme.PLANNED_CARE,
    why="How often people are admitted as planned follows need, but also what is referred, what is offered and how long the wait is. A "
    "low rate may be unmet need; a high one, treatment of little value.",
    definition="Numerator: day cases and elective inpatients (admission method 11 to 13, patient classification 1 or 2) discharged in "
    f"the period. {PERSON_YEARS} Regular day and night attenders (dialysis, chemotherapy) are left out: hospitals differ in whether they "
    "count them as day cases. Not standardised for age and sex.",
    source="NCDR SUS PbR derivations (Der_Management_Type DC, EL)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=APC_SPELL,
    denominator=is_admission(),
    numerator=is_type("DC", "EL"),
    per=1000,
    unit="per 1,000 people a year",
    direction=Direction.NEITHER,
    codelists=("admission_method_elective",),
    levels=PER_HEAD_LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
