"""Spells whose episodes overlap, or lack one: they have no price until they are corrected."""

from collections.abc import Mapping

import ibis.expr.types as ir


def with_broken(spells: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    """The spells with Has_Overlap and Lacks_Episode, false where nothing conflicts."""
    found = tables["spell_conflict"].select("Has_Overlap", "Lacks_Episode", Conflict_Key="Spell_Key", Conflict_Month="Activity_Month")
    joined = spells.left_join(found, [spells.Spell_Key == found.Conflict_Key, spells.Activity_Month == found.Conflict_Month])
    both = {name: joined[name].fill_null(False) for name in ("Has_Overlap", "Lacks_Episode")}
    return joined.mutate(**both).drop("Conflict_Key", "Conflict_Month")
