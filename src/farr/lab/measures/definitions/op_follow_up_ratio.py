"""Outpatient follow-ups to each first attendance."""

from datetime import date

from farr.lab.measures.conditions.appointments import (
    APPOINTMENT,
    APPOINTMENT_BREAKDOWNS,
    is_attended,
    is_consultant_led,
    is_first,
    is_follow_up,
)
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.outpatients import OP_APPOINTMENT

MEASURE = Measure(
    title="Outpatient follow-ups to each first attendance",
    theme=Theme.OUTPATIENTS,
    why="Every follow-up that changes nothing takes a place from somebody who waits. Look at it by specialty, for long illnesses need "
    "following.",
    definition="Follow-ups attended / first attendances attended, led by a consultant and without a procedure, face to face or not. "
    "Appointments that were missed or cancelled, attendances with a procedure (an OPCS-4 code, or an HRG that is not of attendance, WF), "
    "clinics not led by a consultant and administrative events are in neither. The firsts are those of the same months, not those that "
    "the follow-ups followed.",
    source="NCDR SUS PbR derivations; NHS England op_benchmarking (attended alone; no procedure: HRG WF)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATIO,
    table=OP_APPOINTMENT,
    denominator=is_attended() & is_consultant_led() & ~APPOINTMENT.Has_Procedure.fill_null(False),
    numerator=is_follow_up(),
    against=is_first(),
    unit="follow-ups to a first",
    decimals=2,
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=APPOINTMENT_BREAKDOWNS,
)
