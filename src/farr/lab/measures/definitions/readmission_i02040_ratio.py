"""Emergency readmission ratio, after NHS Digital."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, is_well_baby
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Emergency readmission ratio, after NHS Digital",
    theme=Theme.OUTCOMES,
    why="Readmissions against those expected of people alike in age, sex, condition and way of admission: what is left when a hospital's "
    "people are allowed for. 100 is as expected.",
    definition="100 × index discharges followed by an emergency admission of the same person, to any provider, 0 to 29 days later / those "
    "expected: the nation's share of each casemix group, age group, point of delivery and sex in the same months. Index discharges end a "
    "continuous stay; day cases, deaths, cancer and obstetrics are left out (the flags of the spell table). After NHS Digital's indicator "
    "I02040, which takes selected specialties and standardises by its own groups of diagnoses and procedures, so figures will not agree "
    "with it. Short emergency stays are a stratum of their own, which allows for some of what early discharge does. Each ratio may be "
    "compared with the nation alone. A stay counts once it has ended, so two months must follow the period. Not PbR's 30 days, nor a "
    "28-day rate.",
    source="NHS Digital, Compendium indicator I02040 (emergency readmissions within 30 days of discharge); its code lists were not "
    "available to check against",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.STANDARDISED_RATIO,
    table=APC_SPELL,
    denominator=SPELL.I02040_Is_Index.fill_null(False) & ~is_well_baby(),
    numerator=SPELL.I02040_Is_Readmitted.fill_null(False),
    strata=("casemix_group", "age_group", "point_of_delivery", "sex"),
    per=100,
    unit="of 100 expected",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("admission_method_emergency", "cancer"),
    levels=LEVELS,
    breakdowns=("specialty", "diagnosis_chapter", "age_band", "sex"),
    follow_up_months=2,
)
