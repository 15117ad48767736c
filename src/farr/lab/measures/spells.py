"""Which spells count: row conditions on apc_spell that several measures share."""

import ibis
import ibis.expr.types as ir

from farr.lab.model.tables.sus import APC_SPELL

SPELL: ir.Table = APC_SPELL.unbound

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
