"""Emergencies among admissions."""

from farr.lab.planning.coding.indicator import EVERY, ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="Emergencies among admissions",
    subject=Subject.CARE,
    says="Admissions that are emergencies, against the nation's share for the same specialty and age.",
    why="Who comes through the front door is no matter of coding: where there are more of them, other people are treated.",
    source="Admission method (NHS Data Dictionary); indirect standardisation, without diagnoses",
    where=EVERY,
    numerator=ROWS.Admission_Type == "EM",
    strata=("specialty", "age_group"),
    unit="% of admissions",
    per=100,
)
