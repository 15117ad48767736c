"""Gall bladders removed as day cases."""

from datetime import date

from farr.lab.measures.conditions.spells import has_procedure, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Gall bladders removed as day cases",
    theme=Theme.PLANNED_CARE,
    why="Keyhole removal of the gall bladder can be a day case for many people. Whether it is follows how lists are ordered and who may "
    "send people home in the evening.",
    definition="Numerator: day cases. Denominator: elective admissions (day cases and inpatients) discharged in the period whose dominant "
    "procedure is removal of the gall bladder, open operations among them. Emergency removals are left out: they cannot be planned as day "
    "cases. An inpatient who went home on the day of operation counts as an inpatient.",
    source="OPCS-4 J18; The Strategy Unit (nhp_data) lists J183 as usually, and J181, J182, J185 and J189 as occasionally done as day "
    "cases; the British Association of Day Surgery keeps a directory of rates, which was not available to check against",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=is_type("DC", "EL") & has_procedure("gallbladder_removal"),
    numerator=is_type("DC"),
    per=100,
    unit="% of elective gall bladder removals",
    direction=Direction.LOWER_IS_WORSE,
    codelists=("gallbladder_removal", "admission_method_elective"),
    levels=LEVELS,
    breakdowns=("age_band", "sex"),
)
