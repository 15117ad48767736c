"""Which organisation each one that closed is today: chains of successions are followed once, and every other mart looks codes up."""

from collections.abc import Mapping

import ibis.expr.types as ir

from farr.lab.marts.mart import Mart, Reach
from farr.lab.marts.succession import current_codes
from farr.lab.model.tables.reference import ORGANISATION_CURRENT, ORGANISATION_SUCCESSOR


def _build(tables: Mapping[str, ir.Table]) -> ir.Table:
    return current_codes(tables["organisation_successor"])


MART = Mart(
    table=ORGANISATION_CURRENT,
    reads=(ORGANISATION_SUCCESSOR,),
    reach=Reach.WHOLE,
    build=_build,
)
