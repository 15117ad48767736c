"""Emergencies discharged on the day of admission."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_type, is_well_baby
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Zero-stay emergencies",
    theme=Theme.EMERGENCY_CARE,
    why="A high share of emergencies that go home on the same day may be good same-day care, admissions that a better front door "
    "would avoid, or assessment recorded (and paid) as admission. Either end is worth a conversation.",
    definition="Numerator: emergency spells discharged on the day of admission. Denominator: emergency spells discharged in "
    "the period, but for well babies. Deaths and transfers on the first day are included. This is not NHP's avoidable zero stay, which "
    "also asks for no procedure, an adult, and discharge method 1 to 3.",
    source="NCDR SUS PbR derivations; HES duration of spell (SPELDUR) of 0",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=is_type("EM") & ~is_well_baby(),
    numerator=SPELL.Length_of_Stay == 0,
    per=100,
    unit="% of emergency spells",
    direction=Direction.NEITHER,
    codelists=("admission_method_emergency",),
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
