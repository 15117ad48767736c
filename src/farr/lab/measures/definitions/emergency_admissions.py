"""Emergency admissions per head."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_type, is_well_baby
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Emergency admissions per 1,000 people",
    theme=Theme.EMERGENCY_CARE,
    why="Emergencies fill the beds that planned care needs. People of similar places differ in how often they are admitted in an "
    "emergency, which points at care out of hospital, at thresholds for admission, or at how a hospital records short stays.",
    definition="Numerator: spells discharged in the period whose admission method is an emergency (21 to 25, 28, 2A to 2D). "
    f"{PERSON_YEARS} A transfer between hospitals as an emergency (2B) counts as a second spell. Not standardised for age and sex.",
    source="NCDR SUS PbR derivations (Der_Management_Type EM); registered lists of NHS Digital; mid-year "
    "estimates of the Office for National Statistics",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=APC_SPELL,
    denominator=SPELL.Spell_Key.notnull() & ~is_well_baby(),
    numerator=is_type("EM"),
    per=1000,
    unit="per 1,000 people a year",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("admission_method_emergency",),
    levels=PER_HEAD_LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
