"""Which spells count: row conditions on apc_spell that several measures share."""

import ibis
import ibis.expr.types as ir

from farr.lab.model.codelist import load_codelist
from farr.lab.model.tables.sus import APC_SPELL

SPELL: ir.Table = APC_SPELL.unbound

SPELL_BREAKDOWNS = (
    *("specialty", "site", "diagnosis_chapter", "diagnosis", "procedure", "hrg_chapter", "hrg", "episode_group"),
    *("point_of_delivery", "age_band", "sex"),
)
"""What a measure of spells may be broken down by, where nothing in the measure itself fixes it."""
CONDITION_BREAKDOWNS = ("specialty", "site", "hrg", "point_of_delivery", "age_band", "sex")
"""The same for measures of one diagnosis or operation."""
ADMITTED = ("DC", "EL", "EM", "NE")
"""Management types that are admissions as measures mean them: all but regular attenders and unknown types."""

_WELL_BABY_HRG = "PB03Z"
_WELL_BABY_FUNCTION = "424"
_BIRTH_METHODS = ("82", "83")


def is_type(*types: str) -> ir.BooleanValue:
    """The spell's management type is one of `types`; unknown is not."""
    return SPELL.Der_Management_Type.isin(types).fill_null(False)


def is_well_baby() -> ir.BooleanValue:
    """A healthy newborn beside its mother: in hospital, but no patient. HRG PB03Z, or treatment function 424 in a birth spell.

    NHSE and NHP go by function 424 and birth episode (EPITYPE 3); a spell holds no episode type, so its birth method stands for it.
    """
    function = (SPELL.Treatment_Function_Code == _WELL_BABY_FUNCTION) & SPELL.Admission_Method.isin(_BIRTH_METHODS)
    return ibis.or_((SPELL.Spell_Core_HRG == _WELL_BABY_HRG).fill_null(False), function.fill_null(False))


def is_regular_attender() -> ir.BooleanValue:
    """Comes in for a planned series of days or nights (classification 3 and 4): not an admission as measures mean it."""
    return is_type("RDA", "RNA")


def is_admission() -> ir.BooleanValue:
    """A day case, an elective, an emergency or another non-elective spell, of a patient (no well baby)."""
    return is_type(*ADMITTED) & ~is_well_baby()


def is_stay() -> ir.BooleanValue:
    """A spell that used a bed (no day case) and whose length is known. A stay that ends before it begins is an error of the data."""
    return is_type("EL", "EM", "NE") & ~is_well_baby() & (SPELL.Length_of_Stay >= 0).fill_null(False)


def has_known_outcome() -> ir.BooleanValue:
    """It is known whether the person left alive or died (discharge method 1 to 4); a stillbirth (5) is neither."""
    return SPELL.Discharge_Method.isin(("1", "2", "3", "4")).fill_null(False)


def has_died() -> ir.BooleanValue:
    """The spell ended in the person's death (discharge method 4); unknown is not."""
    return (SPELL.Discharge_Method == "4").fill_null(False)


def has_diagnosis(codelist: str) -> ir.BooleanValue:
    """The spell's primary diagnosis is in the code list. Raises CodeListError where there is no such list."""
    return load_codelist(codelist).contains(SPELL.Spell_Primary_Diagnosis)


def has_procedure(codelist: str) -> ir.BooleanValue:
    """The spell's dominant procedure is in the code list. Raises CodeListError where there is no such list."""
    return load_codelist(codelist).contains(SPELL.Spell_Dominant_Procedure)
