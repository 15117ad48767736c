# ruff: noqa: E501  (a drawn table is as wide as its columns)
"""What is counted and added up of contracts, worked out by hand; and that a desk knows the questions, and no other of these names."""

from dataclasses import replace

import duckdb
import pyarrow as pa
import pytest

from farr.lab.desk.reviewing.registered import RegisteredMeasures
from farr.lab.engine.sql import sql_of
from farr.lab.model.example import read_table
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Grouping, QuestionError
from farr.lab.model.tables.pricing import SPELL_PRICE
from farr.lab.planning.contract_plan import read_plan
from farr.lab.planning.contract_questions import contract_question

YEAR = Period.parse("2024-04..2024-06")
SPELLS = """
    Spell_Key | Provider_Code | Point_of_Delivery | Price_Exclusion | Payment_Recomputed | Grand_Total | Activity_Month
    1 | RAA | DC  |                | 1000.00 | 1000.00 | 2024-04
    2 | RAA | DC  |                | 1000.00 | 1030.00 | 2024-04
    3 | RAA | DC  |                | 1000.00 |  900.00 | 2024-05
    4 | RAA | DC  |                | 1000.00 |         | 2024-05
    5 | RAA | RDA | not_on_tariff  |         |  300.00 | 2024-05
    6 | RAA | EL  | not_grouped    |         |         | 2024-05
    7 | RAA | EL  | private        |         | 5000.00 | 2024-05
"""
PLAN = [
    {"Provider_Code": provider, "Commissioner_Code": payer, "Point_of_Delivery": delivery, "Treatment_Function_Code": specialty,
     "Activity_Month": month, "Planned_Activity": spells, "Planned_Finance": pounds}
    for provider, payer, delivery, specialty, month, spells, pounds in (
        ("RAA", "01A", "DC", "100", "2024-04", 5, 500), ("RAA", "02B", "DC", "ALL", "2024-04", 3, 330), ("RAA", "01A", "EL", "100", "2024-05", 2, 900),
        ("RBB", "01A", "DC", "100", "2024-04", 9, 990), ("RAA", "01A", "DC", "100", "2025-04", 7, 770),
    )
]  # fmt: skip


def figures():
    """Each figure of the question over all the spells."""
    asked, rows = contract_question(level="provider", figures="by_point_of_delivery", period=YEAR), SPELL_PRICE.unbound
    summed = rows.aggregate(
        **{
            each.name: rows.count(where=asked.where & each.where) if each.value is None else each.value.sum(where=asked.where & each.where)
            for each in asked.aggregates
        }
    )
    with duckdb.connect() as connection:
        table = pa.Table.from_pylist(read_table(SPELLS, SPELL_PRICE), schema=SPELL_PRICE.schema.to_pyarrow())
        connection.register("spell_price", table)
        (found,) = connection.execute(sql_of(summed)).to_arrow_table().to_pylist()
    return {name: float(value) for name, value in found.items()}


def test_all_but_private_patients_are_of_a_contract_paid_as_fed_or_else_by_the_rules():
    # 1,000 + 1,030 + 900 + 1,000 by the rules + 300; £30 above the rules and £100 below; the private patient is nobody's.
    assert figures() == {"spells": 6, "paid": 4230, "above": 30, "below": 100}


@pytest.mark.parametrize(
    ("level", "named"),
    [("provider", "months"), ("provider", "by_specialty"), ("commissioner", "months"), ("commissioner", "by_point_of_delivery")],
)
def test_a_desk_knows_the_questions(level, named):
    asked = replace(contract_question(level=level, figures=named, period=YEAR), left_out=(Month(2024, 5),))
    assert asked.identity in [each.identity for each in RegisteredMeasures().put(asked)]


def test_a_desk_does_not_know_others_of_these_names():
    asked = contract_question(level="provider", figures="months", period=YEAR)
    finer = replace(asked, groupings=(Grouping(dimensions=("provider", "hrg"), monthly=True),))
    narrower = replace(asked, where=asked.where & (SPELL_PRICE.unbound.HRG_Root == "DZ11"))
    for other in (finer, narrower, replace(asked, name="contract.provider.by_hrg")):
        assert other.identity not in [each.identity for each in RegisteredMeasures().put(other)]


@pytest.mark.parametrize(
    ("level", "named"), [("practice", "months"), ("commissioner", "by_specialty"), ("provider", "by_hrg"), ("provider", "")]
)
def test_what_is_not_asked_about_contracts_is_refused(level, named):
    with pytest.raises(QuestionError):
        contract_question(level=level, figures=named, period=YEAR)


def test_a_plan_is_that_of_all_contracts_of_the_organisation_in_the_months():
    plan = read_plan(PLAN, level="provider", organisation="RAA", line="point_of_delivery", months=list(YEAR.months()))
    assert plan.activity["DC"].tolist() == [8, 0, 0] and plan.finance["EL"].tolist() == [0, 900, 0]
    assert plan.totals(None) == (10, 1730) and plan.totals("DC") == (8, 830) and plan.totals("NEL") == (0, 0)
    assert plan.of([Month(2024, 4)]).totals(None) == (8, 830)
    assert plan.monthly_finance().tolist() == [830, 900, 0]


def test_a_commissioners_plan_is_by_specialty_too():
    plan = read_plan(PLAN, level="commissioner", organisation="01A", line="specialty", months=list(YEAR.months()))
    assert {code: float(each.sum()) for code, each in plan.activity.items()} == {"100": 16}
