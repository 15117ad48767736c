"""Outpatient appointments cancelled by the provider."""

from datetime import date

from farr.lab.measures.conditions.appointments import APPOINTMENT_BREAKDOWNS, is_cancelled_by_provider, is_settled
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.outpatients import OP_APPOINTMENT

MEASURE = Measure(
    title="Outpatient appointments cancelled by the provider",
    theme=Theme.OUTPATIENTS,
    why="Each is somebody told to wait longer, and work done twice. High shares point at clinics booked further ahead than rotas are "
    "known.",
    definition="Numerator: appointments that the provider cancelled (status 4). Denominator: appointments of which it is known what "
    "became of them: attended, missed, or cancelled by either side. Those not yet held, and administrative events, are left out. How far "
    "ahead it was cancelled is not recorded.",
    source="NCDR SUS PbR derivations (Attendance_Status 4 of 2 to 7)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=OP_APPOINTMENT,
    denominator=is_settled(),
    numerator=is_cancelled_by_provider(),
    per=100,
    unit="% of appointments",
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=APPOINTMENT_BREAKDOWNS,
)
