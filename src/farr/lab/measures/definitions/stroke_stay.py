"""Average length of stay after stroke."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, has_diagnosis, is_stay, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Average length of stay after stroke",
    theme=Theme.LENGTH_OF_STAY,
    why="Few conditions need so much time in bed. Early supported discharge shortens stays where it exists; where it does not, people "
    "wait in hospital for rehabilitation.",
    definition="Sum of days from admission to discharge, divided by emergency spells discharged in the period whose primary diagnosis is "
    "a stroke (I61, I63, I64). Deaths are included. Transfers end a spell: the national average was 12.6 days by spell and 16.5 by "
    "continuous stay, and one area went from third shortest to fourth longest, so ask who transfers before ranking. Subarachnoid "
    "haemorrhage (I60), transient attacks (G45) and late effects (I69) are left out.",
    source="ICD-10 I61, I63, I64; PMC5427566 for spells against continuous stays",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.MEAN,
    table=APC_SPELL,
    denominator=is_type("EM") & is_stay() & has_diagnosis("stroke"),
    value=SPELL.Length_of_Stay,
    unit="days a spell",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("stroke", "admission_method_emergency"),
    levels=LEVELS,
    breakdowns=("specialty", "hrg", "age_band", "sex"),
)
