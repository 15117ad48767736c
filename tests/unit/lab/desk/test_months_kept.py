"""Months left out of a comparison: the organisation's own incomplete ones, the nation's, and none where all would go."""

import pyarrow as pa
import pytest

from farr.lab.desk.answering.months import are_complete, months_kept, of_nation, of_organisation
from farr.lab.model.period import Month, Period
from tests.unit.lab.desk.conftest import released

MONTHS = Period.parse("2023-01..2024-02")
YEAR = Period.parse("2023-03..2024-02")
USUAL = 100.0


def answer(own: dict[str, float | None] | None = None, nation: dict[str, float | None] | None = None, level: str = "provider") -> pa.Table:
    """A released answer: RA and the nation, of 100 and 1,000 rows a month but where said; None is hidden; nan is not held."""
    rows = []
    for grouping, code, usual, changes in ((0, "RA", USUAL, own), (1, None, 10 * USUAL, nation)):
        for month in map(str, MONTHS.months()):
            value = (changes or {}).get(month, usual)
            if value is None or value == value:
                status = "suppressed" if value is None else "rounded"
                rows.append({"grouping": grouping, "month": month, level: code, "numerator": value, "numerator__status": status})
    return pa.Table.from_pylist(rows)


def left_out(table: pa.Table, organisation: str = "RA", level: str = "provider") -> dict[str, str]:
    kept = months_kept(table, level, organisation, MONTHS, YEAR)
    return {str(each.month): each.reason for each in kept.left_out}


def test_complete_months_are_all_kept():
    assert left_out(answer()) == {}


def test_a_month_of_ones_own_that_is_not_complete_is_left_out():
    assert left_out(answer(own={"2024-02": 50.0})) == {"2024-02": "50% of the usual records of the organisation are held"}


def test_a_month_that_the_nation_lacks_in_part_is_left_out_for_all():
    assert left_out(answer(nation={"2024-02": 400.0})) == {"2024-02": "40% of the usual records nationally are held"}


def test_both_are_told_together():
    (reason,) = left_out(answer(own={"2024-02": 10.0}, nation={"2024-02": 500.0})).values()
    assert reason == "20% of the usual records of the organisation are held; 50% of the usual records nationally are held"


def test_a_month_that_is_hidden_or_not_held_is_left_out_without_a_number():
    found = left_out(answer(own={"2023-05": None, "2023-06": float("nan")}))
    assert found == {
        "2023-05": "so few records of the organisation that their number is hidden",
        "2023-06": "no records of the organisation are held",
    }


def test_a_month_that_cannot_be_assessed_is_kept():
    assert left_out(answer(own={"2023-04": 1.0 * 10})) == {}


def test_where_every_month_would_go_none_does_and_it_is_said():
    table = answer(own=dict.fromkeys(map(str, MONTHS.months()), float("nan")))
    kept = months_kept(table, "provider", "RA", MONTHS, YEAR)
    assert kept.left_out == () and kept.months_left_out == () and "Every month looks incomplete" in (kept.note or "")


def test_an_organisation_without_any_row_is_the_same_as_one_without_records():
    assert "Every month looks incomplete" in (months_kept(answer(), "provider", "RX", MONTHS, YEAR).note or "")


def test_small_organisations_go_by_the_nation():
    rows = [{**row, "grouping": 0} for row in answer(nation={"2024-02": 400.0}).drop_columns(["provider"]).to_pylist() if row["grouping"]]
    table = pa.Table.from_pylist(rows)
    for level in ("practice", "national"):
        assert left_out(table, "A81001", level) == {"2024-02": "40% of the usual records nationally are held"}
        assert of_organisation(table, level, "A81001", MONTHS) == of_nation(table, level, MONTHS)


def as_released(table: pa.Table):
    return released("completeness", table.to_pylist(), table.schema)


def test_which_organisations_are_complete_in_the_months_compared():
    table = answer(own={"2024-02": 50.0})
    every = tuple(YEAR.months())
    assert are_complete(as_released(table), "provider", ("RA", "RX"), MONTHS, every).tolist() == [False, True]
    assert are_complete(as_released(table), "provider", ("RA",), MONTHS, every[:-1]).tolist() == [True]
    assert are_complete(as_released(table), "provider", (), MONTHS, every).shape == (0,)


@pytest.mark.parametrize(("held", "is_complete"), [(float("nan"), False), (None, True), (91.0, True)])
def test_a_month_without_any_records_is_not_complete_and_a_hidden_one_cannot_be_told(held, is_complete):
    table = answer(own={"2024-02": held})
    assert are_complete(as_released(table), "provider", ("RA",), MONTHS, tuple(YEAR.months())).tolist() == [is_complete]


@pytest.mark.parametrize("level", ["practice", "locality", "national"])
def test_of_levels_without_months_it_is_not_known(level):
    assert are_complete(as_released(answer()), level, ("A81001",), MONTHS, (Month(2024, 1),)) is None


def test_months_whose_follow_up_is_not_held_are_left_out():
    kept = months_kept(answer(), "provider", "RA", MONTHS, YEAR, followed=Month.parse("2023-12"))
    assert [str(month) for month in kept.months_left_out] == ["2024-01", "2024-02"]
    assert all("followed up" in each.reason for each in kept.left_out)


def test_a_period_of_which_no_month_is_followed_up_is_kept():
    assert months_kept(answer(), "provider", "RA", MONTHS, YEAR, followed=Month.parse("2023-02")).left_out == ()
