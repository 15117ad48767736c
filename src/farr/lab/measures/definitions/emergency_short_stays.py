"""Emergency stays under two days."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_stay, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Emergency stays under two days",
    theme=Theme.EMERGENCY_CARE,
    why="Stays of a night or none are where same-day care, assessment units and thresholds for admission differ most. They are also where "
    "the tariff pays less.",
    definition="Numerator: emergency spells of no night or one (discharged on the day of admission or the day after). Denominator: "
    "emergency spells whose length is known. Days in hospital, not adjusted: the tariff's short stay (point of delivery NELST) takes "
    "critical-care days off first, so a long stay in intensive care can be short there. Deaths and transfers are included; well babies "
    "are left out.",
    source="NCDR SUS PbR derivations (NELST: under 2 days), on unadjusted days; HES duration of spell (SPELDUR)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=is_type("EM") & is_stay(),
    numerator=SPELL.Length_of_Stay < 2,
    per=100,
    unit="% of emergency spells",
    direction=Direction.NEITHER,
    codelists=("admission_method_emergency",),
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
