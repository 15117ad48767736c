"""Schizophrenia, other psychoses and bipolar disorder."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="People with it die fifteen years or more too early, mostly of physical illness.",
    unseen="Seen here are admissions to general hospitals; those to mental-health wards may not be in the feed.",
)
