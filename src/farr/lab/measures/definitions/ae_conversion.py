"""A&E: attendances admitted."""

from datetime import date

from farr.lab.measures.conditions.visits import VISIT, VISIT_BREAKDOWNS, has_known_end
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.emergency import AE_VISIT

MEASURE = Measure(
    title="A&E: attendances admitted",
    theme=Theme.EMERGENCY_CARE,
    why="Whether a person is admitted depends on where they come. A high share may be thresholds, the lack of another way, or sicker "
    "people; a low one, that a department sees much that is minor.",
    definition="Numerator: attendances that ended in admission to a bed of the same provider (disposal 01). Denominator: first and "
    "unplanned attendances, at any department, whose disposal is known. A transfer to another hospital (07) is no admission here. Planned "
    "follow-ups are left out. Minor injury units and walk-in centres admit few: compare departments of a kind (break it down by "
    "department).",
    source="HES A&E data dictionary (AEATTENDDISP 01)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=AE_VISIT,
    denominator=has_known_end(),
    numerator=VISIT.Is_Admitted.fill_null(False),
    per=100,
    unit="% of attendances",
    direction=Direction.NEITHER,
    levels=LEVELS,
    breakdowns=VISIT_BREAKDOWNS,
)
