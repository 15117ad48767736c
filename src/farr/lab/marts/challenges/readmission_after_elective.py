"""An emergency readmission after a planned stay."""

import ibis.expr.types as ir

from farr.lab.marts.challenging.challenge import Challenge, Standing
from farr.lab.marts.challenging.returns import EXCEPTIONS


def _holds(bills: ir.Table) -> ir.BooleanValue:
    return bills.Returned_After.isin(("DC", "EL")) & bills.Price_Exclusion.isnull()


def _at_stake(bills: ir.Table) -> ir.Value:
    return bills.Paid


CHALLENGE = Challenge(
    title="Readmitted within 30 days of a planned stay",
    standing=Standing.ERROR,
    why="From 2011/12 an emergency readmission within 30 days of discharge from a planned stay was not paid for.",
    source="Payment by Results guidance 2011/12, as reported by HFMA, 1 March 2011; exclusions as tabulated in PMC5226021; NCDR's "
    "RE30. Whether the contract of the year still has the rule must be looked up.",
    evidence="Both stays' dates and first diagnoses; a clinical review of a sample where the contract provides for one.",
    worth="All that was paid for the readmission.",
    exceptions=EXCEPTIONS,
    where=_holds,
    amount=_at_stake,
)
