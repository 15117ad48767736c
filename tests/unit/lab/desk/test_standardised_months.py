"""Months of a rate standardised by age and sex: asked for where most organisations' groups are large enough for them."""

from dataclasses import replace
from types import SimpleNamespace

import pyarrow as pa
import pytest

from farr.lab.desk.answering.plan import Plan
from farr.lab.desk.answering.standardised import with_months_if_large
from farr.lab.disclosure.gate import Refused
from farr.lab.measures.definitions.emergency_admissions import MEASURE as CRUDE
from farr.lab.measures.definitions.emergency_admissions_standardised import MEASURE
from farr.lab.measures.figures import STRATA
from farr.lab.model.period import Period

YEAR = Period.parse("2024-04..2025-03")
PLAN = Plan(measure=MEASURE, level="commissioner", period=YEAR, months=YEAR)


def year_of(**counts):
    """A released year in which every group of a commissioner counts this much; None is hidden."""
    keys = [(code, *stratum) for code in counts for stratum in STRATA]
    columns = {"grouping": [0] * len(keys)}
    columns |= {name: [key[at] for key in keys] for at, name in enumerate(("commissioner", "age_group", "sex"))}
    columns["numerator"] = pa.array([counts[key[0]] for key in keys], type=pa.float64())
    columns["numerator__status"] = ["suppressed" if counts[key[0]] is None else "rounded" for key in keys]
    return pa.table(columns)


def asked(table, plan=PLAN):
    return with_months_if_large(plan, lambda question: SimpleNamespace(table=table)).by_month()


@pytest.mark.parametrize("counts", [{"A": 240, "B": 240, "C": 300}, {"A": 240, "B": None}, {"A": 240, "unknown": None}])
def test_months_are_asked_for(counts):
    assert next(question.name for question in asked(year_of(**counts))) == f"{MEASURE.name}.monthly"


@pytest.mark.parametrize("counts", [{"A": 235, "B": 235, "C": 300}, {"A": 240, "B": None, "C": None}, {}])
def test_months_are_not_asked_for(counts):
    assert asked(year_of(**counts)) == []


def test_one_small_group_is_enough_to_hide_a_rate():
    table = year_of(A=300)
    counts = [5.0, *table["numerator"].to_pylist()[1:]]
    assert asked(table.set_column(table.schema.get_field_index("numerator"), "numerator", pa.array(counts))) == []


def test_people_of_unknown_sex_are_no_group_of_the_rate():
    table = year_of(A=300)
    sexes = ["9", *table["sex"].to_pylist()[1:]]
    table = table.set_column(table.schema.get_field_index("sex"), "sex", pa.array(sexes))
    counts = [5.0, *table["numerator"].to_pylist()[1:]]
    assert asked(table.set_column(table.schema.get_field_index("numerator"), "numerator", pa.array(counts)))


def test_where_the_year_is_refused_so_are_its_months():
    def refused(question):
        raise Refused("no")

    assert with_months_if_large(PLAN, refused).by_month() == []


def test_other_measures_are_asked_for_by_month_as_they_are():
    def unasked(question):
        raise AssertionError("the year need not be known")

    assert with_months_if_large(replace(PLAN, measure=CRUDE), unasked).by_month()
