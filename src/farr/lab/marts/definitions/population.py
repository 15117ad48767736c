"""The population mart: registered people by practice and month, with commissioners and regions as they are, and codes as they were."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.region import with_region
from farr.lab.marts.succession import with_current_codes
from farr.lab.model.age import age_group_of_band
from farr.lab.model.tables.reference import (
    ORGANISATION,
    ORGANISATION_CURRENT,
    ORGANISATION_PARENT,
    POPULATION,
    REGISTERED_POPULATION,
)

_ALWAYS = "0001-01-01"  # a membership without a first day has always been


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    organisation, current = tables["organisation"], tables["organisation_current"]
    people = with_current_codes(tables["registered_population"], current, ("GP_Practice_Code",))
    people = with_current_codes(_with_commissioner(people, organisation), current, ("Commissioner_Code",))
    people = _with_commissioner_then(people, tables["organisation_parent"])
    people = with_region(people, organisation, level="practice", code="GP_Practice_Code", region="Practice_Region_Code")
    people = people.mutate(Age_Group=age_group_of_band(people.Age_Band))
    return with_region(people, organisation, level="commissioner", code="Commissioner_Code", region="Commissioner_Region_Code")


def _with_commissioner(people: ir.Table, organisation: ir.Table) -> ir.Table:
    practices = organisation.filter(organisation.Organisation_Level == "practice")
    known = practices.select(Listed_Practice=practices.Organisation_Code, Commissioner_Code=practices.Commissioner_Code)
    return people.left_join(known, people.GP_Practice_Code == known.Listed_Practice).drop("Listed_Practice")


def _with_commissioner_then(people: ir.Table, parent: ir.Table) -> ir.Table:
    """The people with Commissioner_Code_As_Was: of which the practice was a member on the first of the month, when lists are taken;
    where no membership is held, the commissioner of now. Of two memberships on a day the one joined later counts."""
    lists = people.select(List_Practice="GP_Practice_Code_As_Was", List_Month="Activity_Month").distinct()
    lists = lists.mutate(Taken=(lists.List_Month + "-01").cast("date"))
    held = parent.filter(parent.Organisation_Level == "practice", parent.Parent_Code.notnull())
    held = held.mutate(Since=held.Join_Date.fill_null(ibis.literal(_ALWAYS).cast("date")))
    members = lists.inner_join(held, lists.List_Practice == held.Organisation_Code)
    members = members.filter(members.Since <= members.Taken, (members.Left_Date >= members.Taken).fill_null(True))
    latest = ibis.window(group_by=[members.List_Practice, members.List_Month], order_by=[members.Since.desc(), members.Parent_Code])
    ranked = members.mutate(Place=ibis.row_number().over(latest))
    once = ranked.filter(ranked.Place == 0).select("List_Practice", "List_Month", "Parent_Code")
    joined = people.left_join(once, [people.GP_Practice_Code_As_Was == once.List_Practice, people.Activity_Month == once.List_Month])
    then = ibis.coalesce(joined.Parent_Code, joined.Commissioner_Code)
    return joined.mutate(Commissioner_Code_As_Was=then).drop("List_Practice", "List_Month", "Parent_Code")


MART = Mart(
    table=POPULATION,
    reads=(REGISTERED_POPULATION, ORGANISATION, ORGANISATION_CURRENT, ORGANISATION_PARENT),
    reach=Reach.MONTH,
    build=_build,
)
