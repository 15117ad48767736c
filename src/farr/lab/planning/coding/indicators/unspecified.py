"""Unspecified primary diagnosis."""

from farr.lab.planning.coding.indicator import BEYOND_CODING, EVERY, ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="Unspecified primary diagnosis",
    subject=Subject.CODING,
    says="Admissions whose primary diagnosis is blank or R69, against the nation's share for the same kind of admission, specialty and "
    "age.",
    why="Nobody is admitted for nothing: whatever the patients are, a missing diagnosis is the record's. It is paid by default, and is "
    "blind in every comparison by diagnosis.",
    source="ICD-10 R69; HES data dictionary (R69X where the diagnosis is not known)",
    where=EVERY,
    numerator=~ROWS.Has_Stated_Diagnosis,
    strata=BEYOND_CODING,
    unit="% of admissions",
    per=100,
    decimals=2,
)
