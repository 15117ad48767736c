"""People seen in hospital with a condition."""

from farr.lab.planning.family import Family
from farr.lab.planning.need.questions import registered_questions

FAMILY = Family(questions=lambda name, level, period: registered_questions(name, level=level, period=period))
