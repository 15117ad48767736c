"""An emergency that stays just long enough for the full price."""

import ibis
import ibis.expr.types as ir

from farr.lab.marts.challenging.bills import with_forces
from farr.lab.marts.challenging.challenge import Challenge, Standing
from farr.lab.marts.pricing.amounts import pounds
from farr.lab.marts.pricing.rules import NATIONAL_RULES


def _holds(bills: ir.Table) -> ir.BooleanValue:
    is_adult = (bills.Age >= NATIONAL_RULES.adult_from).fill_null(True)
    just_over = bills.Spell_Adj_LoS == NATIONAL_RULES.short_stay_below_days
    return (bills.Der_Management_Type == "EM") & just_over & is_adult & (bills.Price_Difference == "agrees") & (bills.Copies == 0)


def _at_stake(bills: ir.Table) -> ir.Value:
    takes_both = bills.Spell_Core_HRG.isin(NATIONAL_RULES.short_stay_with_best_practice)
    applies = bills.Best_Practice_Amount.isnull() | takes_both
    reduced = pounds(bills.Tariff_Initial_Amount * bills.Short_Stay_Share)
    return ibis.ifelse(applies, with_forces(bills, bills.Tariff_Initial_Amount - reduced), ibis.null("decimal(18, 2)"))


CHALLENGE = Challenge(
    title="Stay just over the short-stay limit",
    standing=Standing.QUERY,
    why="Below two days an emergency is paid a share of its price, at two days all of it. One stay of two days says nothing; "
    "many more than elsewhere are worth a look at when people went home.",
    source="NCDR SUS PbR derivations, 2017/18: the limit of two days, by adjusted stay. That stays of exactly two days are looked "
    "at is Farr's choice.",
    evidence="Times of admission and discharge, and when the person was fit to go, from the notes of a sample; the provider's stays "
    "of one, two and three days beside its peers'.",
    worth="Full price less reduced price, times the market forces factor, before top-ups: the most that it can come to.",
    exceptions=(
        "Groups without a reduced price, or whose full price was not paid.",
        "People under 19.",
        "Stays paid by best practice, but for the groups that take both.",
        "Spells with a duplicate: those come first.",
    ),
    where=_holds,
    amount=_at_stake,
)
