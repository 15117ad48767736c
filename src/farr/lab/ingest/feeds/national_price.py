"""National prices by tariff year and healthcare resource group: Farr's own layout, or prices extracted from Annex A of the national
tariff by year (columns HRG Code, HRG name, Year, Outpatient_tariff, Combined, Non_emergency_Tariff, Emergency_Tariff, Day_case_Tariff).

In that extract the combined price is that of day cases and ordinary electives; where there is none, `Non_emergency_Tariff` is taken for
the ordinary elective one, because it is given with a day-case price and only there (an inference, not a statement of the publisher);
`Emergency_Tariff` is the non-elective price. A price of 0 means that there is none. A group that a year's file names twice is refused
with the file, as any repeated key is: which price is right cannot be known.
"""

from farr.lab.ingest.checks import between
from farr.lab.ingest.feed import Feed, FeedColumn, kept
from farr.lab.ingest.published import FINANCIAL_YEAR, HRG, tariff_year
from farr.lab.model.tables.reference import NATIONAL_PRICE

_PUBLIC = "A published price; about no person"
_NO_PRICE = ("", "0", "0.0", "0.00", "-", "NA")
_POUNDS = between(0, 1_000_000, "price in pounds")


def _price(name: str, *aliases: str) -> FeedColumn:
    return kept(NATIONAL_PRICE, name, _PUBLIC, aliases=aliases, null_values=_NO_PRICE, checks=(_POUNDS,))


FEED = Feed(
    title="National prices",
    description="Names and national prices of healthcare resource groups by tariff year, in pounds before the market forces factor.",
    source="National tariff workbook, Annex A (NHS England)",
    table=NATIONAL_PRICE,
    activity_date=None,
    columns=(
        kept(NATIONAL_PRICE, "Tariff_Year", _PUBLIC, aliases=("YEAR",), recode=tariff_year, needed=True, may_be_null=False,
             checks=(FINANCIAL_YEAR,)),
        kept(NATIONAL_PRICE, "HRG_Code", _PUBLIC, aliases=("HRG",), needed=True, may_be_null=False, checks=(HRG,)),
        kept(NATIONAL_PRICE, "HRG_Name", _PUBLIC, needed=True),
        kept(NATIONAL_PRICE, "HRG_Chapter_Name", _PUBLIC, aliases=("CHAPTER_NAME",)),
        _price("Outpatient_Price", "OUTPATIENT_TARIFF"),
        _price("Combined_Price", "COMBINED"),
        _price("Day_Case_Price", "DAY_CASE_TARIFF"),
        _price("Elective_Price", "NON_EMERGENCY_TARIFF"),
        _price("Non_Elective_Price", "EMERGENCY_TARIFF"),
    ),
)  # fmt: skip
