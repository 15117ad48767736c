"""Lists of peers that somebody published or agreed: Farr's own layout, or pairs of organisation and peer with the list's name stated:
farr ingest peers.csv --set List_Name=model_hospital_2023
"""

import ibis.expr.types as ir

from farr.lab.ingest.feed import Feed, RowCheck, kept
from farr.lab.ingest.published import LIST_NAME, ORGANISATION_CODE
from farr.lab.model.tables.reference import PEER_LIST

_PUBLIC = "A published or agreed list of organisations; about no person"


def _is_another(row: ir.Table) -> ir.BooleanValue:
    return row["Organisation_Code"] != row["Peer_Code"]


FEED = Feed(
    title="Peer lists",
    description="Lists of peers that somebody published or agreed: which organisation is compared with which.",
    source="Whoever published or agreed the list; its name says so",
    table=PEER_LIST,
    activity_date=None,
    columns=(
        kept(PEER_LIST, "List_Name", _PUBLIC, needed=True, may_be_null=False, checks=(LIST_NAME,)),
        kept(PEER_LIST, "Organisation_Code", _PUBLIC, aliases=("PROCODE", "PROVIDER_CODE"), needed=True, may_be_null=False,
             checks=(ORGANISATION_CODE,)),
        kept(PEER_LIST, "Peer_Code", _PUBLIC, aliases=("PEER",), needed=True, may_be_null=False, checks=(ORGANISATION_CODE,)),
    ),
    row_checks=(RowCheck(rule="own peer", reason="an organisation beside itself, which is no peer", column="Peer_Code",
                         passes=_is_another),),
)  # fmt: skip
