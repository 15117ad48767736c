"""Organisations: providers, commissioners, practices and regions, with the region each lies in."""

from farr.lab.ingest.checks import one_of, shaped
from farr.lab.ingest.feed import Feed, kept
from farr.lab.model.tables.reference import ORGANISATION

_PUBLIC = "Published by the Organisation Data Service; about no person"
_CODE = shaped("[0-9A-Za-z]{1,9}", "an organisation code")

FEED = Feed(
    title="Organisations",
    description="Code, name and region of every provider, commissioner, practice and region that figures are shown for.",
    source="Organisation Data Service (NHS Digital)",
    table=ORGANISATION,
    activity_date=None,
    columns=(
        kept(ORGANISATION, "Organisation_Level", _PUBLIC, needed=True, may_be_null=False, recode=lambda value: value.lower(),
             checks=(one_of(("provider", "commissioner", "practice", "region"), "organisation levels"),)),
        kept(ORGANISATION, "Organisation_Code", _PUBLIC, needed=True, may_be_null=False, checks=(_CODE,)),
        kept(ORGANISATION, "Organisation_Name", _PUBLIC, needed=True, may_be_null=False),
        kept(ORGANISATION, "Commissioner_Code", _PUBLIC, checks=(_CODE,)),
        kept(ORGANISATION, "Region_Code", _PUBLIC, needed=True, checks=(_CODE,)),
    ),
)  # fmt: skip
