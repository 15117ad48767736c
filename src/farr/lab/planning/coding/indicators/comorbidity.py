"""Comorbidity capture."""

from farr.lab.planning.coding.indicator import CASEMIX, ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="Comorbidity capture",
    subject=Subject.CODING,
    says="Admissions in which a comorbidity of the Charlson index is recorded beside the primary diagnosis, against the nation's share "
    "for the same kind of admission, diagnosis and age.",
    why="Comorbidities carry payment and expected deaths. A hospital that writes more of them down looks as if it treated sicker people.",
    source="Quan et al., Med Care 2005; 43:1130 (codes); Mohammed et al., BMJ 2009; 338:b780: Charlson scores that hospitals record "
    "differently bias adjusted mortality",
    where=ROWS.Has_Comorbidity.notnull(),
    numerator=ROWS.Has_Comorbidity,
    strata=CASEMIX,
    unit="% of admissions",
    per=100,
    explained_by=(("length_of_stay", 1), ("mortality", 1), ("critical_care", 1)),
)
