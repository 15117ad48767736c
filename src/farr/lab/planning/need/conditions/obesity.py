"""Obesity."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="It drives diabetes, joints and operations that go wrong.",
    unseen="Recorded for a small part of those who have it, and very differently between providers: a figure about coding "
    "more than about people.",
)
