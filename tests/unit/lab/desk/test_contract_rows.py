"""A contract's rows worked out by hand from tables as the gate releases them: identities, what is hidden, and where the year ends."""

import numpy as np
import pyarrow as pa
import pytest

from farr.lab.desk.contracting.contract_rows import Contract, contract_rows
from farr.lab.model.period import FinancialYear, Month
from farr.lab.planning.contract_plan import Plan

YEAR = tuple(FinancialYear(2024).period.months())
PARTS = ("planned", "paid", "variance", "volume", "casemix", "price")
FIGURES = ("spells", "paid", "above", "below")


def released(*rows, month=None):
    """Rows of (grouping, provider, line, figures or None where hidden, status)."""
    columns = {name: [] for name in ("grouping", "month", "provider", "point_of_delivery")}
    columns |= {name: [] for each in FIGURES for name in (each, f"{each}__status")}
    for grouping, provider, line, figures, status in rows:
        for name, value in zip(columns, (grouping, month, provider, line), strict=False):
            columns[name].append(value)
        for at, each in enumerate(FIGURES):
            columns[each].append(None if figures is None else float(figures[at]))
            columns[f"{each}__status"].append(status)
    return pa.table(columns)


def months(paid, provider="RAA"):
    return pa.concat_tables(
        released((0, provider, None, (1, pounds, 0, 0), "shown"), month=str(month)) for month, pounds in paid.items()
    )  # fmt: skip


def contract(done=6, left_out=()):
    """A plan of 10 day cases at £100 and 2 inpatients at £400 a month."""
    spells, pounds = {"DC": np.full(12, 10.0), "EL": np.full(12, 2.0)}, {"DC": np.full(12, 1000.0), "EL": np.full(12, 800.0)}
    plan = Plan(months=YEAR, activity=spells, finance=pounds)
    kept = tuple(month for month in YEAR[:done] if month not in left_out)
    return Contract(level="provider", organisation="RAA", by="point_of_delivery", months=kept, left_out=tuple(left_out), plan=plan)


SHOWN = (
    (0, "RAA", "DC", (66, 7000, 100, 0), "rounded"), (0, "RAA", "EL", (10, 4400, 0, 200), "rounded"),
    (0, "RBB", "DC", (500, 50_000, 0, 0), "rounded"), (1, "RAA", None, (76, 11_400, 100, 200), "rounded"),
    (1, "RBB", None, (500, 50_000, 0, 0), "rounded"),
)  # fmt: skip


def rows(of=None, figures=SHOWN, monthly=None):
    even = months(dict.fromkeys(YEAR[:6], 1900.0)) if monthly is None else monthly
    return {row["line"]: row for row in contract_rows(of or contract(), released(*figures), even).to_pylist()}


def test_the_parts_of_each_line_and_of_the_whole():
    found = rows()
    # Day cases: 60 planned at £100. 66 came: £600 of volume; at the tariff £6,900, so £300 of casemix; £100 paid above the rules.
    assert [found["DC"][each] for each in PARTS] == [
        6000,
        7000,
        1000,
        600,
        300,
        100,
    ]
    # Inpatients: 12 planned at £400, 10 came that cost £460 each by the rules, £200 below which was paid.
    assert [found["EL"][each] for each in PARTS] == [
        4800,
        4400,
        -400,
        -800,
        600,
        -200,
    ]
    # The whole: 72 planned at £150; that fewer of the 76 were inpatients is casemix.
    assert [found[None][each] for each in PARTS] == [
        10_800,
        11_400,
        600,
        600,
        100,
        -100,
    ]
    for row in found.values():
        assert row["volume"] + row["casemix"] + row["price"] == pytest.approx(row["variance"])


def test_another_providers_figures_are_not_among_them():
    assert set(rows()) == {"DC", "EL", None}


@pytest.mark.parametrize("status", ["suppressed", "earlier"])
def test_a_hidden_line_is_hidden_in_every_part_and_its_plan_is_not(status):
    figures = (*SHOWN[:1], (0, "RAA", "EL", None if status == "suppressed" else (9, 4000, 0, 0), status), *SHOWN[2:])
    found = rows(figures=figures)["EL"]
    assert found["planned"] == 4800 and found["year_planned"] == 9600 and found["status"] == status
    for each in ("activity", "paid", "variance", "volume", "casemix", "price", "forecast", "forecast_variance"):
        assert found[each] is None


def test_a_hidden_whole_has_no_forecast_though_its_months_are_shown():
    found = rows(figures=(*SHOWN[:3], (1, "RAA", None, None, "suppressed"), SHOWN[4]))[None]
    assert [found[each] for each in ("paid", "variance", "forecast", "lower", "upper", "forecast_variance")] == [None] * 6


def test_a_planned_line_of_which_nothing_came_is_below_plan_by_all_of_it():
    found = rows(figures=(SHOWN[0], *SHOWN[2:]))["EL"]
    assert (found["activity"], found["paid"], found["variance"], found["volume"]) == (0, 0, -4800, -4800)


def test_where_the_year_ends_by_the_plan_where_no_year_before_is_held():
    found = rows()[None]
    assert found["forecast"] == pytest.approx(11_400 * 2) and found["profile"] == "the plan's months"
    assert found["forecast_variance"] == pytest.approx(22_800 - 21_600)
    assert found["tried"] == 3 and found["lower"] is None  # of six months, the last three


def test_where_the_year_ends_by_the_year_before():
    before = {month.plus(-12): 1000.0 if at < 6 else 3000.0 for at, month in enumerate(YEAR)}
    found = rows(monthly=months(before | dict.fromkeys(YEAR[:6], 1900.0)))[None]
    assert found["forecast"] == pytest.approx(11_400 + 6 * 3000 * 1.9) and found["profile"] == "the same months of the year before"


def test_a_month_left_out_is_in_neither_and_ahead():
    of = contract(done=6, left_out=[YEAR[2]])
    found = rows(of=of)[None]
    assert found["planned"] == 9000 and Month(2024, 6) in of.ahead
    assert found["forecast"] == pytest.approx(11_400 + 7 * 1800 * (5 * 1900) / 9000)


def test_a_year_that_is_over_ends_as_it_ended():
    found = rows(of=contract(done=12), monthly=months(dict.fromkeys(YEAR, 950.0)))[None]
    assert (found["forecast"], found["lower"], found["upper"]) == (11_400, 11_400, 11_400)
