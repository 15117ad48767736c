"""Stroke."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="Who has had a stroke needs care for years.",
    unseen="Only strokes of the period: who had one earlier is not counted, unless it is coded anew.",
)
