"""Chronic kidney disease."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="Found early, its course can be slowed.",
    unseen="Early stages give no signs, and coders may leave them out.",
)
