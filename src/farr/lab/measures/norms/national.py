"""All organisations of the level."""

from farr.lab.measures.norm import Norm, everyone
from farr.lab.model.dimension import LEVELS

NORM = Norm(
    title="National",
    why="How the organisation stands in the whole country.",
    definition="All organisations of the same level with released figures, the one compared included. The norm's value is "
    "their pooled figure: the sum of numerators over the sum of denominators.",
    source="Farr",
    levels=LEVELS,
    members=everyone,
    total="national",
)
