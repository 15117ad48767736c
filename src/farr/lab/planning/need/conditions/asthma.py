"""Asthma."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="Most admissions with asthma could be prevented by good care outside hospital.",
    unseen="Most people with asthma are never admitted: hospitals see the worst of it, and those who come for something else.",
)
