"""Every measure's worked example, on every engine, through the measure's own questions and figures; every number counts as shown.

An example's `tables` hold the nation's rows of the month 2024-05: of the measure's table and, per head, of `population` (registered
people by GP_Practice_Code, Sex, Age_Band and Age_Group, `Patients` a month: 12 make a person-year). `expected` holds `numerator`,
`value` and, where it can be told, `denominator`:

- proportion: rows, rows; mean: Σ value, rows; rate per head: rows or Σ value, person-years
- ratio: rows or Σ value, rows of `against` or Σ weight
- directly standardised rate: events, person-years (a rate needs 10 events, and people in every stratum: six age groups by two sexes)
- indirectly standardised ratio: observed, expected. The nation's own is always `per`, so an example says more of one organisation: a
  further key naming a level, such as `"provider": "RA1"`, gives the code whose figure is expected. All rows together are the nation.
"""

from pathlib import Path

import ibis
import pyarrow as pa
import pytest

from farr.lab.measures.figures import read_figures, values
from farr.lab.measures.measure import Measure
from farr.lab.measures.questions import questions, reference_questions
from farr.lab.measures.reference import read_reference
from farr.lab.model.dimension import DIMENSIONS, LEVELS
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.lab.model.question import AggregateKind

MEASURES = discover("farr.lab.measures.definitions", Measure)
PERIOD = Period.parse("2024-05")


def total(rows, aggregate):
    where = aggregate.where.fill_null(False)
    if aggregate.kind is AggregateKind.COUNT:
        return where.sum().cast("float64").fill_null(0.0)
    return ibis.ifelse(where, aggregate.value.cast("float64").fill_null(0.0), 0.0).sum().fill_null(0.0)


def answered(question, engine, tables):
    """What the gate would let out of the question, were nothing hidden or rounded."""
    rows = question.table.unbound.filter(question.where)
    names = [name for grouping in question.groupings for name in grouping.dimensions]
    found = []
    for number, grouping in enumerate(question.groupings):
        codes = {name: rows[DIMENSIONS[name].column].fill_null("unknown") for name in grouping.dimensions}
        figures = {a.name: total(rows, a) for a in question.aggregates}
        for row in engine.answer(rows.aggregate(by=codes, **figures), tables):
            statuses = {f"{a.name}__status": "shown" for a in question.aggregates}
            found.append({"grouping": number, "month": None, **dict.fromkeys(names), **row, **statuses})
    return pa.Table.from_pylist(found)


def figures_of(measure, engine, tables, level):
    asked = reference_questions(measure, period=PERIOD)
    reference = read_reference(measure, *(answered(each, engine, tables) for each in asked)) if asked else None
    own = questions(measure, level=level, period=PERIOD, trend=None, verdict=False, reference=reference)
    activity, *population = [answered(each, engine, tables) for each in own]
    code_column = None if level == "national" else level
    return read_figures(
        measure, activity, grouping=0, code_column=code_column, population=population[0] if population else None, reference=reference
    )


def test_measure_example(measure_example, engine):
    name, example = measure_example
    measure = MEASURES[name]
    level, code = next(((key, example.expected[key]) for key in LEVELS if key in example.expected), ("national", ""))
    figures = figures_of(measure, engine, example.tables, level)
    at = figures.index(code)
    assert figures.numerator[at] == example.expected["numerator"]
    if "denominator" in example.expected:
        assert figures.denominator[at] == pytest.approx(example.expected["denominator"], abs=0.01)
    assert float(values(measure, figures)[at]) == pytest.approx(example.expected["value"], abs=0.01)


def test_every_measure_has_an_example():
    assert {path.stem for path in (Path(__file__).parent / "measures").glob("*.py")} == set(MEASURES)
