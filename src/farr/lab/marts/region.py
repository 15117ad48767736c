"""Regions of organisations, from the organisation reference."""

import ibis.expr.types as ir


def with_region(rows: ir.Table, organisation: ir.Table, *, level: str, code: str, region: str) -> ir.Table:
    """The rows with a column `region`: that of the organisation of this level whose code is in the column `code`; null where
    the reference does not list it."""
    at_level = organisation.filter(organisation.Organisation_Level == level)
    known = at_level.select(Listed_Code=at_level.Organisation_Code, **{region: at_level.Region_Code})
    return rows.left_join(known, rows[code] == known.Listed_Code).drop("Listed_Code")
