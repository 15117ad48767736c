"""Index of Multiple Deprivation of practices, localities, postcode districts and commissioners, by the year of the index: Farr's own
layout. The index is published for small areas; a mean over an area's people is worked out, or found published, beforehand.
"""

from farr.lab.ingest.checks import between, one_of
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.published import ORGANISATION_CODE, lower
from farr.lab.model.tables.reference import DEPRIVATION

_PUBLIC = "A published index; about no person"

FEED = Feed(
    title="Deprivation",
    description="Score and decile of deprivation of practices, localities, postcode districts and commissioners, by year of the index.",
    source="English Indices of Deprivation (Ministry of Housing, Communities and Local Government)",
    table=DEPRIVATION,
    activity_date=None,
    columns=(
        kept(DEPRIVATION, "IMD_Year", _PUBLIC, needed=True, may_be_null=False, checks=(between(2000, 2100, "year"),)),
        kept(DEPRIVATION, "Area_Level", _PUBLIC, recode=lower, needed=True, may_be_null=False,
             checks=(one_of(("practice", "postcode_district", "locality", "commissioner"), "area levels"),)),
        kept(DEPRIVATION, "Area_Code", _PUBLIC, needed=True, may_be_null=False, checks=(ORGANISATION_CODE,)),
        kept(DEPRIVATION, "IMD_Score", _PUBLIC, needed=True, may_be_null=False, checks=(between(0, 100, "score"),)),
        kept(DEPRIVATION, "IMD_Decile", _PUBLIC, checks=(between(1, 10, "decile"),)),
    ),
)  # fmt: skip
