"""Average length of stay after hip fracture."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, has_diagnosis, is_stay, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Average length of stay after hip fracture",
    theme=Theme.LENGTH_OF_STAY,
    why="Hip fracture tells how well a hospital looks after frail people: a prompt operation, getting up the next day, and somewhere to "
    "go. Few conditions compare hospitals so evenly.",
    definition="Sum of days from admission to discharge, divided by emergency spells of people aged 60 and over discharged in the period "
    "whose primary diagnosis is a hip fracture. Deaths are included, and so are transfers: where people go on to another hospital for "
    "rehabilitation, the spell is shorter than the recovery, and rankings can turn round. Not PbR-adjusted. Fractures while in hospital "
    "for something else are left out.",
    source="ICD-10 S72.0 to S72.2; the age of the National Hip Fracture Database (60 and over) is from general knowledge; spells against "
    "continuous stays: PMC5427566 (fractured proximal femur)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.MEAN,
    table=APC_SPELL,
    denominator=is_type("EM") & is_stay() & (SPELL.Age >= 60).fill_null(False) & has_diagnosis("hip_fracture"),
    value=SPELL.Length_of_Stay,
    unit="days a spell",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("hip_fracture", "admission_method_emergency"),
    levels=LEVELS,
    breakdowns=("specialty", "hrg", "age_band", "sex"),
)
