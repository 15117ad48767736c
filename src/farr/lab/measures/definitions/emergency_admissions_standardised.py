"""Emergency admissions, standardised for age and sex."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, is_type, is_well_baby
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import STANDARDISED_RATE_LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Emergency admissions, standardised for age and sex",
    theme=Theme.EMERGENCY_CARE,
    why="Old people are admitted in an emergency far more often than young ones. Were every place as old as the European standard "
    "population, what would its rate be? What difference is left is not one of age.",
    definition="Emergency spells (admission method 21 to 25, 28, 2A to 2D) discharged in the period per 1,000 registered people a year, "
    "by wide age group (00-14, 15-44, 45-64, 65-74, 75-84, 85 and over) and sex, weighted by the European Standard Population 2013 (half "
    "to either sex). Wide groups, so that fewer figures have to be hidden: ages within a group are not evened out. Left out: spells of "
    "people whose age or sex is not known. Counts a transfer as an emergency (2B) as a second spell, as the crude rate does. Standardised "
    "for nothing else: not for deprivation, nor for ill health.",
    source="NCDR SUS PbR derivations (Der_Management_Type EM); European Standard Population 2013 (Eurostat); intervals by Dobson's "
    "method, as in PHE's technical guide to common public health statistics",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.DIRECTLY_STANDARDISED,
    table=APC_SPELL,
    denominator=SPELL.Spell_Key.notnull() & ~is_well_baby(),
    numerator=is_type("EM"),
    per=1000,
    unit="per 1,000 people a year, at the ages of the standard population",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("admission_method_emergency",),
    levels=STANDARDISED_RATE_LEVELS,
)
