"""Emergency readmission within 28 days."""

from datetime import date

from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.spells import SPELL, SPELL_BREAKDOWNS, is_well_baby
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Emergency readmission within 28 days",
    theme=Theme.OUTCOMES,
    why="The simplest of the three readmission figures, in use longest and in planning models: most series that a hospital keeps itself "
    "are by this rule.",
    definition="Numerator: those followed by an emergency admission of the same person within 28 days of discharge. Denominator: "
    "discharges in the period that the New Hospital Programme model lets a readmission follow (the flags of the spell table). No "
    "exclusion of cancer or maternity, and no standardisation. A stay counts once it has ended, so two months must follow the period. Not "
    "PbR's 30 days (RE30), nor NHS Digital's indicator (I02040): the three must not be mixed.",
    source="New Hospital Programme model (The Strategy Unit), readmission within 28 days",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=SPELL.NHP_Is_Index.fill_null(False) & ~is_well_baby(),
    numerator=SPELL.NHP_Is_Readmitted.fill_null(False),
    per=100,
    unit="% of discharges",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("admission_method_emergency",),
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
    follow_up_months=2,
)
