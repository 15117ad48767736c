"""The conflict mart: spells whose episodes repeat, overlap or lack one another."""

from collections.abc import Mapping

import ibis.expr.types as ir

from farr.lab.marts.challenging.episodes import conflicts
from farr.lab.marts.mart import Mart, Reach
from farr.lab.model.tables.conflict import SPELL_CONFLICT
from farr.lab.model.tables.sus import APC_EPISODE, APC_SPELL


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    spells = tables["apc_spell"]
    found = conflicts(spells, tables["apc_episode"])
    known = spells.select("Spell_Key", "Der_Pseudo_NHS_Number", "Activity_Month")
    return known.inner_join(found, known.Spell_Key == found.Conflict_Key).drop("Conflict_Key")


MART = Mart(table=SPELL_CONFLICT, reads=(APC_SPELL, APC_EPISODE), reach=Reach.PERSON, build=_build)
