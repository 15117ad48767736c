"""What providers do around an operation."""

from farr.lab.planning.family import Family
from farr.lab.planning.pathways.questions import registered_questions

FAMILY = Family(questions=lambda name, level, period: registered_questions(name, level=level, period=period))
