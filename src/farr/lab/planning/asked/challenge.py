"""Bills that may be challenged."""

from farr.lab.planning.challenge_questions import registered_questions
from farr.lab.planning.family import Family

FAMILY = Family(questions=lambda name, level, period: registered_questions(name, level=level, period=period))
