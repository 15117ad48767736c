"""What spells come to by the rules of their own years."""

from farr.lab.planning.family import Family
from farr.lab.planning.scenario_questions import registered_questions

FAMILY = Family(questions=lambda name, level, period: registered_questions(name, level=level, period=period))
