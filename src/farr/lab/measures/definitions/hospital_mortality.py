"""Deaths in hospital."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL_BREAKDOWNS, has_died, has_known_outcome, is_stay
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Deaths in hospital",
    theme=Theme.OUTCOMES,
    why="How many stays end in death: the plainest figure there is, and one that mostly tells how old and how ill people were. It starts "
    "a question; the ratio beside it takes it further.",
    definition="Numerator: spells that ended in death (discharge method 4). Denominator: elective, emergency and other non-elective "
    "spells discharged in the period whose length and discharge method are known. Day cases, regular attenders, well babies and "
    "stillbirths (5) are left out. Deaths after discharge are not in the data, so places where people die at home, or in a hospice, look "
    "better. A person moved on counts as discharged where they were moved from. Not standardised.",
    source="NHS Data Dictionary, DISCHARGE METHOD (4 died); the definition is Farr's",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=is_stay() & has_known_outcome(),
    numerator=has_died(),
    per=100,
    unit="% of stays",
    decimals=2,
    direction=Direction.HIGHER_IS_WORSE,
    levels=LEVELS,
    breakdowns=SPELL_BREAKDOWNS,
)
