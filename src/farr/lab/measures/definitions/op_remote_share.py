"""Outpatient attendances by telephone or video."""

from datetime import date

from farr.lab.measures.conditions.appointments import APPOINTMENT, APPOINTMENT_BREAKDOWNS, is_attended
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.outpatients import OP_APPOINTMENT

MEASURE = Measure(
    title="Outpatient attendances by telephone or video",
    theme=Theme.OUTPATIENTS,
    why="A call saves a journey, and a waiting room; it does not suit every person or question. Large differences within a specialty show "
    "what is possible, not what is right.",
    definition="Numerator: attendances by telephone or telemedicine (first attendance code 3, 4). Denominator: appointments attended, of "
    "any clinic, first or follow-up, whose kind is known. Missed and cancelled appointments and administrative events (5) are left out. "
    "Advice given to a practice without an appointment is not in the data.",
    source="NCDR SUS PbR derivations (First_Attendance 3, 4 of 1 to 4)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=OP_APPOINTMENT,
    denominator=is_attended() & APPOINTMENT.Is_Remote.notnull(),
    numerator=APPOINTMENT.Is_Remote,
    per=100,
    unit="% of attendances",
    direction=Direction.NEITHER,
    levels=LEVELS,
    breakdowns=APPOINTMENT_BREAKDOWNS,
)
