"""Diabetes mellitus."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="Its complications fill beds, and differ between places in how well they are prevented.",
    unseen="Well-treated diabetes is seen only when something else brings people in, though coders are then meant to record it.",
)
