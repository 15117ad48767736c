"""Trim points by healthcare resource group and tariff year. A file that does not give the year has it stated, never guessed:
farr ingest trim_points.csv --set Tariff_Year=2018/19
"""

from farr.lab.ingest.checks import between
from farr.lab.ingest.feed import Feed, kept
from farr.lab.ingest.published import FINANCIAL_YEAR, HRG, tariff_year
from farr.lab.model.tables.reference import HRG_TRIM_POINT

_PUBLIC = "A published price rule; about no person"
_DAYS = between(0, 2_000, "days")

FEED = Feed(
    title="HRG trim points",
    description="Days beyond which a stay is paid by the day, by tariff year and healthcare resource group, for elective and other stays.",
    source="National tariff workbook, Annex A (NHS England)",
    table=HRG_TRIM_POINT,
    activity_date=None,
    columns=(
        kept(HRG_TRIM_POINT, "Tariff_Year", _PUBLIC, recode=tariff_year, needed=True, may_be_null=False, checks=(FINANCIAL_YEAR,)),
        kept(HRG_TRIM_POINT, "Spell_Core_HRG", _PUBLIC, aliases=("SUSHRG", "HRG", "HRG_CODE"), needed=True, may_be_null=False,
             checks=(HRG,)),
        kept(HRG_TRIM_POINT, "Elective_Trim_Point", _PUBLIC, aliases=("ELECTIVE",), needed=True, checks=(_DAYS,),
             null_values=("", "-", "NA")),
        kept(HRG_TRIM_POINT, "Non_Elective_Trim_Point", _PUBLIC, aliases=("EMERGENCY", "NON_ELECTIVE"), needed=True, checks=(_DAYS,),
             null_values=("", "-", "NA")),
    ),
)  # fmt: skip
