"""Day-case rate."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL_BREAKDOWNS, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Day-case rate",
    theme=Theme.PLANNED_CARE,
    why="Planned treatment without a night in hospital suits most people, frees beds and is seldom called off for want of one. A "
    "low rate against similar organisations points at habit, theatre lists or facilities more often than at patients.",
    definition="Numerator: day cases, that is elective admission (11 to 13) and patient classification 2. Denominator: day cases "
    "and elective inpatients (classification 1) discharged in the period. Regular day and night attenders (3, 4) are in neither.",
    source="NCDR SUS PbR derivations (Der_Management_Type DC, EL)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=is_type("DC", "EL"),
    numerator=is_type("DC"),
    per=100,
    unit="% of elective spells",
    direction=Direction.LOWER_IS_WORSE,
    codelists=("admission_method_elective",),
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
