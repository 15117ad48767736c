"""Emergency bed days per 1,000 people."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_stay, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Emergency bed days per 1,000 people",
    theme=Theme.LENGTH_OF_STAY,
    why="Admissions and length of stay in one figure: how many hospital beds a population needs for its emergencies. A place may do well "
    "on either half and badly on the whole.",
    definition=f"Sum of days from admission to discharge of emergency spells discharged in the period. {PERSON_YEARS} All days of a stay "
    "fall in the month of its discharge; a stay of no night adds none (the New Hospital Programme model counts a day more for each). "
    "Well babies, stays whose length is not known and stays that end before they begin are left out. Not standardised for age and sex.",
    source="NCDR SUS PbR derivations (Der_Management_Type EM); HES duration of spell (SPELDUR)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=APC_SPELL,
    denominator=is_type("EM") & is_stay(),
    value=SPELL.Length_of_Stay,
    per=1000,
    unit="bed days per 1,000 people a year",
    decimals=0,
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("admission_method_emergency",),
    levels=PER_HEAD_LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
