"""How dear the HRG is for the diagnosis."""

from farr.lab.planning.coding.indicator import ROWS, Indicator, Subject

INDICATOR = Indicator(
    title="HRG price for the diagnosis",
    subject=Subject.CODING,
    says="National price of the HRG in pounds, against the nation's mean for the same kind of admission, group of primary diagnosis, age, "
    "and whether a procedure is recorded.",
    why="Where people of one diagnosis, age and kind of care are grouped to dearer groups than elsewhere, the bill is higher for the same "
    "work, or the work differs: then stays, critical care or procedures do too.",
    source="Farr's own, after the Audit Commission's Payment by Results data assurance framework, which audits changes of HRG",
    where=ROWS.HRG_Price.notnull(),
    value=ROWS.HRG_Price,
    strata=("admission_type", "casemix_group", "operated", "age_group"),
    unit="£ an admission",
    decimals=0,
    explained_by=(("length_of_stay", 1), ("critical_care", 1), ("procedures", 1)),
    is_money=True,
)
