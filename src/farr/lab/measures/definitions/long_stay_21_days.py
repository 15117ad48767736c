"""Stays of 21 days or more."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_stay
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Stays of 21 days or more",
    theme=Theme.LENGTH_OF_STAY,
    why="Few people, many beds. After three weeks, many are in hospital for want of a place, a package of care or a decision elsewhere.",
    definition="Numerator: spells of 21 days or more (a stay of exactly 21 days counts, as in NHS England's 21+). Denominator: elective, "
    "emergency and other non-elective spells discharged in the period whose length is known. Counted at discharge: who is still in "
    "hospital is not counted yet, and a month in which many long stays end looks worse for it. Day cases, regular attenders and well "
    "babies are left out. Not PbR-adjusted, so days in critical care count.",
    source="NHS England, long length of stay (21 days or more, once called super-stranded), which counts people in beds on a day; here "
    "spells at discharge",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=is_stay(),
    numerator=SPELL.Length_of_Stay >= 21,
    per=100,
    unit="% of stays",
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
