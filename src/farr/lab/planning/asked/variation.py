"""Admissions and operations of people who live somewhere, and of the nation by age, sex and deprivation."""

from farr.lab.planning.family import Family
from farr.lab.planning.variation.questions import registered_questions

FAMILY = Family(questions=lambda name, level, period: registered_questions(name, level=level, period=period))
