"""The population mart: registered people by practice and month, with the practice's commissioner and both regions."""

from collections.abc import Mapping

import ibis.expr.types as ir

from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.region import with_region
from farr.lab.model.tables.reference import ORGANISATION, POPULATION, REGISTERED_POPULATION


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    organisation = tables["organisation"]
    practices = organisation.filter(organisation.Organisation_Level == "practice")
    practices = practices.select(
        Listed_Practice=practices.Organisation_Code,
        Commissioner_Code=practices.Commissioner_Code,
        Practice_Region_Code=practices.Region_Code,
    )
    people = tables["registered_population"]
    joined = people.left_join(practices, people.GP_Practice_Code == practices.Listed_Practice).drop("Listed_Practice")
    return with_region(
        joined, organisation, level="commissioner", code="Commissioner_Code", region="Commissioner_Region_Code"
    )  # fmt: skip


MART = Mart(table=POPULATION, reads=(REGISTERED_POPULATION, ORGANISATION), reach=Reach.MONTH, build=_build)
