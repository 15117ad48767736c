"""Deaths in hospital."""

from farr.lab.planning.coding.indicator import ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="Deaths in hospital",
    subject=Subject.CARE,
    says="Emergency stays that end in death, against the nation's share for the same specialty and age.",
    why="A death is not coded: sicker people die more often. Adjusted without diagnoses, it cannot be moved by coding, as hospital "
    "standardised mortality ratios can.",
    source="Indirect standardisation, without diagnoses; that depth of coding moves HSMR: Mohammed et al., BMJ 2009; 338:b780",
    where=(ROWS.Admission_Type == "EM") & ROWS.Has_Known_Outcome,
    numerator=ROWS.Has_Died,
    strata=("specialty", "age_group"),
    unit="% of emergencies",
    per=100,
    decimals=2,
)
