"""Signs and symptoms as primary diagnosis."""

from farr.lab.planning.coding.indicator import BEYOND_CODING, ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="Signs and symptoms as primary diagnosis",
    subject=Subject.CODING,
    says="Of admissions with a stated primary diagnosis, those of which it is a symptom or sign (ICD-10 R00 to R99 but R69), against the "
    "nation's share for the same kind of admission, specialty and age.",
    why="A symptom is why somebody came. Left standing as the diagnosis it is either a short stay in which nothing was found, or a record "
    "that nobody went back to: the first would show in shorter stays.",
    source="ICD-10 chapter XVIII; contextual indicator published with SHMI (NHS Digital)",
    where=ROWS.Has_Stated_Diagnosis,
    numerator=ROWS.Is_Symptom,
    strata=BEYOND_CODING,
    unit="% of admissions",
    per=100,
    explained_by=(("length_of_stay", -1), ("emergencies", 1)),
)
