"""A&E: attendances again within seven days."""

from datetime import date

from farr.lab.measures.conditions.visits import VISIT, VISIT_BREAKDOWNS, is_unplanned
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.emergency import AE_VISIT

MEASURE = Measure(
    title="A&E: attendances again within seven days",
    theme=Theme.EMERGENCY_CARE,
    why="Coming back within a week may mean that the first visit settled little, or that nobody else would see the person. Neither very "
    "high nor very low figures are good: some people are rightly told to come back.",
    definition="Numerator: unplanned attendances within seven days after another attendance, at any department of any provider, of the "
    "same person. Denominator: first and unplanned attendances. It counts against the department that was come back to, not the one "
    "before. People without a pseudonym cannot be followed and never count as returning. Planned follow-ups are left out of both.",
    source="After the A&E quality indicator on unplanned re-attendance (NHS Digital, from April 2011), which follows people within one "
    "provider; here across all that the data hold",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=AE_VISIT,
    denominator=is_unplanned(),
    numerator=VISIT.Is_Reattendance.fill_null(False),
    per=100,
    unit="% of attendances",
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=VISIT_BREAKDOWNS,
)
