"""Heart failure."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="A main cause of readmission, for which there is good care outside hospital.",
    unseen="Mild disease is cared for by practices.",
)
