"""Hypertension."""

from farr.lab.planning.need.condition import Condition

CONDITION = Condition(
    why="It lies behind strokes, heart and kidney disease.",
    unseen="Most people with it are never admitted: what is seen grows with admissions for anything else, and with depth of coding.",
)
