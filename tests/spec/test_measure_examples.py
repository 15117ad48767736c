"""Every measure's worked example, on every engine."""

from pathlib import Path

import ibis
import numpy as np
import pytest

from farr.lab.measures.figures import value
from farr.lab.measures.measure import Measure, MeasureKind
from farr.lab.measures.questions import questions
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.lab.model.question import AggregateKind

MEASURES = discover("farr.lab.measures.definitions", Measure)
PERIOD = Period.parse("2024-05")


def figure(rows, aggregate):
    if aggregate.kind is AggregateKind.COUNT:
        return aggregate.where.sum().cast("float64")
    return ibis.ifelse(aggregate.where, aggregate.value, 0.0).sum()


def answers(measure, engine, tables):
    found = {}
    for question in questions(measure, level="national", period=PERIOD, trend=None, verdict=False):
        rows = question.table.unbound.filter(question.where)
        figures = {a.name: figure(rows, a).fill_null(0.0) for a in question.aggregates}
        found |= engine.answer(rows.aggregate(**figures), tables)[0]
    return found


def test_measure_example(measure_example, engine):
    name, example = measure_example
    measure = MEASURES[name]
    found = answers(measure, engine, example.tables)
    per_year = 12 if measure.kind is MeasureKind.RATE_PER_HEAD else 1
    numerator, denominator = np.array(found["numerator"]), np.array(found["denominator"]) / per_year
    assert numerator == example.expected["numerator"]
    assert denominator == example.expected["denominator"]
    assert float(value(measure, numerator, denominator)) == pytest.approx(example.expected["value"], abs=0.01)


def test_every_measure_has_an_example():
    assert {path.stem for path in (Path(__file__).parent / "measures").glob("*.py")} == set(MEASURES)
