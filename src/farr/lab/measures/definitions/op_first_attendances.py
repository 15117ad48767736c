"""First outpatient attendances per 1,000 people."""

from datetime import date

from farr.lab.measures.conditions.appointments import APPOINTMENT_BREAKDOWNS, is_attended, is_consultant_led, is_first
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.outpatients import OP_APPOINTMENT

MEASURE = Measure(
    title="First outpatient attendances per 1,000 people",
    theme=Theme.OUTPATIENTS,
    why="Every planned treatment begins with a first appointment, most of them asked for by a general practitioner. Rates point at "
    "referral, at what practices can settle themselves, and at waits.",
    definition="Numerator: first attendances led by a consultant, face to face or not, that took place (attended, or late and seen). "
    f"{PERSON_YEARS} Appointments that were missed or cancelled, clinics of nurses, midwives and allied professions, and administrative "
    "events are left out. Not standardised for age and sex.",
    source="NCDR SUS PbR derivations (First_Attendance 1, 3; Attendance_Status 5, 6; consultant by main specialty)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=OP_APPOINTMENT,
    denominator=is_attended() & is_consultant_led(),
    numerator=is_first(),
    per=1000,
    unit="per 1,000 people a year",
    direction=Direction.NEITHER,
    levels=PER_HEAD_LEVELS,
    breakdowns=APPOINTMENT_BREAKDOWNS,
)
