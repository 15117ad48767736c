"""The price book of a tariff year beside each spell: prices, trim points and what changes them.

A spell's own year is Tariff_Year; another book is used by giving it another year. No year's figures are ever taken for another's.
"""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

_KEY = "Spell_Key"
_ADMITTED = ("Combined_Price", "Day_Case_Price", "Elective_Price", "Non_Elective_Price")
_KEYS_PARTED = "[^A-Z0-9]+"  # a spell may be given several keys of specialised services


def with_book(spells: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    """The spells with, of their Tariff_Year: the four admitted prices, Trim (days, of their kind of admission), Per_Day_Rate,
    Short_Stay_Share, Has_Top_Up, Best_Practice_Amount, Top_Up_Share, Top_Up_Amount, Market_Forces_Factor, and Has_Book (whether any
    price of the year is held). Null where the book says nothing; a provider's factor is that of its code as it was."""
    return _with_top_up(with_prices(spells, tables), tables["specialised_top_up"])


def with_prices(spells: ir.Table, tables: Mapping[str, ir.Table]) -> ir.Table:
    """The same but for Top_Up_Share and Top_Up_Amount, for which spells must be looked at twice."""
    years = tables["national_price"].select(Held_Year="Tariff_Year").distinct()
    spells = spells.left_join(years, spells.Tariff_Year == years.Held_Year)
    spells = spells.mutate(Has_Book=spells.Held_Year.notnull()).drop("Held_Year")
    spells = _of_group(spells, tables["national_price"], "HRG_Code", _ADMITTED)
    spells = _of_group(spells, tables["hrg_tariff_rule"], "HRG_Code", ("Per_Day_Rate", "Short_Stay_Share", "Has_Top_Up"))
    spells = _with_best_practice(spells, tables["best_practice_price"])
    forces = tables["market_forces_factor"].select(
        Of_Year="Tariff_Year", Of_Code="Provider_Code", Market_Forces_Factor="Market_Forces_Factor"
    )
    joined = spells.left_join(forces, [spells.Tariff_Year == forces.Of_Year, spells.Provider_Code_As_Was == forces.Of_Code])
    return joined.drop("Of_Year", "Of_Code")


def _of_group(spells: ir.Table, listed: ir.Table, code: str, columns: tuple[str, ...]) -> ir.Table:
    known = listed.select(*columns, Of_Year=listed.Tariff_Year, Of_Code=listed[code])
    conditions = [spells.Tariff_Year == known.Of_Year, spells.Spell_Core_HRG == known.Of_Code]
    return spells.left_join(known, conditions).drop("Of_Year", "Of_Code")


def _with_best_practice(spells: ir.Table, listed: ir.Table) -> ir.Table:
    known = listed.select("Best_Practice_Amount", Of_Year="Tariff_Year", Of_Key="Best_Practice_Key", Of_Code="HRG_Code")
    conditions = [spells.Tariff_Year == known.Of_Year, spells.Spell_BP_Key == known.Of_Key, spells.Spell_Core_HRG == known.Of_Code]
    return spells.left_join(known, conditions).drop("Of_Year", "Of_Key", "Of_Code")


def _with_top_up(spells: ir.Table, listed: ir.Table) -> ir.Table:
    """Of several keys the one whose place comes first, among those that the spell's age allows."""
    given = spells.filter(spells.Spell_SSC_Key.notnull()).select(_KEY, "Tariff_Year", "Age", "Spell_SSC_Key")
    keys = given.mutate(Key=given.Spell_SSC_Key.upper().re_replace(_KEYS_PARTED, ",").split(",").unnest()).drop("Spell_SSC_Key")
    known = listed.rename(Of_Year="Tariff_Year")
    fits = keys.inner_join(known, [keys.Tariff_Year == known.Of_Year, keys.Key == known.Top_Up_Key])
    fits = fits.filter(
        (fits.Minimum_Age.isnull() | (fits.Age >= fits.Minimum_Age)) & (fits.Maximum_Age.isnull() | (fits.Age <= fits.Maximum_Age))
    )
    in_order = ibis.window(group_by=[fits[_KEY]], order_by=[fits.Top_Up_Place, fits.Top_Up_Key])
    first = fits.mutate(Number=ibis.row_number().over(in_order))
    first = first.filter(first.Number == 0).select("Top_Up_Share", "Top_Up_Amount", Of_Spell=_KEY)
    return spells.left_join(first, spells[_KEY] == first.Of_Spell).drop("Of_Spell")
