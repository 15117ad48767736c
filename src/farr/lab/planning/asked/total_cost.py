"""What all care of a commissioner's people costs."""

from farr.lab.planning.family import Family
from farr.lab.planning.total_cost.questions import registered_questions

FAMILY = Family(questions=lambda name, _, period: registered_questions(name, period))
