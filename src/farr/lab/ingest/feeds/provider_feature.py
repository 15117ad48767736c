"""What makes trusts alike: size, casemix, teaching and the people they serve. Farr's own layout; gathered from several publications."""

from farr.lab.ingest.checks import between
from farr.lab.ingest.feed import Check, Feed, FeedColumn, kept
from farr.lab.ingest.published import ORGANISATION_CODE
from farr.lab.model.tables.reference import PROVIDER_FEATURE

_PUBLIC = "A published fact about a trust; about no person"


def _feature(name: str, check: Check) -> FeedColumn:
    return kept(PROVIDER_FEATURE, name, _PUBLIC, needed=True, may_be_null=False, checks=(check,))


FEED = Feed(
    title="Provider features",
    description="Beds, casemix, teaching, age and deprivation of each trust, by which similar ones are found.",
    source="KH03 and ERIC (NHS England), English Indices of Deprivation, and shares worked out by Farr's users",
    table=PROVIDER_FEATURE,
    activity_date=None,
    columns=(
        kept(PROVIDER_FEATURE, "Provider_Code", _PUBLIC, needed=True, may_be_null=False, checks=(ORGANISATION_CODE,)),
        kept(PROVIDER_FEATURE, "Provider_Name", _PUBLIC),
        _feature("Beds", between(0, 100_000, "beds")),
        _feature("Emergency_Share", between(0, 1, "share")),
        _feature("Specialised_Share", between(0, 1, "share")),
        _feature("Share_Aged_75_Plus", between(0, 1, "share")),
        _feature("IMD_Score", between(0, 100, "score")),
        _feature("Is_Teaching", Check(rule="code list", reason="neither 1 (teaching) nor 0", passes=lambda value: value.isin((0, 1)))),
    ),
)  # fmt: skip
