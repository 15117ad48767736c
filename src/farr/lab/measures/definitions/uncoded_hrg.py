"""Spells without a usable HRG."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, is_admission
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.codelist import load_codelist
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Spells without a usable HRG",
    theme=Theme.CODING,
    why="A spell that could not be grouped is not paid by its work and drops out of every comparison by casemix. Mostly it is coding that "
    "is late; a high share months later is coding that never came.",
    definition="Numerator: spells whose HRG is blank or UZ01Z (data invalid for grouping). Denominator: day cases, elective, emergency "
    "and other non-elective spells discharged in the period. HRGs without a national price are codes, and not counted. Regular attenders "
    "and well babies are left out.",
    source="HRG4+ (UZ01Z); NCDR SUS PbR data set (Spell_Core_HRG)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=is_admission(),
    numerator=SPELL.Spell_Core_HRG.isnull() | load_codelist("uncoded_hrg").contains(SPELL.Spell_Core_HRG),
    per=100,
    unit="% of spells",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("uncoded_hrg",),
    levels=LEVELS,
    breakdowns=("specialty", "point_of_delivery", "age_band", "sex"),
)
