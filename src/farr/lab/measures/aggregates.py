"""The figures that each kind of measure is made of, as aggregates of a question.

| kind | numerator | denominator | further sums |
|---|---|---|---|
| proportion | rows | rows | |
| rate per head | rows, or Σ value | (people, another question) | squares |
| mean | Σ value | rows | squares |
| ratio of counts | rows | rows of `against` | |
| ratio of sums | Σ value | Σ weight | squares, weight_squares, products, rows |
| directly standardised | rows, by age group and sex | (people, likewise) | |
| standardised ratio | rows | rows; `expected` is what divides | |
| standardised ratio per head | rows | (expected of people and national rates) | |
"""

import ibis.expr.types as ir

from farr.lab.measures.measure import Measure, MeasureKind
from farr.lab.measures.reference import Reference, expected_of_row
from farr.lab.model.question import Aggregate, AggregateKind, QuestionError

RATIO_SUMS = ("squares", "weight_squares", "products", "rows")
_BY_AGE_AND_SEX = (MeasureKind.DIRECTLY_STANDARDISED, MeasureKind.STANDARDISED_RATIO_PER_HEAD)


def further_sums(measure: Measure) -> tuple[str, ...]:
    """The names of the aggregates that the measure's interval needs beside numerator and denominator."""
    if measure.kind is MeasureKind.RATIO:
        return () if measure.value is None else RATIO_SUMS
    return () if measure.value is None else ("squares",)


def aggregates(measure: Measure, reference: Reference | None = None) -> tuple[Aggregate, ...]:
    """The aggregates of a question about the measure. Raises QuestionError where a standardised ratio has no `reference`."""
    if measure.kind is MeasureKind.RATIO:
        return _ratio_of_counts(measure) if measure.value is None else _ratio_of_sums(measure)
    if measure.kind is MeasureKind.STANDARDISED_RATIO:
        return (*counts(measure), _sum("expected", measure.denominator, _expected(measure, reference)))
    if measure.value is not None:
        return _summed(measure)
    return counts(measure)


def counts(measure: Measure) -> tuple[Aggregate, ...]:
    """Rows in the numerator and, except per head, in the denominator."""
    if measure.numerator is None:
        raise QuestionError(f"measure '{measure.name}' has no numerator to count; declare one")
    both = counted(measure) & measure.numerator
    if measure.kind.is_per_head:
        return (_count("numerator", both),)
    return (_count("numerator", both, subset_of="denominator"), _count("denominator", measure.denominator))


def counted(measure: Measure) -> ir.BooleanValue:
    """The rows that may count: for figures by age and sex, those of people whose age and sex are known, as the population's are."""
    if measure.kind not in _BY_AGE_AND_SEX:
        return measure.denominator
    table = measure.table.unbound
    return measure.denominator & table.Age_Group.notnull() & table.Sex.isin(("1", "2"))


def _summed(measure: Measure) -> tuple[Aggregate, ...]:
    amount = _number(measure, measure.value)
    total = _sum("numerator", measure.denominator, amount)
    squares = _sum("squares", measure.denominator, amount * amount)
    return (total, squares) if measure.kind.is_per_head else (total, _count("denominator", measure.denominator), squares)


def _ratio_of_counts(measure: Measure) -> tuple[Aggregate, ...]:
    if measure.numerator is None or measure.against is None:
        raise QuestionError(f"measure '{measure.name}' is a ratio of counts; declare its numerator and against")
    rows = measure.denominator
    return (_count("numerator", rows & measure.numerator), _count("denominator", rows & measure.against))


def _ratio_of_sums(measure: Measure) -> tuple[Aggregate, ...]:
    """Only rows that have both a value and a weight: a spend without its weight would stand in the numerator alone."""
    value, weight = _number(measure, measure.value), _number(measure, measure.weight)
    rows = measure.denominator & value.notnull() & weight.notnull()
    sums = {
        "numerator": value,
        "denominator": weight,
        "squares": value * value,
        "weight_squares": weight * weight,
        "products": value * weight,
    }
    return (*(_sum(name, rows, each) for name, each in sums.items()), _count("rows", rows))


def _expected(measure: Measure, reference: Reference | None) -> ir.NumericValue:
    if reference is None:
        raise QuestionError(
            f"measure '{measure.name}' needs the nation's shares: ask reference_questions first, and pass what read_reference makes of them"
        )
    return expected_of_row(reference, measure.table.unbound)


def _number(measure: Measure, value: ir.NumericValue | None) -> ir.NumericValue:
    if value is None:
        raise QuestionError(f"measure '{measure.name}' has no value to add up; declare one")
    return value.cast("float64")


def _count(name: str, where: ir.BooleanValue, subset_of: str | None = None) -> Aggregate:
    return Aggregate(name=name, kind=AggregateKind.COUNT, where=where, subset_of=subset_of)


def _sum(name: str, where: ir.BooleanValue, value: ir.NumericValue) -> Aggregate:
    return Aggregate(name=name, kind=AggregateKind.SUM, where=where, value=value)
