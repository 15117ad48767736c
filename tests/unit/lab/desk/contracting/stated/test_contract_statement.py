"""What the first page of a contract says, worked out by hand."""

import altair
import pytest

from farr.lab.desk.charts.render import notebook
from farr.lab.desk.contracting.stated.contract import contract_statement
from farr.lab.desk.contracting.stated.together import together
from farr.lab.desk.contracting.stated.words import against, money, share, signed, thousands
from tests.unit.lab.desk.contracting.contracts import made_contracts, month


def stated(**changes):
    return contract_statement(made_contracts(**changes), name="Place 9", made_at="2025-05-01T09:00:00+00:00", is_synthetic=True)


def lines(statement, name):
    part = next(each for each in statement.parts if each.name == name)
    return {line.name: dict(zip(part.table.columns, line.cells, strict=True)) for line in part.table.lines}


def test_the_finding_says_how_much_above_plan_and_why():
    # 72 spells planned at £150; 76 came: £600 of volume, £100 of casemix, £100 paid below the rules.
    assert stated().finding == "£600 (5.6%) above plan to September 2024: volume +£600, casemix +£100, price −£100"


def test_facts_begin_with_what_is_asked_first():
    facts = {each.label: (each.figure, each.note) for each in stated().facts}
    assert list(facts)[:3] == ["Against plan to date", "Paid to date", "Outturn of the year"]
    assert facts["Against plan to date"] == ("+£600", "+5.6% of what was planned")
    assert facts["Outturn of the year"] == ("£22,800", "no interval")
    assert facts["Spells to date"] == ("76", "72 planned, +5.6%")


def test_lines_are_ranked_and_the_whole_stands_last():
    found = lines(stated(), "point_of_delivery")
    assert list(found) == ["DC Day case", "EL Elective inpatient", "The whole"]
    assert found["DC Day case"]["Variance, £000"] == "+1.0" and found["EL Elective inpatient"]["Variance"] == "−8.3%"


def test_charts_are_valid_and_say_what_they_show():
    charts = {each.name: each for each in stated().charts}
    assert list(charts) == ["so_far", "why", "point_of_delivery"]
    assert all(isinstance(notebook(each.full), altair.LayerChart) for each in charts.values())
    assert charts["so_far"].title == "The year is forecast to end £1,200 (5.6%) above plan"
    assert charts["why"].title == "Volume is most of it: +£600"
    bars = charts["why"].full["datasets"]["steps"]
    assert [(each["from"], each["to"]) for each in bars] == [(0, 0.6), (0.6, 0.7), (0.7, 0.6), (0, 0.6)]


def test_the_forecast_is_drawn_from_where_what_was_paid_ends():
    drawn = next(each for each in stated().charts if each.name == "so_far").full["datasets"]["lines"]
    forecast = [each for each in drawn if each["line"] == "forecast"]
    assert forecast[0]["month"] == "2024-09-01" and forecast[0]["value"] == 11.4
    assert forecast[-1]["value"] == pytest.approx(22.8)


def test_what_is_hidden_is_said_and_drawn_nowhere():
    made = stated(hidden=True)
    assert made.finding == "What was paid to September 2024 is not shown (small numbers)"
    assert made.charts == ()
    assert set(lines(made, "point_of_delivery")["The whole"].values()) >= {"*", "10.8"}
    assert [each.figure for each in made.facts] == ["*"] * 5


def test_a_hidden_month_is_a_star_and_a_gap():
    made = stated(hidden_months=(month("2024-06"),))
    assert lines(made, "months")["June 2024"]["Paid, £000"] == "*"
    drawn = next(each for each in made.charts if each.name == "so_far").full["datasets"]["lines"]
    assert [each["month"] for each in drawn if each["line"] == "paid"] == ["2024-04-01", "2024-05-01", "2024-09-01"]


def test_the_sheets_hold_what_is_shown_with_its_status():
    sheets = {each.name: each for each in stated(hidden=True).sheets}
    assert list(sheets) == ["By point of delivery", "Months"]
    fields = [each.field for each in sheets["By point of delivery"].columns]
    whole = dict(zip(fields, sheets["By point of delivery"].rows[-1], strict=True))
    assert (whole["line"], whole["paid"], whole["status"]) == ("whole", None, "suppressed")


def row(line, planned, paid, price=0.0, spells=10.0, planned_spells=10.0):
    return {
        "line": line, "planned": planned, "paid": paid, "price": price, "activity": spells, "planned_activity": planned_spells,
        "year_planned": 2 * planned, "status": "rounded", "variance": None, "volume": None, "casemix": None, "forecast": None,
        "forecast_variance": None,
    }  # fmt: skip


def test_specialties_without_a_plan_are_set_beside_the_plan_without_a_specialty():
    rows = [row("100", 1000, 1200), row("300", 0, 500, spells=4), row("ALL", 800, 0, spells=0), row(None, 1800, 1700, spells=14)]
    found = {each["line"]: each for each in together(rows)}
    assert set(found) == {"100", "ALL", None}
    # £500 paid for 4 spells, 10 planned at £80: volume -6 x 80, casemix 500 - 4 x 80.
    assert [found["ALL"][each] for each in ("paid", "variance", "volume", "casemix", "price")] == [500, -300, -480, 180, 0]
    assert found["ALL"]["forecast"] == pytest.approx(1000)


def test_what_is_left_of_a_hidden_line_is_hidden():
    hidden = row("100", 1000, None) | {"activity": None, "price": None}
    found = together([hidden, row("ALL", 800, 0), row(None, 1800, 1700)])
    assert found[1]["paid"] is None and found[1]["status"] == "suppressed"


def test_a_plan_that_names_every_specialty_is_left_as_it_is():
    rows = [row("100", 1000, 1200), row(None, 1000, 1200)]
    assert together(rows) == rows


def test_figures_in_words():
    assert (money(-1_250_000), signed(9000.4), signed(0), signed(None)) == ("−£1.25 million", "+£9,000", "£0", "*")
    assert (share(-0.034), share(0), thousands(-0.2), thousands(-1250, sign="+")) == ("−3.4%", "0%", "0", "−1.2")
    assert (against(-50, 0), against(0.2, 100)) == ("£50 below plan", "as planned")
