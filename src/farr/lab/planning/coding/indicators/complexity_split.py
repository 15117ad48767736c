"""The complexity split within an HRG root."""

from farr.lab.planning.coding.indicator import ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="Complexity split within the HRG",
    subject=Subject.CODING,
    says="National price of the HRG in pounds, against the nation's mean within the same root (its first four characters), kind of "
    "admission and age: how far spells of one root go to the split with complications.",
    why="The last letter of an HRG tells complications and comorbidities apart, mostly by secondary diagnoses, some by age. A root's "
    "dearer split is what deeper coding is paid by.",
    source="HRG4+ design (NHS Digital, National Casemix Office): root, and split by complications and comorbidities; splits are "
    "told apart by price here, so that no order of letters is taken for granted",
    where=ROWS.HRG_Price.notnull(),
    value=ROWS.HRG_Price,
    strata=("admission_type", "hrg", "age_group"),
    unit="£ an admission",
    decimals=0,
    explained_by=(("length_of_stay", 1), ("mortality", 1), ("critical_care", 1)),
    is_money=True,
)
