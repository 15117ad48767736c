"""A&E: left before treatment."""

from datetime import date

from farr.lab.measures.conditions.visits import VISIT, VISIT_BREAKDOWNS, has_known_end
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.emergency import AE_VISIT

MEASURE = Measure(
    title="A&E: left before treatment",
    theme=Theme.EMERGENCY_CARE,
    why="People who leave without being treated have often waited longer than they could bear, and may come back sicker.",
    definition="Numerator: attendances that ended before treatment or with its refusal (disposal 12, 13). Denominator: first and "
    "unplanned attendances, at any department, whose disposal is known. Planned follow-ups are left out. The official quality indicator "
    "of 2011 counted those who left before being seen (12) alone; refusals are counted here too.",
    source="HES A&E data dictionary (AEATTENDDISP 12, 13); A&E quality indicators (NHS Digital, from April 2011) for the narrower measure",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=AE_VISIT,
    denominator=has_known_end(),
    numerator=VISIT.Has_Left_Untreated.fill_null(False),
    per=100,
    unit="% of attendances",
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=VISIT_BREAKDOWNS,
)
