"""Average length of elective stay."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_stay, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Average length of elective stay",
    theme=Theme.LENGTH_OF_STAY,
    why="Planned stays are the hospital's own to arrange: when people come in, how they are prepared, who may send them home. Long ones "
    "mostly mean nights before an operation or a slow getting up after it.",
    definition="Sum of days from admission to discharge, divided by elective inpatient spells (admission method 11 to 13, classification "
    "1) discharged in the period. Day cases are left out, so a hospital that does much as day cases keeps the longer stays: read it "
    "beside the day-case rate. Not PbR-adjusted. Stays whose length is not known, or that end before they begin, are left out.",
    source="NCDR SUS PbR derivations (Der_Management_Type EL); HES duration of spell (SPELDUR)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.MEAN,
    table=APC_SPELL,
    denominator=is_type("EL") & is_stay(),
    value=SPELL.Length_of_Stay,
    unit="days a spell",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("admission_method_elective",),
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
