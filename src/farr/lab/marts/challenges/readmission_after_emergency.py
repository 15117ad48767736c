"""An emergency readmission after an unplanned stay."""

import ibis.expr.types as ir

from farr.lab.marts.challenging.challenge import Challenge, Standing
from farr.lab.marts.challenging.returns import EXCEPTIONS


def _holds(bills: ir.Table) -> ir.BooleanValue:
    return (bills.Returned_After.notnull() & ~bills.Returned_After.isin(("DC", "EL"))) & bills.Price_Exclusion.isnull()


def _at_stake(bills: ir.Table) -> ir.Value:
    return bills.Paid


CHALLENGE = Challenge(
    title="Readmitted within 30 days of an emergency",
    standing=Standing.QUERY,
    why="From 2011/12 emergency readmissions after unplanned stays were paid for up to a locally agreed threshold only.",
    source="Payment by Results guidance 2011/12, as reported by HFMA, 1 March 2011 (thresholds to take a quarter off at least); "
    "exclusions as tabulated in PMC5226021; NCDR's RE30. The threshold is the contract's, and not known here.",
    evidence="The threshold agreed, and the share that a clinical review found avoidable; both stays' dates and first diagnoses.",
    worth="All that was paid for the readmission: what lies under the threshold must be taken off.",
    exceptions=EXCEPTIONS,
    where=_holds,
    amount=_at_stake,
)
