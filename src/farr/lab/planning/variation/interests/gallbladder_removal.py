"""Removals of the gall bladder."""

from farr.lab.planning.variation.interest import PROCEDURE, Interest, Varies

INTEREST = Interest(
    title="Removals of the gall bladder",
    why="Gallstones are common and mostly silent. When they hurt, some places operate at once and others wait.",
    varies=Varies.PREFERENCE,
    source="Code list gallbladder_removal; the choice is Farr's and not clinically signed off",
    field=PROCEDURE,
    codes="gallbladder_removal",
)
