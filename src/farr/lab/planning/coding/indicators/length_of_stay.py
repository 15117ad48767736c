"""Length of stay."""

from farr.lab.planning.coding.indicator import BEYOND_CODING, ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="Length of stay",
    subject=Subject.CARE,
    says="Nights of stays (no day cases), against the nation's mean for the same kind of admission, specialty and age.",
    why="A bed is taken or it is not, whatever is written down. Sicker people stay longer.",
    source="Indirect standardisation (Breslow and Day 1987), without diagnoses, which are what is in question",
    where=(ROWS.Admission_Type != "DC") & (ROWS.Length_of_Stay >= 0).fill_null(False),
    value=ROWS.Length_of_Stay,
    strata=BEYOND_CODING,
    unit="nights",
    decimals=2,
)
