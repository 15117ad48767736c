"""A&E: arrivals by ambulance."""

from datetime import date

from farr.lab.measures.conditions.visits import VISIT, VISIT_BREAKDOWNS, is_unplanned
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.emergency import AE_VISIT

MEASURE = Measure(
    title="A&E: arrivals by ambulance",
    theme=Theme.EMERGENCY_CARE,
    why="Who comes by ambulance is mostly sicker and older, so the share says how heavy a department's work is. Where it is high for the "
    "people served, look at what else could have been sent.",
    definition="Numerator: attendances that arrived by ambulance (arrival mode 1). Denominator: first and unplanned attendances, at any "
    "department, whose arrival mode is known. Planned follow-ups are left out. Helicopters count as ambulances; police, taxis and walking "
    "do not.",
    source="HES A&E data dictionary (AEARRIVALMODE)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=AE_VISIT,
    denominator=is_unplanned() & VISIT.Arrival_Mode.notnull(),
    numerator=VISIT.Arrival_Mode == "1",
    per=100,
    unit="% of attendances",
    direction=Direction.NEITHER,
    levels=LEVELS,
    breakdowns=VISIT_BREAKDOWNS,
)
