"""What a case for a local modification rests on: what priced spells were paid."""

from farr.lab.planning.family import Family
from farr.lab.planning.local_modification.questions import registered_questions

FAMILY = Family(questions=lambda name, _, period: registered_questions(name, period))
