"""Lasting conditions that are recorded again."""

from farr.lab.planning.coding.indicator import ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="Lasting conditions recorded again",
    subject=Subject.CODING,
    says="Of lasting conditions (such as dementia, diabetes, heart failure) that an admission anywhere in the year before recorded of the "
    "person, the share that this one records again, against the nation's for the same kind of admission and age.",
    why="The condition is still there: what differs is the record. No difference between patients can explain a low share, and it is the "
    "nearest thing to a measure of coding alone.",
    source="Farr's own: looking back over earlier admissions for comorbidities is usual (as Preen et al., J Clin Epidemiol 2006; 59:940); "
    "which conditions last is Farr's choice, and clinical sign-off is open",
    where=ROWS.Known_Conditions > 0,
    value=ROWS.Repeated_Conditions / ROWS.Known_Conditions,
    strata=("admission_type", "age_group"),
    unit="% recorded again",
    per=100,
)
