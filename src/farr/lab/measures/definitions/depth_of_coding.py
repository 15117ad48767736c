"""Depth of coding."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_admission
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Depth of coding",
    theme=Theme.CODING,
    why="Every further diagnosis that is written down makes a spell look more ill: payment and expected deaths follow. Compare it before "
    "comparing anything that is adjusted for illness.",
    definition="Distinct diagnosis codes recorded in any episode of the spell, the primary one among them, divided by day cases, "
    "elective, emergency and other non-elective spells discharged in the period. A spell without any diagnosis counts with none. Regular "
    "attenders and well babies are left out. Deep coding may be sicker people, better records, or both.",
    source="Depth of coding as clinical coding audits use it: SHMI's contextual indicator (NHS Digital) is the mean of secondary "
    "diagnoses; counting distinct codes over all episodes, the primary one among them, is Farr's choice",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.MEAN,
    table=APC_SPELL,
    denominator=is_admission() & SPELL.Diagnosis_Count.notnull(),
    value=SPELL.Diagnosis_Count,
    unit="diagnoses a spell",
    direction=Direction.LOWER_IS_WORSE,
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
