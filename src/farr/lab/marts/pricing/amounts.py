"""The parts of a spell's price, in pounds to the penny.

Source: NCDR SUS PbR derivations, 2017/18 (Tariff_Initial_Amount to Tariff_Total); the order of exclusions is theirs. How an overlap or a
missing episode is told is not printed there: see challenging/episodes.py. Not derived: local prices and adjustments, the marginal rate for
emergencies and the non-payment of readmissions, which are settled between commissioner and provider and not in the spell's price.
"""

import ibis
import ibis.expr.types as ir

from farr.lab.marts.pricing.rules import PriceRules

_PRIVATE = "02"
_MATERNITY = "^NZ(0[4-9]|10)"  # paid by the maternity pathway
_UNGROUPED = "^UZ"
BROKEN = {"Has_Overlap": "episodes_overlap", "Lacks_Episode": "episode_missing"}
_MONEY, _WIDE = "decimal(18, 2)", "decimal(38, 2)"


def pounds(value: ir.Value) -> ir.Value:
    """As money. Ibis holds that products of money by days are money already, which no engine does: the width is said twice."""
    return value.cast(_WIDE).cast(_MONEY)


def nothing() -> ir.Value:
    return ibis.literal(0).cast(_MONEY)


def initial_amount(spells: ir.Table, rules: PriceRules) -> ir.Value:
    """The price by point of delivery: a price of its own where there is one, else the combined one; null where there is none."""
    management = spells.Der_Management_Type
    return ibis.cases(
        (management == "DC", ibis.coalesce(spells.Day_Case_Price, spells.Combined_Price)),
        (management == "EL", ibis.coalesce(spells.Elective_Price, spells.Combined_Price)),
        (management.isin(("RDA", "RNA")) & spells.Spell_Core_HRG.isin(rules.regular_attender_groups), spells.Combined_Price),
        (management.isin(("EM", "NE")), spells.Non_Elective_Price),
    )


def exclusion(spells: ir.Table, initial: ir.Value, rules: PriceRules) -> ir.StringValue:
    """The first reason for which a spell has no price; null where it has one."""
    group, is_regular = spells.Spell_Core_HRG, spells.Der_Management_Type.isin(("RDA", "RNA"))
    return ibis.cases(
        ((spells.Administrative_Category == _PRIVATE).fill_null(False), "private"),
        (is_regular & ~group.isin(rules.regular_attender_groups).fill_null(False), "regular_attender"),
        (group.re_search(_MATERNITY).fill_null(False), "maternity_pathway"),
        (group.isnull() | group.re_search(_UNGROUPED), "not_grouped"),
        (~spells.Has_Book, "no_tariff_held"),
        (initial.isnull(), "not_on_tariff"),
        *((spells[name], why) for name, why in (BROKEN.items() if rules.excludes_broken_spells else ())),
    )


def short_stay_adjustment(spells: ir.Table, initial: ir.Value, rules: PriceRules) -> ir.Value:
    """The reduced price less the initial amount, 0 or less."""
    if not rules.has_short_stay:
        return nothing()
    is_short = (spells.Der_Management_Type == "EM") & (spells.Spell_Adj_LoS < rules.short_stay_below_days)
    is_adult = spells.Age.isnull() | (spells.Age >= rules.adult_from)
    may_take_both = spells.Spell_Core_HRG.isin(rules.short_stay_with_best_practice)
    applies = is_short & is_adult & spells.Short_Stay_Share.notnull() & (spells.Best_Practice_Amount.isnull() | may_take_both)
    return ibis.ifelse(applies.fill_null(False), pounds((initial * spells.Short_Stay_Share).cast(_MONEY) - initial), nothing())


def long_stay_adjustment(spells: ir.Table, days: ir.IntegerValue, rules: PriceRules) -> ir.Value:
    """Excess `days` at the group's rate; 0 where the trim point or the rate is not known."""
    if not rules.has_excess_days:
        return nothing()
    return ibis.coalesce(pounds(spells.Per_Day_Rate * days), nothing())


def best_practice_adjustment(spells: ir.Table, rules: PriceRules) -> ir.Value:
    return ibis.coalesce(spells.Best_Practice_Amount, nothing()) if rules.has_best_practice else nothing()


def top_up(spells: ir.Table, price: ir.Value, rules: PriceRules) -> ir.Value:
    """The share of `price`, and the amount, of the specialised service; 0 where the group takes none."""
    if not rules.has_top_ups:
        return nothing()
    share = ibis.coalesce((price * spells.Top_Up_Share).cast(_MONEY), nothing())
    amount = ibis.coalesce(spells.Top_Up_Amount, nothing())
    return ibis.ifelse(spells.Has_Top_Up.fill_null(False), pounds(share + amount), nothing())


def with_amounts(spells: ir.Table, rules: PriceRules) -> ir.Table:
    """The spells, beside their book, with Price_Exclusion and the amounts, null where the spell is excluded. They add up: the five parts
    to Tariff_Recomputed, that and MFF_Recomputed to Payment_Recomputed. A provider without a factor has 1."""
    initial = initial_amount(spells, rules)
    rows = spells.mutate(Price_Exclusion=exclusion(spells, initial, rules), Initial=initial)
    rows = rows.mutate(
        Best=best_practice_adjustment(rows, rules),
        Short=short_stay_adjustment(rows, rows.Initial, rules),
        Long=long_stay_adjustment(rows, rows.Spell_ExcessBedDays, rules),
    )
    rows = rows.mutate(Before=pounds(rows.Initial + rows.Best + rows.Short + rows.Long))
    rows = rows.mutate(Special=top_up(rows, rows.Before, rules))
    rows = rows.mutate(Tariff=pounds(rows.Before + rows.Special))
    factor = ibis.coalesce(rows.Market_Forces_Factor, ibis.literal(1).cast("decimal(18, 6)"))
    rows = rows.mutate(Forces=pounds((rows.Tariff * factor).cast(_MONEY) - rows.Tariff))
    is_priced, none = rows.Price_Exclusion.isnull(), ibis.null(_MONEY)
    parts = {
        "Tariff_Initial_Amount": rows.Initial, "Tariff_BestPrac_Adj": rows.Best, "Tariff_ShortStay_Adj": rows.Short,
        "Tariff_LongStay_Adj": rows.Long, "Tariff_SpecServ_Adj": rows.Special, "Tariff_Recomputed": rows.Tariff,
        "MFF_Recomputed": rows.Forces, "Payment_Recomputed": pounds(rows.Tariff + rows.Forces),
    }  # fmt: skip
    return rows.mutate(**{name: ibis.ifelse(is_priced, value, none) for name, value in parts.items()})
