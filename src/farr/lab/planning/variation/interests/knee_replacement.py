"""Planned knee replacements."""

from farr.lab.planning.variation.interest import PROCEDURE, Interest, Varies

INTEREST = Interest(
    title="Planned knee replacements",
    why="As for hips: pain is weighed against an operation, and places weigh differently.",
    varies=Varies.PREFERENCE,
    source="Code list knee_replacement, as the measure knee_replacements has it; the choice is Farr's and not clinically signed off",
    field=PROCEDURE,
    codes="knee_replacement",
    admitted="planned",
)
