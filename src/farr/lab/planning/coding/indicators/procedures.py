"""Procedures."""

from farr.lab.planning.coding.indicator import BEYOND_CODING, ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="Admissions with a procedure",
    subject=Subject.CARE,
    says="Emergency and other unplanned admissions with a procedure recorded, against the nation's share for the same specialty and age.",
    why="What is done to people changes their HRG for good reason. Procedures are recorded by coders too, but are seldom made up.",
    source="Indirect standardisation, without diagnoses; Farr's own choice of unplanned care, where planned care is all procedures",
    where=ROWS.Admission_Type.isin(("EM", "NE")),
    numerator=ROWS.Operated == "with",
    strata=BEYOND_CODING,
    unit="% of admissions",
    per=100,
)
