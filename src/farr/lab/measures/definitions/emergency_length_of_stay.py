"""Average length of emergency stay."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_stay, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Average length of emergency stay",
    theme=Theme.LENGTH_OF_STAY,
    why="Emergencies use most beds. Long stays point at waits within hospital and for care after it; at frailer people too, so look at it "
    "by specialty and age.",
    definition="Sum of days from admission to discharge, divided by emergency spells discharged in the period. Stays of no night are "
    "included: where many are admitted for hours, the average is short, so read it beside the zero stays. Spells, not continuous stays: a "
    "transfer ends one and begins another. Not PbR-adjusted. Well babies, stays whose length is not known and stays that end before they "
    "begin are left out.",
    source="NCDR SUS PbR derivations (Der_Management_Type EM); HES duration of spell (SPELDUR)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.MEAN,
    table=APC_SPELL,
    denominator=is_type("EM") & is_stay(),
    value=SPELL.Length_of_Stay,
    unit="days a spell",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("admission_method_emergency",),
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
