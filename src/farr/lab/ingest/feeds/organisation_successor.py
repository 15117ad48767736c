"""Which organisation took over from which, and when: Farr's own layout, the Organisation Data Service's succ and succarc files
(without a header: formats/headerless.py), or a list of old and new codes.

Chains are kept as published (each link is a row), and so are splits (one organisation, several successors).
"""

import ibis.expr.types as ir

from farr.lab.ingest.feed import Feed, RowCheck, kept
from farr.lab.ingest.published import ORGANISATION_CODE, day, upper
from farr.lab.model.tables.reference import ORGANISATION_SUCCESSOR

_PUBLIC = "Published by the Organisation Data Service; about no person"


def _is_succession(row: ir.Table) -> ir.BooleanValue:
    return row["Organisation_Code"] != row["Successor_Code"]


FEED = Feed(
    title="Successors of organisations",
    description="Which organisation took over from which, and when: mergers, splits and changes of code.",
    source="Organisation Data Service (NHS Digital)",
    table=ORGANISATION_SUCCESSOR,
    activity_date=None,
    columns=(
        kept(ORGANISATION_SUCCESSOR, "Organisation_Code", _PUBLIC, aliases=("OLD_CODE", "PREDECESSOR_CODE"), recode=upper, needed=True,
             may_be_null=False, checks=(ORGANISATION_CODE,)),
        kept(ORGANISATION_SUCCESSOR, "Successor_Code", _PUBLIC, aliases=("NEW_CODE",), recode=upper, needed=True, may_be_null=False,
             checks=(ORGANISATION_CODE,)),
        kept(ORGANISATION_SUCCESSOR, "Succession_Date", _PUBLIC, aliases=("EFFECTIVE_DATE",), recode=day),
    ),
    row_checks=(RowCheck(rule="no succession", reason="an organisation that goes on under its own code, which is no succession",
                         column="Successor_Code", passes=_is_succession),),
)  # fmt: skip
