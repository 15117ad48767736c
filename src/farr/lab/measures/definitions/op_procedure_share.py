"""Outpatient attendances with a procedure."""

from datetime import date

from farr.lab.measures.conditions.appointments import APPOINTMENT, APPOINTMENT_BREAKDOWNS, is_attended
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.outpatients import OP_APPOINTMENT

MEASURE = Measure(
    title="Outpatient attendances with a procedure",
    theme=Theme.OUTPATIENTS,
    why="What is done in a clinic room needs no theatre and no bed. Low shares may be habit, or procedures that were done and never "
    "coded, and so never paid.",
    definition="Numerator: attendances with a procedure: an OPCS-4 code is recorded, or the HRG is not one of attendance (WF). "
    "Denominator: appointments attended, of any clinic, first or follow-up. Missed and cancelled appointments and administrative events "
    "are left out.",
    source="NCDR SUS PbR derivations; NHS England op_benchmarking (no procedure: HRG WF)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=OP_APPOINTMENT,
    denominator=is_attended(),
    numerator=APPOINTMENT.Has_Procedure.fill_null(False),
    per=100,
    unit="% of attendances",
    direction=Direction.NEITHER,
    levels=LEVELS,
    breakdowns=APPOINTMENT_BREAKDOWNS,
)
