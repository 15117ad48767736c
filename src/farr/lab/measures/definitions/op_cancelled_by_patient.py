"""Outpatient appointments cancelled by the patient."""

from datetime import date

from farr.lab.measures.conditions.appointments import APPOINTMENT_BREAKDOWNS, is_cancelled_by_patient, is_settled
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.outpatients import OP_APPOINTMENT

MEASURE = Measure(
    title="Outpatient appointments cancelled by the patient",
    theme=Theme.OUTPATIENTS,
    why="A place given back in time can be used; one given back late is lost. High shares ask whether people were given a time that they "
    "could keep.",
    definition="Numerator: appointments that the patient cancelled (status 2). Denominator: appointments of which it is known what became "
    "of them: attended, missed, or cancelled by either side. Those not yet held, and administrative events, are left out. How far ahead "
    "it was cancelled is not recorded.",
    source="NCDR SUS PbR derivations (Attendance_Status 2 of 2 to 7)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=OP_APPOINTMENT,
    denominator=is_settled(),
    numerator=is_cancelled_by_patient(),
    per=100,
    unit="% of appointments",
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=APPOINTMENT_BREAKDOWNS,
)
