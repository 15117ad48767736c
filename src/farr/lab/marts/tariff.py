"""What a spell's tariff year says of its HRG: trim point and national price. Never another year's.

Source: NCDR SUS PbR derivations 2017/18 (initial amount by management type) and the national tariff's Annex A, whose columns they
join. A price is before every adjustment: short stay, excess days, best practice, specialised top-up, market forces factor.
"""

import ibis
import ibis.expr.types as ir

_ADMITTED_PRICES = ("Combined_Price", "Day_Case_Price", "Elective_Price", "Non_Elective_Price")
_APRIL = 4


def financial_year(day: ir.DateColumn) -> ir.StringValue:
    """The NHS financial year of a day, from April to March, such as 2024/25."""
    first = ibis.ifelse(day.month() >= _APRIL, day.year(), day.year() - 1)
    return first.cast("string") + "/" + ((first + 1) % 100).cast("string").lpad(2, "0")


def with_trim_points(spells: ir.Table, trim_points: ir.Table) -> ir.Table:
    """The spells with Elective_Trim_Point and Non_Elective_Trim_Point of their Tariff_Year and Spell_Core_HRG; null: none held."""
    known = trim_points.rename(Listed_Year="Tariff_Year", Listed_HRG="Spell_Core_HRG")
    conditions = [spells.Tariff_Year == known.Listed_Year, spells.Spell_Core_HRG == known.Listed_HRG]
    return spells.left_join(known, conditions).drop("Listed_Year", "Listed_HRG")


def with_price(spells: ir.Table, prices: ir.Table) -> ir.Table:
    """The spells with HRG_Price (pounds) and HRG_Weight (price over the mean of all admitted prices in that year's list).

    The mean is of the list, unweighted by activity, so that it is the same for everybody who holds the list. Regular attenders
    have no price here: NCDR prices them for two HRGs only.
    """
    mean = _mean_price(prices)
    listed = prices.select("Tariff_Year", "HRG_Code", *_ADMITTED_PRICES)
    known = listed.inner_join(mean, listed.Tariff_Year == mean.Mean_Year).drop("Mean_Year")
    known = known.rename(Listed_Year="Tariff_Year")
    joined = spells.left_join(known, [spells.Tariff_Year == known.Listed_Year, spells.Spell_Core_HRG == known.HRG_Code])
    joined = joined.mutate(HRG_Price=_price(joined))
    weighed = joined.mutate(HRG_Weight=joined.HRG_Price.cast("float64") / joined.Mean_Price)
    return weighed.drop("Listed_Year", "HRG_Code", "Mean_Price", *_ADMITTED_PRICES)


def _price(rows: ir.Table) -> ir.Value:
    management = rows.Der_Management_Type
    return ibis.cases(
        (management == "DC", ibis.coalesce(rows.Day_Case_Price, rows.Combined_Price)),
        (management == "EL", ibis.coalesce(rows.Elective_Price, rows.Combined_Price)),
        (management.isin(("EM", "NE")), rows.Non_Elective_Price),
    )


def _mean_price(prices: ir.Table) -> ir.Table:
    total = sum((prices[name].fill_null(0).sum() for name in _ADMITTED_PRICES[1:]), start=prices[_ADMITTED_PRICES[0]].fill_null(0).sum())
    held = sum((prices[name].count() for name in _ADMITTED_PRICES[1:]), start=prices[_ADMITTED_PRICES[0]].count())
    summed = prices.group_by(Mean_Year=prices.Tariff_Year).aggregate(Total=total, Held=held)
    # Pennies are added exactly before they become a float: the order of rows must not show in the weight.
    return summed.select("Mean_Year", Mean_Price=summed.Total.cast("float64") / summed.Held.nullif(0))
