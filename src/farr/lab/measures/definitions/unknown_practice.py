"""Spells without a known practice."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, is_admission
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.codelist import load_codelist
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Spells without a known practice",
    theme=Theme.CODING,
    why="Figures per head count people through their practice. A spell whose practice is not known is in no practice's figure, so a high "
    "share makes rates here too low and comparisons of practices uneven.",
    definition="Numerator: spells whose practice is blank or a default code (V81997 none, V81998 not applicable, V81999 not known). "
    "Denominator: day cases, elective, emergency and other non-elective spells discharged in the period. Overseas visitors, prisoners and "
    "people with no practice are counted although their record is right. Regular attenders and well babies are left out. A practice code "
    "that is well formed but wrong is not noticed.",
    source="NHS Data Dictionary, default codes (V81998, V81999; V81997 from general knowledge)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=is_admission(),
    numerator=SPELL.GP_Practice_Code.isnull() | load_codelist("unknown_practice").contains(SPELL.GP_Practice_Code),
    per=100,
    unit="% of spells",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("unknown_practice",),
    levels=("provider", "commissioner", "region", "national"),
    breakdowns=("specialty", "point_of_delivery", "age_band", "sex"),
)
