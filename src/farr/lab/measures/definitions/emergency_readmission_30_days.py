"""Emergency readmission within 30 days, by the rule of Payment by Results."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_well_baby
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Emergency readmission within 30 days",
    theme=Theme.OUTCOMES,
    why="An emergency soon after going home may mean that people left too early, or without the care they needed there. Many "
    "readmissions cannot be avoided: the comparison matters, not the figure.",
    definition="Denominator: discharges in the period that a readmission could follow. Left out: death, self-discharge, transfer "
    "to another hospital, regular attenders, and PbR's exclusions: maternity (HRG NZ), cancer as primary diagnosis, chemo- or "
    "radiotherapy, dialysis, children of three and under. Numerator: those followed by an emergency admission of the same "
    "person, to any provider, 0 to 30 days after discharge, which is no transfer and under no exclusion. A stay counts once it "
    "has ended, so two months must follow the period. Not NHS Digital's standardised indicator (I02040), nor a 28-day rate.",
    source="NCDR SUS PbR RE30 derivation (Payment by Results, non-payment of readmissions, from 2011/12)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=SPELL.RE30_Is_Index.fill_null(False) & ~is_well_baby(),
    numerator=SPELL.RE30_Is_Readmitted.fill_null(False),
    per=100,
    unit="% of discharges",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("admission_method_emergency", "cancer"),
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
    follow_up_months=2,
)
