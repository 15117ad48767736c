# ruff: noqa: E501  (a drawn table is as wide as its columns)
"""What a scenario changes, spell by spell, worked out by hand; one in which nothing changes changes nothing."""

from dataclasses import replace
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from farr.lab.engine.sql import sql_of
from farr.lab.marts.pricing.rules import NATIONAL_RULES
from farr.lab.model.example import read_table
from farr.lab.model.period import Period
from farr.lab.planning.scenario import BookChange, Move, Scenario, ScenarioError, declared, scenario, scenario_mart

YEAR = Period.parse("2018-04..2019-03")
BOOK = {
    "national_price": """
        Tariff_Year | HRG_Code | Combined_Price | Non_Elective_Price
        2018/19     | DZ11A    | 1000.00        | 3000.00
        2018/19     | DZ12B    | 400.00         | 900.00
        2017/18     | DZ11A    | 900.00         | 2000.00
    """,
    "hrg_trim_point": """
        Tariff_Year | Spell_Core_HRG | Elective_Trim_Point | Non_Elective_Trim_Point
        2018/19     | DZ11A          | 5                   | 6
        2017/18     | DZ11A          | 5                   | 3
    """,
    "hrg_tariff_rule": """
        Tariff_Year | HRG_Code | Per_Day_Rate | Short_Stay_Share | Has_Top_Up
        2018/19     | DZ11A    | 200.00       | 0.4              | no
        2017/18     | DZ11A    | 100.00       |                  | no
    """,
    "spell_conflict": "",
    "best_practice_price": "",
    "specialised_top_up": "",
    "market_forces_factor": """
        Tariff_Year | Provider_Code | Market_Forces_Factor
        2018/19     | RBB           | 1.1
    """,
}
SPELLS = """
    Spell_Key | Provider_Code | Provider_Code_As_Was | Commissioner_Code | Activity_Month | Tariff_Year | Der_Management_Type | Spell_Core_HRG | Age | Spell_Adj_LoS | HRG_TrimPoint | Spell_ExcessBedDays | Service_Line_Code
    1 | RAA | RAA | 01A | 2018-05 | 2018/19 | EM | DZ11A | 50 | 8 | 6 | 2 |
    2 | RAA | RAA | 01A | 2018-05 | 2018/19 | EM | DZ11A | 50 | 1 | 6 | 0 |
    3 | RBB | RBB | 01A | 2018-06 | 2018/19 | EL | DZ11A | 50 | 2 | 5 | 0 | NCBPS13A
    4 | RBB | RBB | 02B | 2018-06 | 2018/19 | EM | DZ12B | 50 | 4 |   |   |
    5 | RBB | RBB | 02B | 2018-06 | 2018/19 | EM | ZZ99Z | 50 | 4 |   |   | NCBPS13A
    6 | RAA | RAA | 01A | 2019-05 | 2018/19 | EM | DZ11A | 50 | 8 | 6 | 2 |
"""


def plain(**more):
    return Scenario(**{"name": "made_up", "title": "Made up", "why": "To see.", "source": "A test", **more})


def changed(which, spells=SPELLS, period=YEAR):
    """By Scenario_Row, what payments rise and fall by, and who pays."""
    mart = scenario_mart(which, period)
    tables = {**BOOK, "apc_spell": spells}
    with duckdb.connect() as connection:
        for read in mart.reads:
            rows = read_table(tables[read.name], read)
            connection.register(read.name, pa.Table.from_pylist(rows, schema=read.schema.to_pyarrow()))
        rows = connection.execute(sql_of(mart.expression())).to_arrow_table().to_pylist()
    return {row["Scenario_Row"]: (float(row["Payment_Increase"]), float(row["Payment_Decrease"]), row["Commissioner_Code"]) for row in rows}


def test_nothing_changes_where_nothing_changes():
    assert changed(scenario("nothing_changes")) == {}


def test_a_changed_rule_changes_the_spells_it_is_about_alone():
    assert changed(scenario("no_excess_days")) == {"1": (0.0, 400.0, "01A")}


def test_a_share_set_for_all_groups_raises_some_and_lowers_others():
    assert changed(scenario("short_stays_at_70_percent")) == {"2": (900.0, 0.0, "01A")}  # £2,100 and not £1,200


def test_a_price_that_rises_rises_with_its_market_forces():
    rise = plain(changes=(BookChange(column="Combined_Price", groups="^DZ11", factor=Decimal("1.05")),))
    assert changed(rise) == {"3": (55.0, 0.0, "01A")}


def test_changes_of_the_book_are_of_the_groups_named():
    rise = plain(changes=(BookChange(column="Non_Elective_Price", groups="^DZ12", value=Decimal("1000")),))
    assert changed(rise) == {"4": (110.0, 0.0, "02B")}


def test_another_years_tariff_brings_its_prices_rates_trim_points_and_factors():
    # 1: £3,400 now; £2,000 and five days beyond three at £100. 2: £1,200 now; no reduced price. 3: £1,100 now; £900, and no factor held.
    assert changed(scenario("tariff_2017_18")) == {"1": (0.0, 900.0, "01A"), "2": (800.0, 0.0, "01A"), "3": (0.0, 200.0, "01A")}


def test_what_moves_leaves_one_commissioner_and_comes_to_another():
    moved = changed(scenario("specialised_to_nation"))
    assert moved == {"3-": (0.0, 1100.0, "01A"), "3+": (1100.0, 0.0, "13Q")}


def test_what_moves_is_paid_for_by_the_changed_rules():
    both = plain(
        move=Move(where=lambda spells: spells.Spell_Core_HRG == "DZ11A", to="99Z"), rules=replace(NATIONAL_RULES, has_excess_days=False)
    )
    assert changed(both)["1-"] == (0.0, 3400.0, "01A")
    assert changed(both)["1+"] == (3000.0, 0.0, "99Z")


def test_a_spell_that_is_there_already_does_not_move():
    stays = plain(move=Move(where=lambda spells: spells.Spell_Core_HRG == "DZ11A", to="01A"))
    assert changed(stays) == {}


@pytest.mark.parametrize("name", ["no_such", "tariff_2018_20", "tariff_18_19"])
def test_a_scenario_that_is_not_known_is_said_to_be_so(name):
    with pytest.raises(ScenarioError):
        scenario(name)


def test_every_declared_scenario_says_why_and_whence():
    assert {"nothing_changes", "no_excess_days"} <= set(declared())
    assert all(each.why and each.source and each.name == name for name, each in declared().items())


@pytest.mark.parametrize("said", [{}, {"factor": Decimal("1"), "value": Decimal("1")}])
def test_a_change_is_a_factor_or_a_value(said):
    with pytest.raises(ScenarioError):
        BookChange(column="Per_Day_Rate", **said)
