"""Signs and symptoms as primary diagnosis."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, has_diagnosis, is_admission
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Signs and symptoms as primary diagnosis",
    theme=Theme.CODING,
    why="Chest pain and collapse are why people come, not what was wrong with them. A high share may be short stays in which nothing was "
    "found, or a first episode coded and never returned to.",
    definition="Numerator: spells whose primary diagnosis is a symptom, sign or abnormal finding (ICD-10 R00 to R99, but R69). "
    "Denominator: day cases, elective, emergency and other non-elective spells discharged in the period whose primary diagnosis is "
    "stated: blanks and R69 are in another measure and left out of both. The primary diagnosis is the first episode's. Regular attenders "
    "and well babies are left out.",
    source="ICD-10 chapter XVIII; used as an indicator of coding alongside SHMI (NHS Digital, contextual indicators)",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=is_admission() & SPELL.Spell_Primary_Diagnosis.notnull() & ~has_diagnosis("unspecified_diagnosis"),
    numerator=has_diagnosis("signs_and_symptoms"),
    per=100,
    unit="% of spells",
    direction=Direction.HIGHER_IS_WORSE,
    codelists=("signs_and_symptoms", "unspecified_diagnosis"),
    levels=LEVELS,
    breakdowns=("specialty", "diagnosis", "point_of_delivery", "age_band", "sex"),
)
