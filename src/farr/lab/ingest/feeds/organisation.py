"""Organisations: providers, commissioners, practices, localities, postcode districts and regions, closed ones among them.

Farr's own layout, or the Organisation Data Service's files without a header (epraccur, etr, eccg: formats/headerless.py). There the
level is told by the code's shape, or stated; the region is the national grouping. Of epraccur's prescribing cost centres, those that
are no GP practice (setting 4, role RO76) are set aside: nobody is registered with them.
"""

from farr.lab.ingest.checks import not_before, one_of
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.formats.headerless import UNTOLD
from farr.lab.ingest.published import LEVEL_TOLD, ORGANISATION_CODE, day, lower
from farr.lab.model.tables.reference import ORGANISATION

_ODS = "Organisation Data Service (NHS Digital)"
_PUBLIC = "Published by the Organisation Data Service; about no person"
_LEVELS = ("provider", "commissioner", "practice", "locality", "postcode_district", "region")

FEED = Feed(
    title="Organisations",
    description="Code, name and region of every organisation and area that figures are shown for, and when it opened and closed.",
    source=_ODS,
    table=ORGANISATION,
    activity_date=None,
    columns=(
        kept(ORGANISATION, "Organisation_Level", _PUBLIC, needed=True, may_be_null=False, recode=lower,
             checks=(*LEVEL_TOLD, one_of((*_LEVELS, *UNTOLD), "organisation levels"))),
        kept(ORGANISATION, "Organisation_Code", _PUBLIC, needed=True, may_be_null=False, checks=(ORGANISATION_CODE,)),
        kept(ORGANISATION, "Organisation_Name", _PUBLIC, aliases=("NAME",), needed=True, may_be_null=False),
        kept(ORGANISATION, "Commissioner_Code", _PUBLIC, aliases=("COMMISSIONER",), checks=(ORGANISATION_CODE,)),
        kept(ORGANISATION, "Region_Code", _PUBLIC, aliases=("NATIONAL_GROUPING",), needed=True, checks=(ORGANISATION_CODE,)),
        kept(ORGANISATION, "Open_Date", _PUBLIC, recode=day),
        kept(ORGANISATION, "Close_Date", _PUBLIC, recode=day),
    ),
    row_checks=(not_before("Close_Date", "Open_Date"),),
)  # fmt: skip
