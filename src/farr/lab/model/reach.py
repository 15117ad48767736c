"""Reach: how far a change in what a derived table reads can carry into it."""

from enum import Enum


class Reach(Enum):
    """What a new or re-sent month of a table read can change in the mart.

    MONTH: rows of the same month, for each row rests on rows of its own month and on reference tables alone.
    PERSON: rows of the persons who have (or had) a row in that month, in any month, earlier ones too; rows of persons not known
    rest on their own row alone. WHOLE: anything. A changed reference table, or a changed rule, always changes the whole mart.
    """

    MONTH = "month"
    PERSON = "person"
    WHOLE = "whole"
