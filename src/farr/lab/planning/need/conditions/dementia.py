"""Dementia."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="People with dementia stay longer and are harmed more easily.",
    unseen="It is recorded when it matters for the stay; practices' registers hold more.",
)
