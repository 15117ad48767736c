"""Resident people in the layout of a released question: added up by the groupings that were asked."""

import pytest

from farr.lab.desk.holdings.people import Residents
from farr.lab.desk.holdings.residents import as_released
from farr.lab.model.question import Grouping

GROUPS = {
    ("LS6", "1", "00-04"): 10.0, ("LS6", "2", "00-04"): 20.0, ("LS6", "1", "10-14"): 5.0, ("LS6", "1", "95+"): 1.0,
    ("LS7", "2", "65-69"): 40.0,
}  # fmt: skip
RESIDENTS = Residents(person_years={"LS6": 36.0, "LS7": 40.0}, by_group=GROUPS, sentence="s")
LEVEL = "postcode_district"


def rows(*dimensions: tuple[str, ...]) -> list[dict]:
    table = as_released(RESIDENTS, LEVEL, tuple(Grouping(dimensions=each) for each in dimensions))
    assert table.column_names[:2] == ["grouping", "month"] and table.column_names[-2:] == ["denominator", "denominator__status"]
    assert set(table["month"].to_pylist()) <= {None} and set(table["denominator__status"].to_pylist()) <= {"shown"}
    return table.to_pylist()


def people(found: list[dict], *names: str) -> dict:
    return {tuple(row[name] for name in names): row["denominator"] for row in found}


def test_areas_and_the_whole_are_in_person_months():
    assert people(rows((LEVEL,), ()), "grouping", LEVEL) == {(0, "LS6"): 36 * 12, (0, "LS7"): 40 * 12, (1, None): 76 * 12}


def test_by_sex_and_age_group():
    found = people(rows((LEVEL, "age_group", "sex")), LEVEL, "age_group", "sex")
    assert found == {
        ("LS6", "00-14", "1"): 15 * 12, ("LS6", "00-14", "2"): 20 * 12, ("LS6", "85+", "1"): 12, ("LS7", "65-74", "2"): 40 * 12,
    }  # fmt: skip


def test_by_age_band():
    assert people(rows(("age_band",)), "age_band") == {("00-04",): 30 * 12, ("10-14",): 60, ("65-69",): 40 * 12, ("95+",): 12}


def test_what_is_not_known_of_residents_has_no_rows_and_keeps_its_number():
    found = rows((LEVEL, "specialty"), (LEVEL,))
    assert {row["grouping"] for row in found} == {1} and {row["specialty"] for row in found} == {None}


def test_nobody_is_an_empty_table():
    table = as_released(Residents(person_years={}, by_group={}, sentence="s"), LEVEL, (Grouping(dimensions=(LEVEL,)),))
    assert table.num_rows == 0 and LEVEL in table.column_names


@pytest.mark.parametrize("first", range(0, 100, 5))
def test_every_band_falls_into_a_group_that_begins_no_later(first):
    band = "95+" if first == 95 else f"{first:02d}-{first + 4:02d}"
    one = Residents(person_years={"A": 1.0}, by_group={("A", "1", band): 1.0}, sentence="s")
    (group,) = as_released(one, LEVEL, (Grouping(dimensions=("age_group",)),))["age_group"].to_pylist()
    lower, _, upper = group.rstrip("+").partition("-")
    assert int(lower) <= first and (not upper or first + 4 <= int(upper))
