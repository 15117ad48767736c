"""Elective surgery with critical care."""

from datetime import date

from farr.lab.measures.conditions.spells import SPELL, is_type, is_well_baby
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL

MEASURE = Measure(
    title="Elective surgery with critical care",
    theme=Theme.SPECIALISED,
    why="Planned operations are called off for want of a critical-care bed. A high share says that much depends on those beds; a low one "
    "may be good recovery wards, or records that were not sent.",
    definition="Numerator: spells to which a critical-care period is joined. Denominator: elective inpatient spells (no day cases) "
    "discharged in the period in which a procedure is recorded. Any procedure counts, a diagnostic one too; critical care before it "
    "counts as well. Hospitals that send no critical-care records show none.",
    source="NCDR SUS PbR critical-care data set; the definition is Farr's",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=is_type("EL") & ~is_well_baby() & SPELL.Has_Procedure.fill_null(False),
    numerator=SPELL.Has_Critical_Care_Record.fill_null(False),
    per=100,
    unit="% of elective surgical spells",
    direction=Direction.NEITHER,
    codelists=("admission_method_elective",),
    levels=LEVELS,
    breakdowns=("specialty", "procedure", "hrg_chapter", "age_band", "sex"),
)
