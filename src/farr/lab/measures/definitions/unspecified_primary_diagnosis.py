"""Spells whose primary diagnosis says nothing."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, is_well_baby
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.codelist import load_codelist
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

_DIAGNOSIS = SPELL.Spell_Primary_Diagnosis

MEASURE = Measure(
    title="Unspecified primary diagnosis",
    theme=Theme.CODING,
    why="Where the reason for a stay is not recorded, every comparison by diagnosis is blind and payment falls to the default. "
    "It measures coding, not care; coding that came after the month was sent shows as a fall when the month is re-sent.",
    definition="Numerator: spells whose primary diagnosis is blank or R69 (illness, unspecified), which HES also writes where none "
    "was given. Denominator: all spells discharged in the period but well babies. Other codes of symptoms and signs (R00 to R68) "
    "are diagnoses, if vague ones, and are not counted.",
    source="ICD-10 R69; HES data dictionary (R69X where the diagnosis is not known)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=SPELL.Spell_Key.notnull() & ~is_well_baby(),
    numerator=_DIAGNOSIS.isnull() | load_codelist("unspecified_diagnosis").contains(_DIAGNOSIS),
    per=100,
    unit="% of spells",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("unspecified_diagnosis",),
    levels=LEVELS,
    breakdowns=("specialty", "hrg_chapter", "point_of_delivery", "age_band", "sex"),
)
