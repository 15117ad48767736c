"""A short emergency stay at the full price."""

import ibis.expr.types as ir

from farr.lab.marts.challenging.bills import above_tariff, differs_as
from farr.lab.marts.challenging.challenge import Challenge, Standing


def _holds(bills: ir.Table) -> ir.BooleanValue:
    return differs_as(bills, "short_stay_not_taken_off")


def _at_stake(bills: ir.Table) -> ir.Value:
    return above_tariff(bills)


CHALLENGE = Challenge(
    title="Short emergency stay paid in full",
    standing=Standing.ERROR,
    why="An emergency that stays less than two days is paid a share of the price of its group, where the tariff gives one.",
    source="NCDR SUS PbR derivations, 2017/18; the share is that of the national tariff workbook, Annex A.",
    evidence="Length of stay and age; whether best practice was paid for.",
    worth="What the tariff fed is more than the reduced price, times the market forces factor.",
    exceptions=(
        "Groups without a reduced price.",
        "People under 19.",
        "Stays paid by best practice, but for the groups that take both.",
        "Spells with a duplicate: those come first.",
    ),
    where=_holds,
    amount=_at_stake,
)
