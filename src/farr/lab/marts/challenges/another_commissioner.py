"""A patient of another commissioner."""

import ibis.expr.types as ir

from farr.lab.marts.challenging.challenge import Challenge, Standing


def _holds(bills: ir.Table) -> ir.BooleanValue:
    is_private = (bills.Administrative_Category == "02").fill_null(False)
    return bills.Is_Of_Another & bills.Service_Line_Code.isnull() & ~is_private


def _at_stake(bills: ir.Table) -> ir.Value:
    return bills.Paid


CHALLENGE = Challenge(
    title="Another commissioner's patient",
    standing=Standing.ERROR,
    why="The commissioner of which a person's practice is a member pays for the care. This bill went to another.",
    source="Who Pays? (NHS England): the commissioner follows the practice. The day that decides is not verified: a bill is "
    "challenged only where the practice was the payer's neither on admission nor on discharge.",
    evidence="The practice on the record, checked with the national registration service on both days; the list of the practice's "
    "memberships.",
    worth="All that was paid for the spell.",
    exceptions=(
        "Specialised services, which are commissioned nationally: see specialised_service.",
        "Private patients.",
        "Practices whose membership on the day of admission is not held (organisation_parent).",
        "People without a practice: where they live decides, which is not looked at.",
    ),
    where=_holds,
    amount=_at_stake,
)
