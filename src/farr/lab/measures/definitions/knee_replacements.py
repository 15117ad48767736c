"""Planned knee replacements per 1,000 people."""

from datetime import date

from farr.lab.measures.conditions.spells import has_procedure, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Planned knee replacements per 1,000 people",
    theme=Theme.PLANNED_CARE,
    why="A new knee helps many people, and not all. Rates point at thresholds, waits, and what is tried before.",
    definition="Numerator: elective admissions (day cases and inpatients) discharged in the period whose dominant procedure is total "
    f"replacement of the knee joint, first or revised. {PERSON_YEARS} An operation on both sides at once counts once. A spell in which it "
    "was not the dominant procedure is not counted. Partial replacements are left out where coded elsewhere. Not standardised for age "
    "and sex.",
    source="OPCS-4 W40 to W42, O18; not clinically signed off",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=APC_SPELL,
    denominator=is_type("DC", "EL"),
    numerator=has_procedure("knee_replacement"),
    per=1000,
    unit="per 1,000 people a year",
    decimals=2,
    direction=Direction.NEITHER,
    codelists=("knee_replacement", "admission_method_elective"),
    levels=PER_HEAD_LEVELS,
    breakdowns=("age_band", "sex"),
)
