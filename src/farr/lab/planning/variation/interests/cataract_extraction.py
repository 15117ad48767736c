"""Cataract operations."""

from farr.lab.planning.variation.interest import PROCEDURE, Interest, Varies

INTEREST = Interest(
    title="Cataract operations",
    why="The most common operation of all. Rules on how poor sight must be before it is offered differ from place to place.",
    varies=Varies.PREFERENCE,
    source="Code list cataract_extraction, as the measure cataract_operations has it; the choice is Farr's and not clinically signed off",
    field=PROCEDURE,
    codes="cataract_extraction",
    admitted="planned",
)
