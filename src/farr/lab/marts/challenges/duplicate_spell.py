"""The same stay, sent and paid for twice."""

import ibis
import ibis.expr.types as ir

from farr.lab.marts.challenging.bills import is_regular
from farr.lab.marts.challenging.challenge import Challenge, Standing


def _holds(bills: ir.Table) -> ir.BooleanValue:
    return (bills.Copies > 0) & ~is_regular(bills)


def _at_stake(bills: ir.Table) -> ir.Value:
    return ibis.coalesce(bills.Copies_Paid, bills.Payment_Recomputed)


CHALLENGE = Challenge(
    title="The stay was sent twice",
    standing=Standing.ERROR,
    why="A stay that is sent under a second number is paid for a second time.",
    source="NCDR SUS PbR data set: an episode has one identifier. Which fields make two records one stay is Farr's choice, and a "
    "parameter: same person, provider, days, number of episode, group, first diagnosis and first procedure.",
    evidence="Both record numbers, from the provider's own patient administration system; which of them stands.",
    worth="What was paid on the records that repeat another; where no cost was sent, the price of one stay.",
    exceptions=(
        "Regular attenders, who may come twice a day.",
        "People who are not known: nobody can say whether two records are of one person.",
        "A stay that a merged provider sent under both its codes is two spells, and is not looked for.",
    ),
    where=_holds,
    amount=_at_stake,
)
