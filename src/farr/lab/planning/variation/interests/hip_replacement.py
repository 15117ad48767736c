"""Planned hip replacements."""

from farr.lab.planning.variation.interest import PROCEDURE, Interest, Varies

INTEREST = Interest(
    title="Planned hip replacements",
    why="An operation that people may want sooner, later or never. Thresholds for referral and surgery differ more than hips do.",
    varies=Varies.PREFERENCE,
    source="Code list hip_replacement (OPCS-4 W37 to W39, W93 to W95), as the measure hip_replacements has it; the choice is "
    "Farr's and not clinically signed off",
    field=PROCEDURE,
    codes="hip_replacement",
    admitted="planned",
)
