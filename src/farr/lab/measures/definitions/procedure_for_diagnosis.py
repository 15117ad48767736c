"""The share of spells with a diagnosis that have a procedure: any pair of the two."""

from datetime import date

import ibis.expr.types as ir

from farr.lab.measures.conditions.spells import SPELL, is_admission
from farr.lab.measures.measure import Chosen, Direction, Measure, MeasureKind, Theme
from farr.lab.model.codelist import load_codelist
from farr.lab.model.dimension import LEVELS
from farr.lab.model.tables.sus import APC_SPELL


def _choose(codes: Chosen) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    diagnosis = codes["diagnosis"].contains(SPELL.Spell_Primary_Diagnosis)
    return is_admission() & diagnosis, codes["procedure"].contains(SPELL.Spell_Dominant_Procedure)


_DENOMINATOR, _NUMERATOR = _choose({"diagnosis": load_codelist("gallstones"), "procedure": load_codelist("gallbladder_removal")})

MEASURE = Measure(
    title="Share of a diagnosis that has a procedure",
    theme=Theme.PLANNED_CARE,
    why="Of people in hospital with one condition, how many have one operation? Choose any pair. Wide differences between like "
    "organisations mean that what is done depends on where one lives.",
    definition="Numerator: spells whose dominant procedure is the procedure chosen. Denominator: spells (day cases, elective, emergency "
    "and other non-elective) discharged in the period whose primary diagnosis is the diagnosis chosen. Where nothing is chosen: removal "
    "of the gall bladder (J18) for gallstones (K80). Spells, not people: one who is admitted with pain and again for the operation counts "
    "twice below and once above. Secondary diagnoses and further procedures do not count; well babies and regular attenders are left out.",
    source="ICD-10 and OPCS-4 codes as chosen; the pair by default is Farr's and not clinically signed off",
    owner="Farr measures",
    review_date=date(2027, 11, 30),
    signed_off_by=None,
    kind=MeasureKind.PROPORTION,
    table=APC_SPELL,
    denominator=_DENOMINATOR,
    numerator=_NUMERATOR,
    per=100,
    unit="% of spells with the diagnosis",
    direction=Direction.NEITHER,
    codelists=("gallstones", "gallbladder_removal"),
    levels=LEVELS,
    breakdowns=("specialty", "point_of_delivery", "age_band", "sex"),
    choices=("diagnosis", "procedure"),
    choose=_choose,
)
