"""Cataract operations per 1,000 people."""

from datetime import date

from farr.lab.measures.conditions.spells import has_procedure, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Cataract operations per 1,000 people",
    theme=Theme.PLANNED_CARE,
    why="One of the commonest planned operations. Rates differ with how bad sight must be before it is offered: a low rate asks about "
    "thresholds and waits, more than about eyes.",
    definition="Numerator: elective admissions (day cases and inpatients) discharged in the period whose dominant procedure is "
    f"extraction of the lens. {PERSON_YEARS} An operation on both sides at once counts once. A spell in which it was not the dominant "
    "procedure is not counted. Not standardised for age and sex.",
    source="OPCS-4 C71, C72, C74; not clinically signed off",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=APC_SPELL,
    denominator=is_type("DC", "EL"),
    numerator=has_procedure("cataract_extraction"),
    per=1000,
    unit="per 1,000 people a year",
    decimals=2,
    direction=Direction.NEITHER,
    codelists=("cataract_extraction", "admission_method_elective"),
    levels=PER_HEAD_LEVELS,
    breakdowns=("age_band", "sex"),
)
