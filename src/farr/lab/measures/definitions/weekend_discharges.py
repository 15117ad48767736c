"""Emergency inpatients sent home at the weekend."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, is_stay, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

_DISCHARGED = is_type("EM") & is_stay() & (SPELL.Length_of_Stay >= 1) & SPELL.Discharge_Method.isin(["1", "2", "3"]).fill_null(False)
_AT_WEEKEND = SPELL.Discharge_Date.day_of_week.index() >= 5  # Monday is 0

MEASURE = Measure(
    title="Emergency inpatients sent home at the weekend",
    theme=Theme.LENGTH_OF_STAY,
    why="Two days in seven are Saturday and Sunday, so where discharge does not wait for Monday, 28.6% go home then. Every point below it "
    "is beds held over the weekend.",
    definition="Numerator: those discharged on a Saturday or a Sunday. Denominator: emergency spells of at least one night discharged "
    "alive in the period (discharge method 1 to 3). Stays of no night are left out, for they end on the day they begin; so are deaths, "
    "and discharges whose day or method is not known. Bank holidays count as the day of the week that they are.",
    source="Days of the calendar; NHS England's seven-day services ask for discharge at weekends; the definition is Farr's",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=_DISCHARGED & SPELL.Discharge_Date.notnull(),
    numerator=_AT_WEEKEND,
    per=100,
    unit="% of discharges",
    direction=Direction.LOWER_IS_WORSE,
    codelists=("admission_method_emergency",),
    levels=LEVELS,
    breakdowns=("specialty", "diagnosis_chapter", "age_band", "sex"),
)
