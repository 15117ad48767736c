"""Specialised top-ups by tariff year and key: Farr's own layout.

The order of keys is NCDR's of 2017/18: SS93 and SS91 (under 19), SS06, SS08 (19 and over), SS34 (19 and over), SS97 (an amount).
"""

from farr.lab.ingest.checks import between, shaped
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.published import FINANCIAL_YEAR, tariff_year, upper
from farr.lab.model.tables.pricing import SPECIALISED_TOP_UP

_PUBLIC = "A published price rule; about no person"
_AGE = between(0, 130, "age")

FEED = Feed(
    title="Specialised top-ups",
    description="The share of the price, or the amount, that is added for specialised services, by tariff year and key, and for which ages.",
    source="National tariff workbook, Annex A (NHS England); order of keys: NCDR",
    table=SPECIALISED_TOP_UP,
    activity_date=None,
    columns=(
        kept(SPECIALISED_TOP_UP, "Tariff_Year", _PUBLIC, recode=tariff_year, needed=True, may_be_null=False, checks=(FINANCIAL_YEAR,)),
        kept(SPECIALISED_TOP_UP, "Top_Up_Key", _PUBLIC, recode=upper, needed=True, may_be_null=False,
             checks=(shaped("SS[0-9]{2}", "a specialised service key such as SS93"),)),
        kept(SPECIALISED_TOP_UP, "Top_Up_Place", _PUBLIC, needed=True, may_be_null=False, checks=(between(1, 99, "place"),)),
        kept(SPECIALISED_TOP_UP, "Top_Up_Share", _PUBLIC, checks=(between(0, 2, "share"),)),
        kept(SPECIALISED_TOP_UP, "Top_Up_Amount", _PUBLIC, checks=(between(0, 100_000, "pounds"),)),
        kept(SPECIALISED_TOP_UP, "Minimum_Age", _PUBLIC, checks=(_AGE,)),
        kept(SPECIALISED_TOP_UP, "Maximum_Age", _PUBLIC, checks=(_AGE,)),
    ),
)  # fmt: skip
