"""The activity that a projection begins from."""

from farr.lab.planning.family import Family
from farr.lab.planning.projection_questions import registered_questions

FAMILY = Family(questions=lambda _, level, period: registered_questions(level, period))
