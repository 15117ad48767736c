"""Discharged at the first outpatient attendance."""

from datetime import date

from farr.lab.measures.conditions.appointments import APPOINTMENT, APPOINTMENT_BREAKDOWNS, is_attended, is_consultant_led, is_first
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.outpatients import OP_APPOINTMENT

MEASURE = Measure(
    title="Discharged at the first outpatient attendance",
    theme=Theme.OUTPATIENTS,
    why="Somebody who is discharged at once might have been helped by advice to the practice, or was well served in one visit. High "
    "shares by specialty show where advice could replace appointments.",
    definition="Numerator: those discharged (outcome 1). Denominator: first attendances led by a consultant, face to face or not, that "
    "took place and whose outcome is known (1 to 3). Those of unknown outcome, follow-ups, and missed and cancelled appointments are left "
    "out.",
    source="HES data dictionary (OUTCOME 1 of 1, 2, 3)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=OP_APPOINTMENT,
    denominator=is_attended() & is_consultant_led() & is_first() & APPOINTMENT.Outcome_of_Attendance.isin(["1", "2", "3"]).fill_null(False),
    numerator=APPOINTMENT.Outcome_of_Attendance == "1",
    per=100,
    unit="% of first attendances",
    direction=Direction.NEITHER,
    levels=LEVELS,
    breakdowns=APPOINTMENT_BREAKDOWNS,
)
