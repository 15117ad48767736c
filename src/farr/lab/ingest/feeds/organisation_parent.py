"""Which organisation belonged to which, from when until when: Farr's own layout, or the Organisation Data Service's epraccur file
(without a header: formats/headerless.py), whose practices name their commissioner and the days they joined and left it.

That file is taken for `organisation` unless it is said: farr ingest epraccur.csv --as organisation_parent.
"""

from farr.lab.ingest.checks import not_before, one_of
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.formats.headerless import UNTOLD
from farr.lab.ingest.published import LEVEL_TOLD, ORGANISATION_CODE, day, lower
from farr.lab.model.tables.reference import ORGANISATION_PARENT

_PUBLIC = "Published by the Organisation Data Service; about no person"

FEED = Feed(
    title="Parents of organisations",
    description="Which organisation belonged to which, from when until when: practices to commissioners, commissioners to regions.",
    source="Organisation Data Service (NHS Digital)",
    table=ORGANISATION_PARENT,
    activity_date=None,
    columns=(
        kept(ORGANISATION_PARENT, "Organisation_Level", _PUBLIC, needed=True, may_be_null=False, recode=lower,
             checks=(*LEVEL_TOLD, one_of(("practice", "commissioner", "provider", *UNTOLD), "levels of organisations that have a parent"))),
        kept(ORGANISATION_PARENT, "Organisation_Code", _PUBLIC, needed=True, may_be_null=False, checks=(ORGANISATION_CODE,)),
        kept(ORGANISATION_PARENT, "Parent_Code", _PUBLIC, aliases=("COMMISSIONER",), needed=True, may_be_null=False,
             checks=(ORGANISATION_CODE,)),
        kept(ORGANISATION_PARENT, "Join_Date", _PUBLIC, aliases=("JOIN_PROVIDER_PURCHASER_DATE",), recode=day, needed=True,
             may_be_null=False),
        kept(ORGANISATION_PARENT, "Left_Date", _PUBLIC, aliases=("LEFT_PROVIDER_PURCHASER_DATE",), recode=day),
    ),
    row_checks=(not_before("Left_Date", "Join_Date"),),
)  # fmt: skip
