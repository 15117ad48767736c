"""What changes a group's price with the stay, by tariff year: Farr's own layout, which `farr tariff` makes of the published workbook."""

from farr.lab.ingest.checks import between
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.published import FINANCIAL_YEAR, HRG, tariff_year
from farr.lab.model.tables.pricing import HRG_TARIFF_RULE

_PUBLIC = "A published price rule; about no person"
_NONE = ("", "-", "NA")

FEED = Feed(
    title="HRG tariff rules",
    description="Rate of excess days, share of the price paid for short emergencies, and whether top-ups apply, by tariff year and group.",
    source="National tariff workbook, Annex A (NHS England)",
    table=HRG_TARIFF_RULE,
    activity_date=None,
    columns=(
        kept(HRG_TARIFF_RULE, "Tariff_Year", _PUBLIC, recode=tariff_year, needed=True, may_be_null=False, checks=(FINANCIAL_YEAR,)),
        kept(HRG_TARIFF_RULE, "HRG_Code", _PUBLIC, needed=True, may_be_null=False, checks=(HRG,)),
        kept(HRG_TARIFF_RULE, "Per_Day_Rate", _PUBLIC, needed=True, null_values=_NONE, checks=(between(0, 100_000, "pounds a day"),)),
        kept(HRG_TARIFF_RULE, "Short_Stay_Share", _PUBLIC, needed=True, null_values=_NONE, checks=(between(0, 1, "share"),)),
        kept(HRG_TARIFF_RULE, "Has_Top_Up", _PUBLIC, null_values=_NONE),
    ),
)
