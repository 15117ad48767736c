"""Cost per weighted spell."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_admission
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Cost per weighted spell",
    theme=Theme.MONEY,
    why="A hospital with harder cases costs more a spell, and should. Divided by casemix weight, the figures compare like with like: what "
    "an average spell's worth of work was paid.",
    definition="Sum of pounds paid (as fed, market forces factor included) / sum of casemix weights, of day cases, elective, emergency "
    "and other non-elective spells discharged in the period of which both are known. Weight: the national price of the spell's HRG in its "
    "tariff year over the mean price of all. Spells without a price or a cost (HRGs outside the tariff), regular attenders and well "
    "babies are left out. Prices differ between day case and stay, so weights do too. Paid, not spent: it is what the commissioner paid, "
    "not what the hospital's work cost.",
    source="NCDR SUS PbR data set (Grand_Total); National Tariff prices by HRG and year; the weight is Farr's and no official cost index",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATIO,
    table=APC_SPELL,
    denominator=is_admission() & SPELL.Grand_Total.notnull() & SPELL.HRG_Weight.notnull(),
    value=SPELL.Grand_Total,
    weight=SPELL.HRG_Weight,
    unit="£ per weighted spell",
    decimals=0,
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
