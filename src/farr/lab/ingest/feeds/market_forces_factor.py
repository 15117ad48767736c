"""Market forces factors by tariff year and provider: Farr's own layout. A file that does not give the year has it stated:
farr ingest factors.csv --set Tariff_Year=2018/19
"""

from farr.lab.ingest.checks import between
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.published import FINANCIAL_YEAR, ORGANISATION_CODE, tariff_year, upper
from farr.lab.model.tables.pricing import MARKET_FORCES_FACTOR

_PUBLIC = "A published price rule; about no person"

FEED = Feed(
    title="Market forces factors",
    description="What each provider's prices are multiplied by for the cost of its place, by tariff year.",
    source="National tariff, market forces factor payment index by provider (NHS England)",
    table=MARKET_FORCES_FACTOR,
    activity_date=None,
    columns=(
        kept(MARKET_FORCES_FACTOR, "Tariff_Year", _PUBLIC, recode=tariff_year, needed=True, may_be_null=False, checks=(FINANCIAL_YEAR,)),
        kept(MARKET_FORCES_FACTOR, "Provider_Code", _PUBLIC, aliases=("ORGANISATION_CODE", "ODS_CODE"), recode=upper, needed=True,
             may_be_null=False, checks=(ORGANISATION_CODE,)),
        kept(MARKET_FORCES_FACTOR, "Market_Forces_Factor", _PUBLIC, aliases=("MFF", "MFF_PAYMENT_INDEX", "PAYMENT_INDEX"), needed=True,
             may_be_null=False, checks=(between(1, 2, "factor"),)),
    ),
)  # fmt: skip
