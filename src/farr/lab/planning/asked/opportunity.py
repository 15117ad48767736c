"""What opportunities are worth, and what they share."""

from farr.lab.planning.family import Family
from farr.lab.planning.opportunity.questions import registered_questions

FAMILY = Family(questions=lambda name, level, period: registered_questions(name, level=level, period=period))
