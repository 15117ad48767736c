"""Excess bed days counted with days that are paid apart."""

import ibis.expr.types as ir

from farr.lab.marts.challenging.bills import above_tariff, differs_as
from farr.lab.marts.challenging.challenge import Challenge, Standing


def _holds(bills: ir.Table) -> ir.BooleanValue:
    return differs_as(bills, "excess_days_of_unadjusted_stay") & ~bills.Has_Gap


def _at_stake(bills: ir.Table) -> ir.Value:
    return above_tariff(bills)


CHALLENGE = Challenge(
    title="Excess days hold days paid apart",
    standing=Standing.ERROR,
    why="Days in critical care, specialist palliative care and rehabilitation have payments of their own. Counted beyond the "
    "trim point as well, they are paid for twice.",
    source="NCDR SUS PbR derivations, 2017/18: adjusted length of stay, and excess days from it.",
    evidence="Days of the spell that are unbundled, by episode; the critical-care periods.",
    worth="What the tariff fed is more than the price from the adjusted stay, times the market forces factor.",
    exceptions=(
        "Stays without a price in the book of their year.",
        "Stays some of whose days no episode covers: the adjusted stay is then not known.",
        "Spells with a duplicate: those come first.",
    ),
    where=_holds,
    amount=_at_stake,
)
