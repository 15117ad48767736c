"""Chronic obstructive pulmonary disease."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="Most of what it costs is emergency admissions of people who smoke or smoked.",
    unseen="Perhaps half of those who have it do not know; mild disease is not admitted.",
)
