"""A&E: departed within four hours."""

from datetime import date

from farr.lab.measures.conditions.visits import VISIT, VISIT_BREAKDOWNS, is_unplanned
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.emergency import AE_VISIT

MEASURE = Measure(
    title="A&E: departed within four hours",
    theme=Theme.EMERGENCY_CARE,
    why="The four-hour standard shows how freely people move through a hospital: when beds are full, admitted people wait in the "
    "department, and everybody waits behind them.",
    definition="Numerator: attendances that departed within 240 minutes of arrival. Denominator: first and unplanned attendances, at any "
    "department, whose time to departure is known. Planned follow-ups are left out, and so are attendances without a time: where many "
    "lack one, the figure says little. Minor departments see nearly everybody in time: compare departments of a kind (break it down by "
    "department).",
    source="NHS England's four-hour standard (A&E waiting times and activity); HES A&E data dictionary (DEPDUR). Here from records of "
    "attendances, not from the monthly return of hospitals",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=AE_VISIT,
    denominator=is_unplanned() & VISIT.Is_Within_Four_Hours.notnull(),
    numerator=VISIT.Is_Within_Four_Hours,
    per=100,
    unit="% of attendances",
    direction=Direction.LOWER_IS_WORSE,
    levels=LEVELS,
    breakdowns=VISIT_BREAKDOWNS,
)
