"""Excess bed days."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_type, is_well_baby
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Excess bed days",
    theme=Theme.LENGTH_OF_STAY,
    why="Days beyond the trim point are paid by the day, and are days that few other people with the same treatment need. They "
    "gather where discharge waits for something.",
    definition="Days of PbR-adjusted length of stay beyond the trim point of the spell's HRG, per 100 spells discharged in the "
    "period: EL, EM and NE spells whose trim point is known. Adjusted: critical care, palliative and rehabilitation days are taken "
    "off, for they are paid apart. Day cases, regular attenders and well babies are left out. Trim points are those of the "
    "tariff year of discharge (Tariff_Year of the spell): a period across April mixes two years' trim points, and a change of tariff "
    "shows as a change of days. A spell of a year whose trim points are not held is left out, never measured by another year's.",
    source="NCDR SUS PbR derivations (Spell_ExcessBedDays), National Tariff, trim points by year",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.MEAN,
    table=APC_SPELL,
    denominator=is_type("EL", "EM", "NE") & ~is_well_baby() & SPELL.Spell_ExcessBedDays.notnull(),
    value=SPELL.Spell_ExcessBedDays,
    per=100,
    unit="excess bed days per 100 spells",
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
