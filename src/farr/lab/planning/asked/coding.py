"""How providers code, beside what is expected of their admissions."""

from farr.lab.planning.coding.questions import indicator_of, registered_questions, standardised_questions
from farr.lab.planning.coding.reference import read_reference
from farr.lab.planning.family import Family

FAMILY = Family(
    questions=lambda name, _, period: registered_questions(name, period=period),
    read=lambda name, table: read_reference(indicator_of(name), table),
    standardised=lambda name, _, period, reference: standardised_questions(name, reference, period=period),
)
