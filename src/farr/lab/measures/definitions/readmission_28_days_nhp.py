"""Emergency readmission within 28 days."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, SPELL_BREAKDOWNS, is_well_baby
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Emergency readmission within 28 days",
    theme=Theme.OUTCOMES,
    why="The simplest of the three readmission figures, in use longest and in planning models: most series that a hospital keeps itself "
    "are by this rule.",
    definition="Numerator: those followed by an emergency admission of the same person, to any hospital, at most 28 days after discharge "
    "(the flags of the spell table). Denominator: discharges in the period, but for deaths, regular attenders and well babies. Cancer, "
    "maternity, day cases, transfers and self-discharges are not left out, and nothing is standardised. A stay counts once it has ended, "
    "so two months must follow the period. Not PbR's 30 days (RE30), nor NHS Digital's indicator (I02040): the three must not be mixed.",
    source="New Hospital Programme model (The Strategy Unit), mitigator IP-AA-028, which counts readmissions; the denominator is Farr's",
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
