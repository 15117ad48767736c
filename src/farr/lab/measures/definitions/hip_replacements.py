"""Planned hip replacements per 1,000 people."""

from datetime import date

from farr.lab.measures.conditions.spells import has_procedure, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Planned hip replacements per 1,000 people",
    theme=Theme.PLANNED_CARE,
    why="A hip replacement gives people back their walking. Rates that differ for people of one age point at thresholds for referral, at "
    "waits, or at who comes forward.",
    definition="Numerator: elective admissions (day cases and inpatients) discharged in the period whose dominant procedure is total "
    f"replacement of the hip joint, first or revised. {PERSON_YEARS} An operation on both sides at once counts once. A spell in which it "
    "was not the dominant procedure is not counted. Replacements after a fracture are emergencies, and left out; so is replacement of "
    "the head of femur alone. Not standardised for age and sex.",
    source="OPCS-4 W37 to W39, W93 to W95; not clinically signed off",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=APC_SPELL,
    denominator=is_type("DC", "EL"),
    numerator=has_procedure("hip_replacement"),
    per=1000,
    unit="per 1,000 people a year",
    decimals=2,
    direction=Direction.NEITHER,
    codelists=("hip_replacement", "admission_method_elective"),
    levels=PER_HEAD_LEVELS,
    breakdowns=("age_band", "sex"),
)
