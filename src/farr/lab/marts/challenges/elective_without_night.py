"""A planned stay that spent no night."""

import ibis
import ibis.expr.types as ir

from farr.lab.marts.challenging.bills import with_forces
from farr.lab.marts.challenging.challenge import Challenge, Standing
from farr.lab.marts.readmission.re30 import TRANSFER_PLACES
from farr.lab.marts.readmission.rule import DIED, SELF_DISCHARGE


def _holds(bills: ir.Table) -> ir.BooleanValue:
    went_home = ~bills.Discharge_Method.isin((SELF_DISCHARGE, *DIED)).fill_null(False)
    moved_on = bills.Discharge_Destination.isin(TRANSFER_PLACES).fill_null(False)
    return (bills.Der_Management_Type == "EL") & (bills.Length_of_Stay == 0) & went_home & ~moved_on & (bills.Copies == 0)


def _at_stake(bills: ir.Table) -> ir.Value:
    return with_forces(bills, bills.Tariff_Initial_Amount - ibis.coalesce(bills.Day_Case_Price, bills.Combined_Price))


CHALLENGE = Challenge(
    title="Planned stay without a night",
    standing=Standing.QUERY,
    why="A planned admission that went home the same day, by agreement, looks like a day case that was recorded as an ordinary "
    "admission. It may be one that was meant to stay, and need not.",
    source="NHS Data Dictionary, patient classification: an ordinary admission is not a day case only because it ended early; what "
    "was intended decides. So this asks, and does not assert.",
    evidence="What was intended when the person was put on the list; the ward's list of that day.",
    worth="Stay price less day-case price of the group, times the market forces factor, before top-ups: the most that it can come to.",
    exceptions=(
        "Groups with one price for both.",
        "People who died, discharged themselves, or went on to another hospital.",
        "Spells with a duplicate: those come first.",
    ),
    where=_holds,
    amount=_at_stake,
)
