"""Critical-care days per coronary bypass."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, has_procedure, is_admission
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Critical-care days per coronary bypass",
    theme=Theme.SPECIALISED,
    why="Critical care is the dearest bed a hospital has. After one and the same operation, what differs is practice, step-down beds and "
    "how ill people were.",
    definition="Critical-care days (calendar days, the first and the last included) divided by spells discharged in the period whose "
    "dominant procedure is a coronary artery bypass graft, planned or not. Days of all critical-care periods joined to the spell, adult "
    "and other, before the operation too. A spell without a critical-care record adds no days: where hardly any has one, records are "
    "missing rather than days. Bypass beside a valve operation counts only where it is the dominant procedure.",
    source="OPCS-4 K40 to K46; NCDR SUS PbR critical-care data set (CC_Days_LOS)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.MEAN,
    table=APC_SPELL,
    denominator=is_admission() & has_procedure("coronary_bypass") & SPELL.Critical_Care_Days.notnull(),
    value=SPELL.Critical_Care_Days,
    unit="critical-care days a spell",
    decimals=2,
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("coronary_bypass",),
    levels=LEVELS,
    breakdowns=("hrg", "point_of_delivery", "age_band", "sex"),
)
