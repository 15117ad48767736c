"""Depth of coding."""

from farr.lab.planning.coding.indicator import CASEMIX, EVERY, ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="Depth of coding",
    subject=Subject.CODING,
    says="Distinct diagnoses beside the primary one, on average, against the nation's for the same kind of admission, diagnosis and age.",
    why="Each further diagnosis makes a spell look more ill, moves it to a dearer group and raises the deaths that are expected of it. "
    "It can rise because patients are sicker, or because coders see more of the notes.",
    source="SHMI contextual indicator, mean depth of coding (NHS Digital); Audit Commission, Payment by Results data assurance framework: "
    "depth as a pointer to where to audit",
    where=EVERY,
    value=ROWS.Secondary_Diagnosis_Count,
    strata=(*CASEMIX, "operated"),
    unit="diagnoses beside the first",
    decimals=2,
    explained_by=(("length_of_stay", 1), ("mortality", 1), ("critical_care", 1)),
)
