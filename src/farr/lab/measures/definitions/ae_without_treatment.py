"""A&E: discharged without investigation or treatment."""

from datetime import date

from farr.lab.measures.conditions.visits import VISIT, VISIT_BREAKDOWNS, has_known_end
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.emergency import AE_VISIT

MEASURE = Measure(
    title="A&E: discharged without investigation or treatment",
    theme=Theme.EMERGENCY_CARE,
    why="Those who were sent home with nothing done but advice might have been seen elsewhere, by a pharmacist or a practice. It shows "
    "what a better first door could take, not that coming was foolish.",
    definition="Numerator: attendances discharged to the general practitioner or without follow-up (disposal 02, 03), with no "
    "investigation but none or advice and no treatment but none or advice. Denominator: first and unplanned attendances, at any "
    "department, whose disposal is known. Planned follow-ups are left out. A department that does not record what it does looks as if it "
    "did nothing.",
    source="New Hospital Programme model (The Strategy Unit), activity avoidance: A&E discharged, no investigation or treatment",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=AE_VISIT,
    denominator=has_known_end(),
    numerator=VISIT.Is_Without_Treatment.fill_null(False),
    per=100,
    unit="% of attendances",
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=VISIT_BREAKDOWNS,
)
