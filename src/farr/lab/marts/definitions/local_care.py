"""Care outside hospital by the organisations that there are now."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.region import with_region
from farr.lab.marts.succession import with_current_codes
from farr.lab.model.age import AGE_GROUPS, age_group_of_band
from farr.lab.model.tables.local import LOCAL_ACTIVITY, LOCAL_CARE
from farr.lab.model.tables.reference import ORGANISATION, ORGANISATION_CURRENT


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    organisation, current = tables["organisation"], tables["organisation_current"]
    rows = tables["local_activity"].mutate(GP_Practice_Code_As_Was=tables["local_activity"].GP_Practice_Code)
    practices = organisation.filter(organisation.Organisation_Level == "practice")
    known = practices.select(Listed_Practice=practices.Organisation_Code, Listed_Commissioner=practices.Commissioner_Code)
    rows = rows.left_join(known, rows.GP_Practice_Code == known.Listed_Practice)
    rows = rows.mutate(Commissioner_Code=ibis.coalesce(rows.Commissioner_Code, rows.Listed_Commissioner))
    rows = with_current_codes(rows.drop("Listed_Practice", "Listed_Commissioner"), current, ("Commissioner_Code",))
    rows = rows.mutate(
        Local_Service=rows.Care_Setting + "/" + rows.Service,
        Age_Group=ibis.ifelse(rows.Age_Band.isin(tuple(AGE_GROUPS)), rows.Age_Band, age_group_of_band(rows.Age_Band)),
    )
    return with_region(rows, organisation, level="commissioner", code="Commissioner_Code", region="Commissioner_Region_Code")


MART = Mart(
    table=LOCAL_CARE,
    reads=(LOCAL_ACTIVITY, ORGANISATION, ORGANISATION_CURRENT),
    reach=Reach.WHOLE,
    build=_build,
)
