"""Organisations of a record: as they are and as they were, and the regions they lie in."""

import ibis
import ibis.expr.types as ir

from farr.lab.marts.succession import AS_WAS
from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables.activity import OF_PROVIDER, SITE
from farr.lab.model.tables.reference import COMMISSIONER_USUAL_REGION, ORGANISATION, ORGANISATION_CURRENT

READS: tuple[TableDeclaration, ...] = (ORGANISATION, ORGANISATION_CURRENT, COMMISSIONER_USUAL_REGION)
"""The tables that with_organisations takes, in its order."""


def with_organisations(rows: ir.Table, organisation: ir.Table, current: ir.Table, usual: ir.Table) -> ir.Table:
    """The rows with provider, commissioner and practice as they are (codes as fed in *_As_Was) and the region of each.

    A commissioner that the reference does not list has the region in which most of its people live (commissioner_usual_region). A site's
    code becomes one of its provider's alone, as the provider was fed: whoever reads the codes sees which sites were whose before a merger,
    and the gate has to know it too.
    """
    usual = usual.select(Organisation_Code=usual.Commissioner_Code, Region_Code=usual.Region_Code)
    for level, column, region, others in (
        ("provider", "Provider_Code", "Provider_Region_Code", None),
        ("commissioner", "Commissioner_Code", "Commissioner_Region_Code", usual),
        ("practice", "GP_Practice_Code", "Practice_Region_Code", None),
    ):
        known = _places(organisation.filter(organisation.Organisation_Level == level), current, others).rename({region: "Place_Region"})
        rows = rows.mutate(**{column + AS_WAS: rows[column]})
        joined = rows.left_join(known, rows[column] == known.Place_Code)
        rows = joined.mutate(**{column: ibis.coalesce(joined.Place_Now, joined[column])}).drop("Place_Code", "Place_Now")
    return rows.mutate(**{SITE.name: _site(rows)}) if SITE.name in rows.columns else rows


def _site(rows: ir.Table) -> ir.StringValue:
    site, provider = rows[SITE.name], rows["Provider_Code" + AS_WAS]
    return ibis.ifelse(site.startswith(provider).fill_null(False), site, provider.concat(OF_PROVIDER, site.fill_null("")))


def _places(listed: ir.Table, current: ir.Table, usual: ir.Table | None) -> ir.Table:
    """Place_Code, each code of which anything is known, once; Place_Now, today's code, and Place_Region, its region: what the reference
    lists, else the usual one. Few rows, so that many are joined to one table and not to one after the other."""
    regions = [each.select("Organisation_Code", "Region_Code") for each in (listed, usual) if each is not None]
    codes = [each.select(Place_Code=each.Organisation_Code) for each in regions]
    places = ibis.union(current.select(Place_Code=current.Former_Code), *codes, distinct=True)
    places = places.left_join(current, places.Place_Code == current.Former_Code)
    places = places.mutate(Place_Now=ibis.coalesce(places.Current_Code, places.Place_Code)).select("Place_Code", "Place_Now")
    for number, region in enumerate(regions):
        named = region.select(Known_Code=region.Organisation_Code, **{f"Region_{number}": region.Region_Code})
        places = places.left_join(named, places.Place_Now == named.Known_Code).drop("Known_Code")
    found = ibis.coalesce(*(places[f"Region_{number}"] for number in range(len(regions))))
    return places.select("Place_Code", "Place_Now", Place_Region=found)


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
