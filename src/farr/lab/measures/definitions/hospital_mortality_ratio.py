"""Hospital mortality ratio, emergencies."""

from datetime import date

from farr.lab.measures.conditions.spells import has_died, has_known_outcome, is_stay, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Hospital mortality ratio, emergencies",
    theme=Theme.OUTCOMES,
    why="Deaths in hospital against those expected of people alike in condition, age and sex. 100 is as expected; a verdict outside "
    "chance is a reason to read case notes, never a judgement by itself.",
    definition="100 × emergency spells that ended in death (discharge method 4) / those expected: the nation's share of each casemix "
    "group, age group and sex in the same months. Emergency spells whose length and discharge method are known; elective deaths are too "
    "few to standardise, and day cases, well babies and stillbirths are left out. This is not SHMI: deaths after discharge are not "
    "counted, expected deaths come from strata and not from a regression, and other illnesses a person has are not allowed for. Nor is it "
    "HSMR. Each ratio may be compared with the nation alone. Deeper coding does not change what is expected; a different primary "
    "diagnosis does.",
    source="Indirect standardisation by strata, as in PHE's technical guide to common public health statistics; casemix groups: the code "
    "list of the spell mart; NHS Digital's SHMI is the official measure",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.STANDARDISED_RATIO,
    table=APC_SPELL,
    denominator=is_type("EM") & is_stay() & has_known_outcome(),
    numerator=has_died(),
    strata=("casemix_group", "age_group", "sex"),
    per=100,
    unit="of 100 expected",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("admission_method_emergency",),
    levels=LEVELS,
    breakdowns=("specialty", "diagnosis_chapter", "age_band", "sex"),
)
