"""A feed, so that it can be set beside another."""

from farr.lab.planning.family import Family
from farr.lab.planning.feeds_compared.questions import registered_questions

FAMILY = Family(questions=registered_questions)
