"""Readmissions."""

from farr.lab.planning.coding.indicator import BEYOND_CODING, ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="Readmission within 30 days",
    subject=Subject.CARE,
    says="Discharges followed by an emergency readmission within 30 days, anywhere (Payment by Results rules), against the nation's share "
    "for the same kind of admission, specialty and age. Readmissions after the last month held are not seen, of anybody.",
    why="Sicker people, or people sent home too early, come back. Coming back is seen in another admission, not in codes.",
    source="NCDR SUS PbR derivations (RE30); indirect standardisation, without diagnoses",
    where=ROWS.Is_Readmission_Index,
    numerator=ROWS.Is_Readmitted,
    strata=BEYOND_CODING,
    unit="% of discharges",
    per=100,
)
