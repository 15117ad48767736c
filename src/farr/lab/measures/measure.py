"""What a measure is: a declared figure per organisation and period, with why it is looked at and where it comes from."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

import ibis.expr.types as ir

from farr.lab.model.table import TableDeclaration


class MeasureKind(Enum):
    PROPORTION = "proportion"  # rows in the numerator of rows in the denominator; Wilson interval
    RATE_PER_HEAD = "rate per head"  # rows in the numerator per registered person and year; Byar interval
    MEAN = "mean"  # sum of a value over the rows of the denominator; normal interval from the sum of squares


class Direction(Enum):
    """Which way is worth a conversation. NEITHER: variation is of interest, but neither end is better."""

    HIGHER_IS_WORSE = "higher is worse"
    LOWER_IS_WORSE = "lower is worse"
    NEITHER = "neither end is better"


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A measure. Expressions are row expressions on `table.unbound`, and cannot run.

    `denominator` says which rows count (for a rate per head: which rows may be in the numerator; the denominator is then the
    registered population in person-years). `numerator` is the condition counted (PROPORTION, RATE_PER_HEAD); `value` the number
    averaged (MEAN). Figures are multiplied by `per`. `follow_up_months` are the months after a period that must be held before
    the period is complete. `signed_off_by` names the clinician who signed off the clinical rule, None while that is open.
    """

    name: str = ""
    title: str
    why: str
    definition: str
    source: str
    owner: str
    review_date: date
    signed_off_by: str | None
    kind: MeasureKind
    table: TableDeclaration
    denominator: ir.BooleanValue
    numerator: ir.BooleanValue | None = None
    value: ir.NumericValue | None = None
    per: int = 1
    unit: str
    decimals: int = 1
    direction: Direction
    codelists: tuple[str, ...] = ()
    levels: tuple[str, ...]
    follow_up_months: int = 0

    def __post_init__(self) -> None:
        if (self.kind is MeasureKind.MEAN) != (self.value is not None):
            raise ValueError(f"measure '{self.title}': a mean needs a value, and nothing else takes one")
        if (self.kind is MeasureKind.MEAN) == (self.numerator is not None):
            raise ValueError(f"measure '{self.title}': a proportion or rate needs a numerator, a mean takes none")
