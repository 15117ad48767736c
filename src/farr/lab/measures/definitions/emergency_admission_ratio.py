"""Emergency admission ratio."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, is_type, is_well_baby
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.measures.people import STANDARDISED_RATIO_LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Emergency admission ratio",
    theme=Theme.EMERGENCY_CARE,
    why="A practice is too small for a rate at every age. This sets its emergencies against those that its people would have had at the "
    "nation's rates for their age and sex: 100 is as many as expected, 120 a fifth more.",
    definition="100 × emergency spells (admission method 21 to 25, 28, 2A to 2D) discharged in the period / those expected: the nation's "
    "rate of each wide age group (00-14, 15-44, 45-64, 65-74, 75-84, 85 and over) and sex in the same months, applied to the "
    "organisation's registered people. Left out: spells of people whose age or sex is not known. Each ratio may be compared with the "
    "nation (100) alone: each is weighted by its own people, so two of them are never ranked against each other.",
    source="NCDR SUS PbR derivations (Der_Management_Type EM); indirect standardisation as in PHE's technical guide to common public "
    "health statistics; NHS Digital on not comparing indirectly standardised ratios with each other",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.STANDARDISED_RATIO_PER_HEAD,
    table=APC_SPELL,
    denominator=SPELL.Spell_Key.notnull() & ~is_well_baby(),
    numerator=is_type("EM"),
    per=100,
    unit="of 100 expected",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("admission_method_emergency",),
    levels=STANDARDISED_RATIO_LEVELS,
)
