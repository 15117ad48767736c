"""Indicator: something that is counted of a provider's admissions, what of their casemix it is adjusted for, and what would explain it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache

import ibis.expr.types as ir

from farr.lab.model.discover import discover
from farr.lab.model.errors import FarrError
from farr.lab.model.tables.coding import SPELL_CODING

ROWS: ir.Table = SPELL_CODING.unbound
EVERY: ir.BooleanValue = ROWS.Spell_Key.notnull()
"""Every admission."""
CASEMIX = ("admission_type", "casemix_group", "age_group")
"""Adjusts what is written beside the primary diagnosis: kind of admission, group of that diagnosis, age."""
BEYOND_CODING = ("admission_type", "specialty", "age_group")
"""Adjusts what must not hang on diagnoses: how the person came, whose patient, how old. None of it is a coder's to choose."""


class IndicatorError(FarrError):
    """An indicator that is not known; the message says which there are."""


class Subject(Enum):
    """What an indicator is about. CODING: what was written down. CARE: what happened, whatever was written down."""

    CODING = "coding"
    CARE = "care"


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """Of the rows where `where` holds, those of `numerator` are counted, or `value` is added up (amounts of nothing or more), against what
    the nation's share or mean in each of the `strata` (registered dimensions of spell_coding, crossed) comes to.

    `explained_by`: care that would have to differ, and which way (1 up, -1 down), where this is HIGH for the sake of its patients; the
    reverse where it is low. None of them differing, the coding does. `is_money`: the value is in pounds, so that the difference is worth
    something. The observed figure is shown × `per` with `decimals`. `signed_off_by`: who of clinicians or coders agreed to it; None:
    nobody yet."""

    name: str = ""
    title: str
    subject: Subject
    says: str
    why: str
    source: str
    where: ir.BooleanValue
    numerator: ir.BooleanValue | None = None
    value: ir.NumericValue | None = None
    strata: tuple[str, ...]
    unit: str
    per: int = 1
    decimals: int = 1
    explained_by: tuple[tuple[str, int], ...] = ()
    is_money: bool = False
    signed_off_by: str | None = None

    def __post_init__(self) -> None:
        if (self.numerator is None) == (self.value is None):
            raise ValueError(f"indicator '{self.title}': give a numerator to count or a value to add up, one of them")
        if not self.strata:
            raise ValueError(f"indicator '{self.title}': say what it is adjusted for")


@cache
def declared() -> Mapping[str, Indicator]:
    """Every indicator of the folder, by name."""
    return discover("farr.lab.planning.coding.indicators", Indicator)


def indicator(name: str) -> Indicator:
    """The indicator of that name. Raises IndicatorError."""
    if name not in declared():
        raise IndicatorError(f"there is no indicator '{name}'; type: farr coding-indicators. Known: {', '.join(declared())}")
    return declared()[name]


def of_subject(subject: Subject) -> dict[str, Indicator]:
    """The indicators of coding, or of care, by name."""
    return {name: each for name, each in declared().items() if each.subject is subject}
