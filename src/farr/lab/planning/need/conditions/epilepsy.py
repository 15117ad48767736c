"""Epilepsy."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="Fits that are not well treated come as emergencies.",
    unseen="Well-treated epilepsy is hardly seen.",
)
