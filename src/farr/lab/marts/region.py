"""Regions of organisations, from the organisation reference."""

import ibis
import ibis.expr.types as ir


def with_region(rows: ir.Table, organisation: ir.Table, *, level: str, code: str, region: str) -> ir.Table:
    """The rows with a column `region`: that of the organisation of this level whose code is in the column `code`; null where
    the reference does not list it."""
    at_level = organisation.filter(organisation.Organisation_Level == level)
    known = at_level.select(Listed_Code=at_level.Organisation_Code, **{region: at_level.Region_Code})
    return rows.left_join(known, rows[code] == known.Listed_Code).drop("Listed_Code")


def with_usual_region(rows: ir.Table, *, code: str, fed: str, region: str) -> ir.Table:
    """The rows with a column `region`: for each organisation in the column `code`, the region that most of its rows were fed
    with (ties: the first in alphabetical order). One region an organisation, so that its counts add up to its region's."""
    counted = rows.filter(rows[code].notnull(), rows[fed].notnull()).group_by(code, fed).aggregate(Held=lambda t: t.count())
    order = ibis.window(group_by=counted[code], order_by=[counted.Held.desc(), counted[fed]])
    ranked = counted.mutate(Place=ibis.row_number().over(order))
    usual = ranked.filter(ranked.Place == 0).select(Usual_Code=ranked[code], **{region: ranked[fed]})
    return rows.left_join(usual, rows[code] == usual.Usual_Code).drop("Usual_Code")
