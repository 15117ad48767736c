"""Ambulatory-care-sensitive admissions per 1,000 people."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_type, is_well_baby
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import PER_HEAD_LEVELS, PERSON_YEARS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Ambulatory-care-sensitive admissions per 1,000 people",
    theme=Theme.EMERGENCY_CARE,
    why="Asthma, diabetes, heart failure and their like should seldom need an emergency bed where care outside hospital works. The "
    "measure looks at practices and community care, though the hospital's threshold is in it too.",
    definition="Numerator: emergency spells discharged in the period whose primary diagnosis is an ambulatory-care-sensitive condition, "
    f"as the spell table flags it. {PERSON_YEARS} The same condition as a secondary diagnosis does not count, nor do planned admissions "
    "for it. Not standardised for age and sex.",
    source="Ambulatory-care-sensitive conditions: the code list of the spell mart, which names its own source; compare NHS Outcomes "
    "Framework 2.3i and 3a, which count less and are standardised",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATE_PER_HEAD,
    table=APC_SPELL,
    denominator=SPELL.Spell_Key.notnull() & ~is_well_baby(),
    numerator=is_type("EM") & SPELL.Is_Ambulatory_Care_Sensitive.fill_null(False),
    per=1000,
    unit="per 1,000 people a year",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("admission_method_emergency",),
    levels=PER_HEAD_LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
