"""Coronary heart disease."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="The commonest cause of early death that differs with deprivation.",
    unseen="Stable disease is cared for by practices.",
)
