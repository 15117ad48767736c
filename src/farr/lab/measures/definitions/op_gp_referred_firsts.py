"""First attendances referred by a GP, per 1,000 people."""

from datetime import date

from farr.lab.measures.conditions.appointments import APPOINTMENT, APPOINTMENT_BREAKDOWNS, is_attended, is_consultant_led, is_first
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.outpatients import OP_APPOINTMENT

MEASURE = Measure(
    title="First attendances referred by a GP, per 1,000 people",
    theme=Theme.OUTPATIENTS,
    why="What general practice sends to hospital, apart from what hospitals send to each other. Where practices with like patients "
    "differ, talk about why before setting a target.",
    definition="Numerator: first attendances led by a consultant, face to face or not, that took place and that a general practitioner "
    f"referred (referral source 03). {PERSON_YEARS} Referrals that did not lead to an attendance are not counted; referrals by dentists, "
    "opticians and other consultants, and those of unknown source, are left out. Not standardised for age and sex.",
    source="NCDR SUS PbR derivations; HES data dictionary (REFSOURC 03)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=OP_APPOINTMENT,
    denominator=is_attended() & is_consultant_led(),
    numerator=is_first() & APPOINTMENT.Is_GP_Referred.fill_null(False),
    per=1000,
    unit="per 1,000 people a year",
    direction=Direction.NEITHER,
    levels=PER_HEAD_LEVELS,
    breakdowns=APPOINTMENT_BREAKDOWNS,
)
