"""What is counted and added up for opportunities, worked out by hand; and that a desk knows the questions, and no other of these names."""

from dataclasses import replace

import duckdb
import pyarrow as pa
import pytest

from farr.lab.desk.reviewing.registered import RegisteredMeasures
from farr.lab.engine.sql import sql_of
from farr.lab.model.example import read_table
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Grouping, QuestionError
from farr.lab.model.tables.sus import APC_SPELL
from farr.lab.planning.opportunity.questions import LEVELS, critical_care_question, days_question, opportunity_questions, spells_question

YEAR = Period.parse("2024-04..2024-06")
_NAMES = (
    "Spell_Key | Provider_Code | Der_Management_Type | Length_of_Stay | Spell_ExcessBedDays | Is_Ambulatory_Care_Sensitive | Grand_Total "
    "| Critical_Care_Days | Critical_Care_Cost"
)
SPELLS = f"""
    {_NAMES}
    1 | RAA | EM | 30 | 5 | yes | 9000.00 | 0 |    0.00
    2 | RAA | EM |  4 | 0 | no  | 2000.00 | 2 | 3000.00
    3 | RAA | EM |  0 |   | no  |         | 0 |    0.00
    4 | RAA | EL | 25 | 9 | no  | 8000.00 | 4 |    0.00
    5 | RAA | DC |  0 |   | no  |  700.00 | 0 |    0.00
    6 | RAA | EL | 10 | 2 | no  | 5000.00 | 3 | 5000.00
"""


def figures(asked):
    rows = APC_SPELL.unbound
    summed = rows.aggregate(
        **{
            each.name: rows.count(where=asked.where & each.where) if each.value is None else each.value.sum(where=asked.where & each.where)
            for each in asked.aggregates
        }
    )
    with duckdb.connect() as connection:
        table = pa.Table.from_pylist(read_table(SPELLS, APC_SPELL), schema=APC_SPELL.schema.to_pyarrow())
        connection.register("apc_spell", table)
        (found,) = connection.execute(sql_of(summed)).to_arrow_table().to_pylist()
    return {name: float(value or 0) for name, value in found.items()}


def test_emergencies_with_a_payment_are_counted_and_added_up():
    assert figures(spells_question("provider", YEAR)) == {
        "emergency_number": 2, "emergency_paid": 11_000, "sensitive_number": 1, "sensitive_paid": 9000,
    }  # fmt: skip


def test_days_of_stays_by_kind_and_those_that_two_kinds_share():
    assert figures(days_question("provider", YEAR)) == {
        "emergency": 34, "elective": 35, "excess": 16, "long": 55, "sensitive": 30,
        "emergency_and_excess": 5, "emergency_and_long": 30, "elective_and_excess": 11, "elective_and_long": 25,
        "excess_and_long": 14, "excess_and_sensitive": 5, "long_and_sensitive": 30,
    }  # fmt: skip


def test_critical_care_days_without_a_cost_have_no_price():
    assert figures(critical_care_question(YEAR)) == {"of_days": 5, "paid": 8000}


@pytest.mark.parametrize("level", LEVELS)
def test_a_desk_knows_the_questions_and_no_finer_one(level):
    for question in opportunity_questions(level, YEAR).values():
        asked = replace(question, left_out=(Month(2024, 5),))
        assert asked.identity in [each.identity for each in RegisteredMeasures().put(asked)]
        finer = replace(asked, groupings=(Grouping(dimensions=(level, "age_band")), Grouping()))
        assert finer.identity not in [each.identity for each in RegisteredMeasures().put(finer)]


def test_there_are_none_of_practices():
    with pytest.raises(QuestionError, match="only at: provider, commissioner"):
        opportunity_questions("practice", YEAR)
