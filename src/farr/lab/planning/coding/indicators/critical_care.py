"""Critical care."""

from farr.lab.planning.coding.indicator import BEYOND_CODING, ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="Critical care",
    subject=Subject.CARE,
    says="Stays with a critical-care record, against the nation's share for the same kind of admission, specialty and age.",
    why="Kept in a register of its own, by the unit and not by the coders: sicker people need it more.",
    source="Critical care minimum data set (NHS Digital); indirect standardisation, without diagnoses",
    where=ROWS.Admission_Type != "DC",
    numerator=ROWS.Has_Critical_Care,
    strata=BEYOND_CODING,
    unit="% of stays",
    per=100,
    decimals=2,
)
