"""All specialised activity is commissioned nationally."""

import ibis.expr.types as ir

from farr.lab.planning.scenario import Move, Scenario


def _is_specialised(spells: ir.Table) -> ir.BooleanValue:
    return spells.Service_Line_Code.notnull()


SCENARIO = Scenario(
    title="Specialised services are paid for nationally",
    why="A change of which services are specialised moves spells, and the money for them, between commissioners. What would each part "
    "with?",
    source="An illustration: every spell with a service line (NCBPST, as fed) goes to one commissioner. Its code is a parameter; 13Q was "
    "NHS England's in SUS (not verified)",
    move=Move(where=_is_specialised, to="13Q"),
)
