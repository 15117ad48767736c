"""What a measure is: a declared figure per organisation and period, with why it is looked at and where it comes from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

import ibis.expr.types as ir

from farr.lab.model.codelist import CodeList
from farr.lab.model.table import TableDeclaration


class MeasureKind(Enum):
    """How the figure is made of released numbers, and which interval goes with it.

    PROPORTION: rows in the numerator of rows in the denominator; Wilson.
    RATE_PER_HEAD: rows in the numerator (or the sum of `value`) per person and year; Byar (a sum: compound Poisson).
    MEAN: sum of `value` over the rows of the denominator; Student's t from the sum of squares.
    RATIO: rows of `numerator` over rows of `against`, or the sum of `value` over the sum of `weight`; neither lies in the other.
    DIRECTLY_STANDARDISED: as RATE_PER_HEAD, by age band and sex, weighted by the European Standard Population 2013; Dobson.
    STANDARDISED_RATIO: rows in the numerator over those expected at the national share of each stratum (`strata`), × `per`; Byar.
    STANDARDISED_RATIO_PER_HEAD: rows in the numerator over those expected at the national rate of each age band and sex of
    the organisation's people, × `per`; Byar. Two standardised ratios are compared with the nation only, never ranked.
    """

    PROPORTION = "proportion"
    RATE_PER_HEAD = "rate per head"
    MEAN = "mean"
    RATIO = "ratio"
    DIRECTLY_STANDARDISED = "directly standardised rate"
    STANDARDISED_RATIO = "indirectly standardised ratio"
    STANDARDISED_RATIO_PER_HEAD = "indirectly standardised ratio per head"

    @property
    def is_per_head(self) -> bool:
        """Whether people are the denominator: two questions, one of activity and one of population."""
        return self in (MeasureKind.RATE_PER_HEAD, MeasureKind.DIRECTLY_STANDARDISED, MeasureKind.STANDARDISED_RATIO_PER_HEAD)

    @property
    def is_ranked(self) -> bool:
        """Whether two organisations' figures may be put in order. NHS Digital forbids comparing indirectly standardised ratios."""
        return self not in (MeasureKind.STANDARDISED_RATIO, MeasureKind.STANDARDISED_RATIO_PER_HEAD)


class Direction(Enum):
    """Which way is worth a conversation. NEITHER: variation is of interest, but neither end is better."""

    HIGHER_IS_WORSE = "higher is worse"
    LOWER_IS_WORSE = "lower is worse"
    NEITHER = "neither end is better"


class Theme(Enum):
    """The part of the service that a measure is about: reports and pages are ordered by it."""

    EMERGENCY_CARE = "Emergency care"
    PLANNED_CARE = "Planned care"
    LENGTH_OF_STAY = "Beds and length of stay"
    OUTPATIENTS = "Outpatients"
    OUTCOMES = "Readmission and mortality"
    MONEY = "Activity and spend"
    SPECIALISED = "Specialised and critical care"
    CODING = "Data and coding"


Chosen = Mapping[str, CodeList]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A measure. Expressions are row expressions on `table.unbound`, and cannot run.

    `denominator` says which rows count (for a rate per head: which rows may be in the numerator; the denominator is then the
    population in person-years). `numerator` is the condition counted; `value` the number averaged or summed; RATIO alone takes
    `against` (a condition, beside `numerator`) or `weight` (a number, beside `value`). Figures are multiplied by `per`.
    `strata` are registered breakdowns of the table, for STANDARDISED_RATIO alone. `follow_up_months` are the months after a
    period that must be held before the period is complete. `breakdowns` are those that it may be broken down by.
    `choices` names what a user may choose (such as diagnosis and procedure), each a code list, and `choose` gives the
    denominator and numerator for a choice; the measure as declared is the choice made by default.
    `signed_off_by` names the clinician who signed off the clinical rule, None while that is open.
    """

    name: str = ""
    title: str
    theme: Theme
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
    against: ir.BooleanValue | None = None
    weight: ir.NumericValue | None = None
    strata: tuple[str, ...] = ()
    per: int = 1
    unit: str
    decimals: int = 1
    direction: Direction
    codelists: tuple[str, ...] = ()
    levels: tuple[str, ...]
    breakdowns: tuple[str, ...] = ()
    follow_up_months: int = 0
    choices: tuple[str, ...] = ()
    choose: Callable[[Chosen], tuple[ir.BooleanValue, ir.BooleanValue]] | None = None

    def __post_init__(self) -> None:
        given = {name for name in ("numerator", "value", "against", "weight") if getattr(self, name) is not None}
        if given not in _TAKES[self.kind]:
            allowed = " or ".join(" and ".join(sorted(each)) for each in _TAKES[self.kind])
            raise ValueError(
                f"measure '{self.title}': a {self.kind.value} takes {allowed}, and was given {', '.join(sorted(given)) or 'none'}"
            )
        if bool(self.strata) != (self.kind is MeasureKind.STANDARDISED_RATIO):
            raise ValueError(f"measure '{self.title}': strata are for an indirectly standardised ratio, which needs them")
        if bool(self.choices) != (self.choose is not None):
            raise ValueError(f"measure '{self.title}': choices and choose go together")

    def chosen(self, codes: Chosen) -> "Measure":
        """The measure for one choice of codes. Raises ValueError where it has no choices, or others than those given."""
        if self.choose is None or set(codes) != set(self.choices):
            takes = ", ".join(self.choices) or "none"
            raise ValueError(f"measure '{self.name}' takes these choices: {takes}")
        denominator, numerator = self.choose(codes)
        picked = ", ".join(f"{name} {codes[name].title}" for name in self.choices)
        return replace(self, title=f"{self.title}: {picked}", denominator=denominator, numerator=numerator, codelists=())


_COUNTED, _SUMMED = {"numerator"}, {"value"}
_TAKES: dict[MeasureKind, tuple[set[str], ...]] = {
    MeasureKind.PROPORTION: (_COUNTED,),
    MeasureKind.RATE_PER_HEAD: (_COUNTED, _SUMMED),
    MeasureKind.MEAN: (_SUMMED,),
    MeasureKind.RATIO: ({"numerator", "against"}, {"value", "weight"}),
    MeasureKind.DIRECTLY_STANDARDISED: (_COUNTED,),
    MeasureKind.STANDARDISED_RATIO: (_COUNTED,),
    MeasureKind.STANDARDISED_RATIO_PER_HEAD: (_COUNTED,),
}
