"""A specialised service on a local commissioner's bill."""

import ibis.expr.types as ir

from farr.lab.marts.challenging.challenge import Challenge, Standing

NATIONAL = ("13Q",)


def _holds(bills: ir.Table) -> ir.BooleanValue:
    is_private = (bills.Administrative_Category == "02").fill_null(False)
    return bills.Service_Line_Code.notnull() & ~bills.Commissioner_Code.isin(NATIONAL).fill_null(True) & ~is_private


def _at_stake(bills: ir.Table) -> ir.Value:
    return bills.Paid


CHALLENGE = Challenge(
    title="Specialised service on a local bill",
    standing=Standing.QUERY,
    why="Services on the specialised lines are commissioned nationally, or by delegation: whether this bill is the local "
    "commissioner's depends on what was delegated in the year.",
    source="NCBPST service line, as fed (NCDR); Prescribed specialised services manual (NHS England). The national commissioner's "
    "codes are a parameter, NATIONAL: 13Q was NHS England's in SUS (not verified).",
    evidence="The service line from the identification tool's output; what was delegated to whom in that year.",
    worth="All that was paid for the spell.",
    exceptions=(
        "Spells without a service line: Farr does not work lines out.",
        "Private patients.",
    ),
    where=_holds,
    amount=_at_stake,
)
