"""Outpatient appointments missed."""

from datetime import date

from farr.lab.measures.conditions.appointments import APPOINTMENT_BREAKDOWNS, is_attended, is_missed
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.outpatients import OP_APPOINTMENT

MEASURE = Measure(
    title="Outpatient appointments missed",
    theme=Theme.OUTPATIENTS,
    why="A missed appointment is a place that nobody had. Reminders, choice of time and telephone clinics bring it down; it is highest "
    "where life is hardest.",
    definition="Numerator: appointments to which the person did not come, or came too late to be seen (status 3, 7). Denominator: "
    "appointments attended or missed, of any clinic, face to face or not. Appointments cancelled beforehand by either side, and "
    "administrative events, are left out.",
    source="NCDR SUS PbR derivations (Attendance_Status 3, 7 of 3, 5, 6, 7)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=OP_APPOINTMENT,
    denominator=is_attended() | is_missed(),
    numerator=is_missed(),
    per=100,
    unit="% of appointments kept or missed",
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=APPOINTMENT_BREAKDOWNS,
)
