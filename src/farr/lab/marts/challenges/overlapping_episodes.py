"""Episodes of a spell that lie over one another."""

import ibis.expr.types as ir

from farr.lab.marts.challenging.challenge import Challenge, Standing


def _holds(bills: ir.Table) -> ir.BooleanValue:
    return bills.Has_Overlap


def _at_stake(bills: ir.Table) -> ir.Value:
    return bills.Paid


CHALLENGE = Challenge(
    title="Episodes lie over one another",
    standing=Standing.QUERY,
    why="A person is under one consultant at a time: where two episodes of a stay share a night, one of them is wrong, and so "
    "may be the group and the adjusted stay that the price rests on.",
    source="NCDR SUS PbR derivations, 2017/18: a spell with overlapping or missing episodes is excluded from tariff. How the "
    "overlap is told is not printed there; here two episodes share at least one night.",
    evidence="Start and end of each episode from the case notes; the spell grouped again from corrected episodes.",
    worth="All that was paid for the spell, for until it is corrected it has no tariff.",
    exceptions=(
        "Records that repeat another whole: they are duplicates.",
        "Episodes that meet on a day.",
        "Missing episodes: such a spell has no price either (Price_Exclusion), and is not challenged for it; whether every "
        "provider numbers episodes without gaps was not verified.",
    ),
    where=_holds,
    amount=_at_stake,
)
