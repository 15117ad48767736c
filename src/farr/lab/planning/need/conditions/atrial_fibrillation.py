"""Atrial fibrillation and flutter."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="It makes strokes, which treatment prevents.",
    unseen="Many do not know that they have it.",
)
