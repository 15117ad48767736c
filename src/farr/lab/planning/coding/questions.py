"""What is asked of coding: the nation by stratum, then every provider's figure beside what is expected of its own admissions.

What is expected is added up inside, row by row, from the nation's released means: of a provider crossed with its casemix hardly a cell
could be shown, and its sum can.
"""

import ibis.expr.types as ir

from farr.lab.measures.reference import Reference, expected_of_row
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables.coding import SPELL_CODING
from farr.lab.planning.coding.indicator import Indicator, declared
from farr.lab.planning.coding.reference import EXPECTED, OBSERVED, ROWS, SQUARES

CODING = "coding"
LEVEL = "provider"
REFERENCE, YEAR, MONTHS = "reference", "year", "months"


def reference_question(which: Indicator, *, period: Period) -> Question:
    """`coding.<indicator>.reference`: of the nation, by the strata crossed, and of all of it."""
    squares = () if which.value is None else (_sum(SQUARES, which, _value(which) * _value(which)),)
    return _question(which, REFERENCE, period, (*_figures(which), *squares), (Grouping(dimensions=which.strata), Grouping()))


def year_question(which: Indicator, reference: Reference, *, period: Period) -> Question:
    """`coding.<indicator>.year`: of each provider and the nation, admissions, what is observed and what is expected."""
    figures = (*_figures(which), _expected(which, reference))
    return _question(which, YEAR, period, figures, (Grouping(dimensions=(LEVEL,)), Grouping()))


def months_question(which: Indicator, reference: Reference, *, period: Period) -> Question:
    """`coding.<indicator>.months`: the same by month."""
    figures = (*_figures(which), _expected(which, reference))
    return _question(which, MONTHS, period, figures, (Grouping(dimensions=(LEVEL,), monthly=True), Grouping(monthly=True)))


def registered_questions(name: str, *, period: Period) -> list[Question]:
    """The reference question of that name; none where it is no such name."""
    which, part = _named(name)
    return [reference_question(which, period=period)] if which is not None and part == REFERENCE else []


def standardised_questions(name: str, reference: Reference, *, period: Period) -> list[Question]:
    """The question of that name that rests on the reference; none where it is no such name, or of another indicator."""
    which, part = _named(name)
    made = {YEAR: year_question, MONTHS: months_question}
    if which is None or part not in made or reference.strata != which.strata:
        return []
    return [made[part](which, reference, period=period)]


def indicator_of(name: str) -> Indicator:
    """The indicator that a question of that name is about. Raises KeyError."""
    return declared()[name.split(".")[1]]


def _named(name: str) -> tuple[Indicator | None, str]:
    family, _, rest = name.partition(".")
    which, _, part = rest.partition(".")
    return (declared().get(which) if family == CODING else None), part


def _figures(which: Indicator) -> tuple[Aggregate, ...]:
    rows = Aggregate(name=ROWS, kind=AggregateKind.COUNT, where=which.where)
    if which.numerator is None:
        return rows, _sum(OBSERVED, which, _value(which))
    counted = which.where & which.numerator
    return rows, Aggregate(name=OBSERVED, kind=AggregateKind.COUNT, where=counted, subset_of=ROWS)


def _expected(which: Indicator, reference: Reference) -> Aggregate:
    return _sum(EXPECTED, which, expected_of_row(reference, SPELL_CODING.unbound))


def _value(which: Indicator) -> ir.NumericValue:
    if which.value is None:
        raise ValueError(f"indicator '{which.name}' counts admissions and adds nothing up")
    return which.value.cast("float64")


def _sum(name: str, which: Indicator, value: ir.NumericValue) -> Aggregate:
    return Aggregate(name=name, kind=AggregateKind.SUM, where=which.where, value=value)


def _question(which: Indicator, part: str, period: Period, figures: tuple[Aggregate, ...], groupings: tuple[Grouping, ...]) -> Question:
    return Question(
        name=f"{CODING}.{which.name}.{part}", table=SPELL_CODING, period=period, where=which.where, aggregates=figures, groupings=groupings
    )
