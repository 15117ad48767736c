"""The usual region of each commissioner: it rests on all records of all months, so the marts that are built by person read it."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.region import usual_regions
from farr.lab.marts.succession import with_current_codes
from farr.lab.model.tables.emergency import AE_ATTENDANCE
from farr.lab.model.tables.outpatients import OP_ATTENDANCE
from farr.lab.model.tables.reference import COMMISSIONER_USUAL_REGION, ORGANISATION_CURRENT
from farr.lab.model.tables.sus import APC_EPISODE

_RECORDS = (APC_EPISODE, OP_ATTENDANCE, AE_ATTENDANCE)


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    fed = ibis.union(*(tables[table.name].select("Commissioner_Code", "Region_Code") for table in _RECORDS))
    return usual_regions(with_current_codes(fed, tables["organisation_current"], ("Commissioner_Code",)))


MART = Mart(
    table=COMMISSIONER_USUAL_REGION,
    reads=(*_RECORDS, ORGANISATION_CURRENT),
    may_lack=_RECORDS,
    reach=Reach.WHOLE,
    build=_build,
)
