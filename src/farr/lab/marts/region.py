"""Organisations of a record: as they are and as they were, and the regions they lie in."""

import ibis
import ibis.expr.types as ir

from farr.lab.marts.succession import with_current_codes
from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables.reference import COMMISSIONER_USUAL_REGION, ORGANISATION, ORGANISATION_CURRENT

ORGANISATIONS = ("Provider_Code", "Commissioner_Code", "GP_Practice_Code")
READS: tuple[TableDeclaration, ...] = (ORGANISATION, ORGANISATION_CURRENT, COMMISSIONER_USUAL_REGION)
"""The tables that with_organisations takes, in its order."""


def with_organisations(rows: ir.Table, organisation: ir.Table, current: ir.Table, usual: ir.Table) -> ir.Table:
    """The rows with provider, commissioner and practice as they are (codes as fed in *_As_Was) and the region of each.

    A commissioner that the reference does not list has the region in which most of its people live (commissioner_usual_region).
    """
    rows = with_current_codes(rows, current, ORGANISATIONS)
    rows = with_region(rows, organisation, level="provider", code="Provider_Code", region="Provider_Region_Code")
    rows = with_region(rows, organisation, level="practice", code="GP_Practice_Code", region="Practice_Region_Code")
    rows = with_region(rows, organisation, level="commissioner", code="Commissioner_Code", region="Listed_Region_Code")
    known = usual.select(Usual_Code=usual.Commissioner_Code, Usual_Region_Code=usual.Region_Code)
    joined = rows.left_join(known, rows.Commissioner_Code == known.Usual_Code)
    region = ibis.coalesce(joined.Listed_Region_Code, joined.Usual_Region_Code)
    return joined.mutate(Commissioner_Region_Code=region).drop("Listed_Region_Code", "Usual_Region_Code", "Usual_Code")


def with_region(rows: ir.Table, organisation: ir.Table, *, level: str, code: str, region: str) -> ir.Table:
    """The rows with a column `region`: that of the organisation of this level whose code is in the column `code`; null where
    the reference does not list it."""
    at_level = organisation.filter(organisation.Organisation_Level == level)
    known = at_level.select(Listed_Code=at_level.Organisation_Code, **{region: at_level.Region_Code})
    return rows.left_join(known, rows[code] == known.Listed_Code).drop("Listed_Code")


def usual_regions(rows: ir.Table) -> ir.Table:
    """Commissioner_Code and Region_Code, a row each: the region that most of the commissioner's `rows` were fed with (ties: the
    first in alphabetical order). One region a commissioner, so that its counts add up to its region's."""
    fed = rows.filter(rows.Commissioner_Code.notnull(), rows.Region_Code.notnull())
    counted = fed.group_by("Commissioner_Code", "Region_Code").aggregate(Held=lambda t: t.count())
    order = ibis.window(group_by=counted.Commissioner_Code, order_by=[counted.Held.desc(), counted.Region_Code])
    ranked = counted.mutate(Place=ibis.row_number().over(order))
    return ranked.filter(ranked.Place == 0).select("Commissioner_Code", "Region_Code")
