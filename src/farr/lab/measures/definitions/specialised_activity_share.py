"""Specialised spells."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_admission
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Specialised spells",
    theme=Theme.SPECIALISED,
    why="Specialised services are bought nationally, for few people at few hospitals. The share shows what kind of hospital it is, and "
    "whether rules for naming a spell specialised are applied alike.",
    definition="Numerator: spells with a specialised service line, as fed. Denominator: day cases, elective, emergency and other "
    "non-elective spells discharged in the period. The line is what the feed's own tool says (NCBPS); no rule of Farr decides it, and "
    "where the feed holds none, nothing counts as specialised. Regular attenders and well babies are left out.",
    source="NCDR SUS PbR data set (NCBPST service line, NPoC)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=is_admission(),
    numerator=SPELL.Service_Line_Code.notnull(),
    per=100,
    unit="% of spells",
    direction=Direction.NEITHER,
    levels=LEVELS,
    breakdowns=("service_line", *SPELL_BREAKDOWNS),
)
