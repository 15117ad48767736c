"""Costs of providers: Farr's own layout, with names that published cost collections have as aliases. A financial year is replaced by the next
file that holds it. A file that does not give the year has it stated: farr ingest costs.csv --set Financial_Year=2024/25
"""

from farr.lab.ingest.checks import between, one_of, shaped
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.published import FINANCIAL_YEAR, ORGANISATION_CODE, tariff_year, upper
from farr.lab.model.tables.contracting import PROVIDER_COST

_PUBLISHED = "A published total; about no person"
_DELIVERIES = ("DC", "EL", "NEL", "NELST", "NELNE", "RDA", "RNA")
_MOST = 10_000_000

FEED = Feed(
    title="Costs of providers",
    description="What providers' admitted work cost them, by financial year, point of delivery and HRG or chapter.",
    source="National Cost Collection, organisation-level source data (NHS England); the layout is Farr's own",
    table=PROVIDER_COST,
    activity_date=None,
    columns=(
        kept(PROVIDER_COST, "Financial_Year", _PUBLISHED, recode=tariff_year, needed=True, may_be_null=False, checks=(FINANCIAL_YEAR,)),
        kept(PROVIDER_COST, "Provider_Code", _PUBLISHED, aliases=("ORG_CODE",), recode=upper, needed=True, may_be_null=False,
             checks=(ORGANISATION_CODE,)),
        kept(PROVIDER_COST, "Point_of_Delivery", _PUBLISHED, aliases=("DEPARTMENT_CODE",), recode=upper, needed=True, may_be_null=False,
             checks=(one_of(_DELIVERIES, "points of delivery of admitted care"),)),
        kept(PROVIDER_COST, "Service_Code", _PUBLISHED, aliases=("CURRENCY_CODE", "HRG_CHAPTER"), recode=upper, needed=True,
             may_be_null=False, checks=(shaped("[A-Z]|[A-Z]{2}[0-9]{2}[A-Z]", "an HRG such as HN22A, or a chapter such as H"),)),
        kept(PROVIDER_COST, "Activity", _PUBLISHED, needed=True, may_be_null=False, checks=(between(0, _MOST, "spells"),)),
        kept(PROVIDER_COST, "Cost", _PUBLISHED, aliases=("TOTAL_COST", "ACTUAL_COST"), needed=True, may_be_null=False,
             checks=(between(0, 1e10, "pounds"),)),
    ),
)  # fmt: skip
