"""Best-practice prices by tariff year, key and healthcare resource group, as what they add to the initial amount: Farr's own layout."""

from farr.lab.ingest.checks import between, shaped
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.published import FINANCIAL_YEAR, HRG, tariff_year, upper
from farr.lab.model.tables.pricing import BEST_PRACTICE_PRICE

_PUBLIC = "A published price; about no person"

FEED = Feed(
    title="Best-practice prices",
    description="Pounds added to a group's initial amount where best practice was met, by tariff year and key.",
    source="National tariff workbook, Annex A (NHS England)",
    table=BEST_PRACTICE_PRICE,
    activity_date=None,
    columns=(
        kept(BEST_PRACTICE_PRICE, "Tariff_Year", _PUBLIC, recode=tariff_year, needed=True, may_be_null=False, checks=(FINANCIAL_YEAR,)),
        kept(BEST_PRACTICE_PRICE, "Best_Practice_Key", _PUBLIC, recode=upper, needed=True, may_be_null=False,
             checks=(shaped("[A-Z]{2}[0-9]{2}[A-Z]?", "a best-practice key such as BP01"),)),
        kept(BEST_PRACTICE_PRICE, "HRG_Code", _PUBLIC, needed=True, may_be_null=False, checks=(HRG,)),
        kept(BEST_PRACTICE_PRICE, "Best_Practice_Amount", _PUBLIC, needed=True, may_be_null=False,
             checks=(between(-100_000, 100_000, "pounds"),)),
    ),
)  # fmt: skip
