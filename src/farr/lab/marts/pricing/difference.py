"""Why what was fed is not what the rules come to: the first way of pricing that gives the amount fed, to the penny."""

import ibis
import ibis.expr.types as ir

from farr.lab.marts.pricing.amounts import pounds

EXPLAINED = (
    "short_stay_not_taken_off", "excess_days_not_paid", "excess_days_of_unadjusted_stay", "top_up_not_paid", "best_practice_not_paid",
    "price_of_another_delivery",
)  # fmt: skip
UNEXPLAINED = ("not_fed", "priced_though_excluded", "unexplained")


def difference(spells: ir.Table) -> ir.StringValue:
    """`agrees`, one of EXPLAINED or one of UNEXPLAINED; null where neither was fed nor comes out a price."""
    fed, due = spells.Tariff_Total, spells.Tariff_Recomputed

    def is_fed_as(value: ir.Value) -> ir.BooleanValue:
        return (fed == pounds(value)).fill_null(False)

    def has(part: ir.Value) -> ir.BooleanValue:
        return (part != 0).fill_null(False)

    unadjusted = ibis.greatest(spells.Length_of_Stay - spells.HRG_TrimPoint, 0)
    other_prices = (spells.Combined_Price, spells.Day_Case_Price, spells.Elective_Price, spells.Non_Elective_Price)
    beside = due - spells.Tariff_Initial_Amount
    return ibis.cases(
        (fed.isnull() & due.isnull(), ibis.null("string")),
        (fed.isnull(), "not_fed"),
        (due.isnull(), "priced_though_excluded"),
        (is_fed_as(due), "agrees"),
        (has(spells.Tariff_ShortStay_Adj) & is_fed_as(due - spells.Tariff_ShortStay_Adj), "short_stay_not_taken_off"),
        (has(spells.Tariff_LongStay_Adj) & is_fed_as(due - spells.Tariff_LongStay_Adj), "excess_days_not_paid"),
        (is_fed_as(due - spells.Tariff_LongStay_Adj + spells.Per_Day_Rate * unadjusted), "excess_days_of_unadjusted_stay"),
        (has(spells.Tariff_SpecServ_Adj) & is_fed_as(due - spells.Tariff_SpecServ_Adj), "top_up_not_paid"),
        (has(spells.Tariff_BestPrac_Adj) & is_fed_as(due - spells.Tariff_BestPrac_Adj), "best_practice_not_paid"),
        (ibis.or_(*(is_fed_as(beside + price) for price in other_prices)), "price_of_another_delivery"),
        else_="unexplained",
    )
