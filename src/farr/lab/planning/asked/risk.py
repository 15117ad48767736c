"""People at risk of an emergency admission by what was known of them, and those who were admitted."""

from farr.lab.planning.family import Family
from farr.lab.planning.risk.questions import registered_questions

FAMILY = Family(questions=lambda name, _, period: registered_questions(name, period))
