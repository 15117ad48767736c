"""Coronary bypass operations."""

from farr.lab.planning.variation.interest import PROCEDURE, Interest, Varies

INTEREST = Interest(
    title="Coronary bypass operations",
    why="Bypass, stent or tablets: a choice, and it hangs on who is asked.",
    varies=Varies.PREFERENCE,
    source="Code list coronary_bypass; the choice is Farr's and not clinically signed off",
    field=PROCEDURE,
    codes="coronary_bypass",
)
