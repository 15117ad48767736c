"""Planned hernia repairs."""

from farr.lab.planning.variation.interest import PROCEDURE, Interest, Varies

INTEREST = Interest(
    title="Planned hernia repairs",
    why="A hernia that does not hurt may be watched. Places differ in whether they do.",
    varies=Varies.PREFERENCE,
    source="Code list hernia_repair; the choice is Farr's and not clinically signed off",
    field=PROCEDURE,
    codes="hernia_repair",
    admitted="planned",
)
