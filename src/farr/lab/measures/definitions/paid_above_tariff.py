"""Pounds above what the rules come to."""

from datetime import date

import ibis

from farr.lab.measures.conditions.prices import PRICE_BREAKDOWNS, PRICE_LEVELS, PRICED, is_comparable
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.tables.pricing import SPELL_PRICE

MEASURE = Measure(
    title="Priced above the rules",
    theme=Theme.MONEY,
    why="What the differences are worth to whoever pays: a great many differences of pennies are not worth a meeting, a few of thousands "
    "are. What was priced below the rules is not set against it, for the two are different mistakes.",
    definition="Sum of what each spell was fed above what the rules of its tariff year come to / sum of what they come to, of spells "
    "discharged in the period that have both, × 100. Before market forces. Spells priced at or below the rules add nothing above the line.",
    source="NCDR SUS PbR derivations 2017/18 (Tariff_Initial_Amount to Tariff_Total); National Tariff, Annex A, of each year",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.RATIO,
    table=SPELL_PRICE,
    denominator=is_comparable(),
    value=ibis.greatest(PRICED.Tariff_Total - PRICED.Tariff_Recomputed, 0).cast("decimal(38, 2)").cast("decimal(18, 2)"),
    weight=PRICED.Tariff_Recomputed,
    per=100,
    unit="£ above for each £100 of tariff",
    decimals=2,
    direction=Direction.HIGHER_IS_WORSE,
    levels=PRICE_LEVELS,
    breakdowns=PRICE_BREAKDOWNS,
)
