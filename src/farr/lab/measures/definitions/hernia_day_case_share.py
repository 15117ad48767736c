"""Hernia repairs done as day cases."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, is_type
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.codelist import load_codelist
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Hernia repairs done as day cases",
    theme=Theme.PLANNED_CARE,
    why="Most planned repairs of a groin or umbilical hernia need no night in hospital. One common operation compares "
    "organisations more fairly than all operations together do.",
    definition="Denominator: elective admissions (day cases and inpatients) discharged in the period whose dominant procedure is "
    "repair of an inguinal, femoral or umbilical hernia. Numerator: those that were day cases. Emergency repairs are left out, for "
    "they cannot be planned as day cases; so are incisional and other hernias of the abdominal wall.",
    source="OPCS-4 T20 to T24; day-case procedures as listed by The Strategy Unit (nhp_data); the British Association of Day "
    "Surgery keeps a directory of rates, which was not available to check against",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=is_type("DC", "EL") & load_codelist("hernia_repair").contains(SPELL.Spell_Dominant_Procedure),
    numerator=is_type("DC"),
    per=100,
    unit="% of elective hernia repairs",
    direction=Direction.LOWER_IS_WORSE,
    codelists=("hernia_repair", "admission_method_elective"),
    levels=LEVELS,
    breakdowns=("procedure", "age_band", "sex"),
)
