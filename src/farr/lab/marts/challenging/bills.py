"""The bills that rules look at: each spell beside its price, and what else of it can be doubted."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from farr.lab.marts.challenging.episodes import with_gaps
from farr.lab.marts.challenging.responsibility import of_another
from farr.lab.marts.challenging.returns import returned_here
from farr.lab.marts.pricing.amounts import pounds
from farr.lab.model.tables.challenge import SPELL_CHALLENGE
from farr.lab.model.tables.sus import APC_SPELL

_OF_SPELL = (
    *(column.name for column in SPELL_CHALLENGE.columns if column.name in APC_SPELL.schema.names),
    "GP_Practice_Code_As_Was", "Admission_Date", "Discharge_Date", "Discharge_Method", "Discharge_Destination", "Administrative_Category",
    "Der_Management_Type", "Length_of_Stay", "Spell_Adj_LoS", "Age", "Episode_Count", "Tariff_Year", "Spell_Core_HRG", "Spell_BP_Key",
    "Spell_SSC_Key", "Tariff_Total", "Grand_Total", "RE30_Is_Index", "RE30_Is_Readmitted", "RE30_Is_Return",
)  # fmt: skip
_OF_PRICE = ("Tariff_Initial_Amount", "Tariff_Recomputed", "Payment_Recomputed", "Price_Difference", "Price_Exclusion")


def bills(tables: Mapping[str, ir.Table]) -> ir.Table:
    """A row a spell: its dates, organisations and prices as fed and as recomputed, and

    Paid (pounds: Grand_Total as fed, else Payment_Recomputed; null: neither), Copies, Copies_Paid, Has_Overlap, Lacks_Episode and Has_Gap
    (see episodes.py; 0 and false where nothing conflicts), Returned_After (see returns.py; null: no readmission) and Is_Of_Another (see
    responsibility.py).
    """
    spells, priced = tables["apc_spell"].select(*dict.fromkeys(_OF_SPELL)), tables["spell_price"]
    priced = priced.select(*_OF_PRICE, Priced_Key="Spell_Key", Priced_Month="Activity_Month")
    rows = spells.left_join(priced, [spells.Spell_Key == priced.Priced_Key, spells.Activity_Month == priced.Priced_Month])
    rows = rows.drop("Priced_Key", "Priced_Month")
    conflicting = tables["spell_conflict"].select("Copies", "Copies_Paid", "Has_Overlap", "Lacks_Episode", Conflict_Key="Spell_Key")
    rows = rows.left_join(conflicting, rows.Spell_Key == conflicting.Conflict_Key)
    back = returned_here(spells)
    rows = rows.left_join(back, rows.Spell_Key == back.Return_Key)
    # Only of stays that this is asked about: to look at every episode would take longer than all the rest.
    odd = priced.filter(priced.Price_Difference == "excess_days_of_unadjusted_stay").select(Odd_Key="Priced_Key")
    gaps = with_gaps(spells.semi_join(odd, spells.Spell_Key == odd.Odd_Key), tables["apc_episode"])
    rows = rows.left_join(gaps, rows.Spell_Key == gaps.Gap_Key)
    elsewhere = of_another(spells, tables["organisation_parent"], tables["organisation_current"])
    rows = rows.left_join(elsewhere, rows.Spell_Key == elsewhere.Elsewhere_Key)
    return rows.mutate(
        Paid=ibis.coalesce(rows.Grand_Total, rows.Payment_Recomputed),
        Copies=rows.Copies.fill_null(0),
        Has_Overlap=rows.Has_Overlap.fill_null(False),
        Lacks_Episode=rows.Lacks_Episode.fill_null(False),
        Has_Gap=rows.Gap_Key.notnull(),
        Is_Of_Another=rows.Elsewhere_Key.notnull(),
    ).drop("Conflict_Key", "Return_Key", "Gap_Key", "Elsewhere_Key")


def is_regular(rows: ir.Table) -> ir.BooleanValue:
    """Regular day and night attenders."""
    return rows.Der_Management_Type.isin(("RDA", "RNA")).fill_null(False)


def above_tariff(rows: ir.Table) -> ir.Value:
    """Pounds by which the tariff fed is more than the rules come to, market forces included."""
    return with_forces(rows, rows.Tariff_Total - rows.Tariff_Recomputed)


def with_forces(rows: ir.Table, amount: ir.Value) -> ir.Value:
    """The amount times the provider's market forces factor, to the penny. It needs the price book beside the rows."""
    factor = ibis.coalesce(rows.Market_Forces_Factor, ibis.literal(1).cast("decimal(18, 6)"))
    return pounds(pounds(amount) * factor)


def differs_as(rows: ir.Table, reason: str) -> ir.BooleanValue:
    """Whether the price fed differs for this reason (Price_Difference), of spells without a copy: copies lengthen the adjusted stay."""
    return (rows.Price_Difference == reason).fill_null(False) & (rows.Copies == 0)
