"""Trim points by healthcare resource group, of one tariff year."""

from farr.lab.ingest.checks import between, shaped
from farr.lab.ingest.feed import Feed, kept
from farr.lab.model.tables.reference import HRG_TRIM_POINT

_PUBLIC = "A published price rule; about no person"
_DAYS = between(0, 2_000, "days")

FEED = Feed(
    title="HRG trim points",
    description="Days beyond which a stay is paid by the day, by healthcare resource group, for elective and other stays.",
    source="National tariff workbook, Annex A (NHS England)",
    table=HRG_TRIM_POINT,
    activity_date=None,
    columns=(
        kept(HRG_TRIM_POINT, "Spell_Core_HRG", _PUBLIC, aliases=("SUSHRG", "HRG", "HRG_CODE"), needed=True, may_be_null=False,
             checks=(shaped("[A-Z]{2}[0-9]{2}[A-Z]", "a healthcare resource group"),)),
        kept(HRG_TRIM_POINT, "Elective_Trim_Point", _PUBLIC, aliases=("ELECTIVE",), needed=True, checks=(_DAYS,),
             null_values=("", "-", "NA")),
        kept(HRG_TRIM_POINT, "Non_Elective_Trim_Point", _PUBLIC, aliases=("EMERGENCY", "NON_ELECTIVE"), needed=True, checks=(_DAYS,),
             null_values=("", "-", "NA")),
    ),
)  # fmt: skip
