"""Spells whose price is not what the rules come to."""

from datetime import date

from farr.lab.measures.conditions.prices import PRICE_BREAKDOWNS, PRICE_LEVELS, disagrees, is_comparable
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.tables.pricing import SPELL_PRICE

MEASURE = Measure(
    title="Spells priced otherwise than by the rules",
    theme=Theme.MONEY,
    why="The first question to ask of a bill: is each stay priced as the year's rules say? Broken down by why the price differs it is the "
    "beginning of a list of contract challenges. It says nothing of who is right: a rule that was agreed locally differs too.",
    definition="Spells whose price at national tariff as fed differs by a penny or more from what Farr works out by the rules of the "
    "spell's tariff year (initial amount, best practice, short stay, excess days, top-up; before market forces), of all spells discharged "
    "in the period that have both. Spells outside the tariff, and years whose prices are not held, are left out. Local prices and "
    "adjustments, the marginal rate for emergencies and unpaid readmissions are not among the rules.",
    source="NCDR SUS PbR derivations 2017/18 (Tariff_Initial_Amount to Tariff_Total); National Tariff, Annex A, of each year",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=SPELL_PRICE,
    denominator=is_comparable(),
    numerator=disagrees(),
    per=100,
    unit="% of spells with a price",
    decimals=1,
    direction=Direction.HIGHER_IS_WORSE,
    levels=PRICE_LEVELS,
    breakdowns=PRICE_BREAKDOWNS,
)
