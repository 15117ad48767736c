"""A day case at the price of a stay."""

import ibis.expr.types as ir

from farr.lab.marts.challenging.bills import above_tariff, differs_as
from farr.lab.marts.challenging.challenge import Challenge, Standing


def _holds(bills: ir.Table) -> ir.BooleanValue:
    return (bills.Der_Management_Type == "DC") & differs_as(bills, "price_of_another_delivery")


def _at_stake(bills: ir.Table) -> ir.Value:
    return above_tariff(bills)


CHALLENGE = Challenge(
    title="Day case at the price of a stay",
    standing=Standing.ERROR,
    why="Where the tariff has a price of its own for day cases, a stay costs more. The record says day case, and the bill does not.",
    source="NCDR SUS PbR derivations, 2017/18: initial amount by point of delivery.",
    evidence="Patient classification (intended management) from the provider's system; the theatre or ward list.",
    worth="What the tariff fed is more than the day-case price, times the market forces factor.",
    exceptions=(
        "Groups with one price for both.",
        "Spells with a duplicate: those come first.",
    ),
    where=_holds,
    amount=_at_stake,
)
