"""A&E: more than twelve hours in the department."""

from datetime import date

from farr.lab.measures.conditions.visits import VISIT, VISIT_BREAKDOWNS, is_unplanned
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.emergency import AE_VISIT

MEASURE = Measure(
    title="A&E: more than twelve hours in the department",
    theme=Theme.EMERGENCY_CARE,
    why="Half a day in an emergency department is hard on anybody, and on frail people most. It is mostly a wait for a bed, so it is the "
    "whole hospital's figure, and that of care after it.",
    definition="Numerator: attendances that departed more than 720 minutes after arrival. Denominator: first and unplanned attendances, "
    "at any department, whose time to departure is known. From arrival, not from the decision to admit: the published twelve-hour trolley "
    "waits start there and are far fewer. Planned follow-ups and attendances without a time are left out.",
    source="HES A&E data dictionary (DEPDUR); NHS England's measure of twelve hours from time of arrival",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=AE_VISIT,
    denominator=is_unplanned() & VISIT.Is_Over_Twelve_Hours.notnull(),
    numerator=VISIT.Is_Over_Twelve_Hours,
    per=100,
    unit="% of attendances",
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=VISIT_BREAKDOWNS,
)
