"""Which spells have a price to compare: row conditions on spell_price that several measures share."""

import ibis.expr.types as ir

from farr.lab.model.tables.pricing import SPELL_PRICE

PRICED: ir.Table = SPELL_PRICE.unbound

PRICE_LEVELS = ("provider", "commissioner", "region", "national")
PRICE_BREAKDOWNS = ("price_difference", "specialty", "hrg_chapter", "hrg", "point_of_delivery")
AGREES = "agrees"


def is_comparable() -> ir.BooleanValue:
    """The spell was fed a price, and the rules of its year give one."""
    return PRICED.Tariff_Total.notnull() & PRICED.Tariff_Recomputed.notnull()


def disagrees() -> ir.BooleanValue:
    """By a penny or more."""
    return PRICED.Tariff_Total != PRICED.Tariff_Recomputed
