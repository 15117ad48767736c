"""Spells of contracts, beside what was planned."""

from farr.lab.planning.contract_questions import registered_questions
from farr.lab.planning.family import Family

FAMILY = Family(questions=lambda name, _, period: registered_questions(name, period=period))
