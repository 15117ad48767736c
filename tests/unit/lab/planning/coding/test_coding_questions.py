"""What is asked, and that a desk puts it freely only where its expectation was read from what was released."""

from dataclasses import replace

import pyarrow as pa
import pytest

from farr.lab.desk.reviewing.registered import NotTheReference, RegisteredMeasures
from farr.lab.disclosure.mint import MINT
from farr.lab.disclosure.released import Manifest, Released
from farr.lab.measures.reference import Reference
from farr.lab.model.period import Period
from farr.lab.model.question import Grouping
from farr.lab.planning.coding.indicator import declared, indicator
from farr.lab.planning.coding.questions import months_question, reference_question, standardised_questions, year_question

YEAR = Period.parse("2024-04..2025-03")
DEPTH = indicator("depth_of_coding")
REFERENCE = Reference(strata=DEPTH.strata, shares={(): 3.0})


def put(question):
    return question.identity in {each.identity for each in RegisteredMeasures().put(question)}


@pytest.mark.parametrize("name", declared())
def test_the_nation_by_stratum_may_be_asked_freely(name):
    assert put(reference_question(indicator(name), period=YEAR))


def test_another_grouping_or_a_question_with_means_of_ones_own_may_not():
    asked = reference_question(DEPTH, period=YEAR)
    assert not put(replace(asked, groupings=(Grouping(dimensions=("provider", "age_group")), Grouping())))
    assert not put(year_question(DEPTH, REFERENCE, period=YEAR))
    assert not put(months_question(DEPTH, REFERENCE, period=YEAR))


def test_a_release_that_the_ledger_does_not_know_is_no_reference():
    asked = reference_question(DEPTH, period=YEAR)
    table = pa.table({"grouping": [0]})
    made = Manifest(
        release_id="x", name=asked.name, question={}, question_identity=asked.identity, agreement="a", policy="hes_2018", checks=(),
        store_versions={}, code_version="c", released_at="2026-01-01", table_sha256="", derived_from=(),
    )  # fmt: skip
    with pytest.raises(NotTheReference):
        RegisteredMeasures().refer_family(asked, Released(manifest=made, table=table, mint=MINT))


def test_an_expectation_of_another_indicator_gives_no_question():
    other = Reference(strata=("admission_type",), shares={(): 3.0})
    assert standardised_questions("coding.depth_of_coding.year", other, period=YEAR) == []
    (asked,) = standardised_questions("coding.depth_of_coding.year", REFERENCE, period=YEAR)
    assert asked.identity == year_question(DEPTH, REFERENCE, period=YEAR).identity
