"""Residents as person-years: by the year's own estimate, else the latest earlier one, and said."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from farr.lab.desk.holdings.people import NoPeople, registered_months, resident_denominator
from farr.lab.engine.store import Store
from farr.lab.model.period import Month, Period
from farr.lab.model.tables.reference import REGISTERED_POPULATION, RESIDENT_POPULATION


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def hold(store: Store, year: int, people: dict[str, tuple[int, int]], level: str = "commissioner") -> None:
    """Holds an estimate: of each area so many men aged 0 to 4, and women of 95 and over."""
    rows = [
        {"Mid_Year": year, "Area_Level": level, "Area_Code": code, "Sex": sex, "Age_Band": band, "People": number}
        for code, both in people.items()
        for (sex, band), number in zip((("1", "00-04"), ("2", "95+")), both, strict=True)
    ]
    with store.staging("resident_population") as folder:
        pq.write_table(pa.Table.from_pylist(rows, schema=RESIDENT_POPULATION.schema.to_pyarrow()), folder / "a.parquet")
        store.replace(RESIDENT_POPULATION, [folder / "a.parquet"], {})


def test_each_month_has_a_twelfth_of_its_years_estimate(store):
    hold(store, 2023, {"90L": (1200, 240)})
    hold(store, 2024, {"90L": (2400, 480)})
    found = resident_denominator(store, "commissioner", Period.parse("2023-10..2024-03"))
    assert found.person_years == {"90L": pytest.approx(1440 * 3 / 12 + 2880 * 3 / 12)}
    assert found.by_group[("90L", "2", "95+")] == pytest.approx((240 + 480) / 4)
    assert found.sentence == (
        "Denominator: people who live in the area, as person-years, by the estimate of mid-2023 for 2023-10 to 2023-12 "
        "and of mid-2024 for 2024-01 to 2024-03."
    )


def test_the_latest_earlier_estimate_stands_in_and_is_said(store):
    hold(store, 2020, {"90L": (100, 20)})
    hold(store, 2022, {"90L": (1200, 240)})
    hold(store, 2026, {"90L": (9999, 9999)})
    found = resident_denominator(store, "commissioner", Period.parse("2024-01..2024-12"))
    assert found.person_years == {"90L": pytest.approx(1440)}
    assert "of mid-2022 for 2024-01 to 2024-12 (no later estimate is held up to 2024)" in found.sentence


def test_a_later_estimate_is_never_used(store):
    hold(store, 2025, {"90L": (1, 1)})
    with pytest.raises(NoPeople, match=r"in 2024 or before is held; held are 2025, and a later estimate is never used.*farr ingest"):
        resident_denominator(store, "commissioner", Period.parse("2024-12..2025-02"))


def test_nothing_held_of_the_level(store):
    hold(store, 2023, {"90L": (1, 1)}, level="region")
    with pytest.raises(NoPeople, match="each postcode district in 2024 or before is held; load one"):
        resident_denominator(store, "postcode_district", Period.parse("2024-05"))


def test_an_area_without_an_estimate_for_every_month_has_no_figure(store):
    hold(store, 2023, {"90L": (1200, 0), "90M": (1200, 0)})
    hold(store, 2024, {"90L": (1200, 0), "90N": (2400, 0)})
    found = resident_denominator(store, "commissioner", Period.parse("2023-07..2024-06"))
    assert found.person_years == {"90L": pytest.approx(1200)}
    assert found.left_out == ("90M", "90N")
    assert found.sentence.endswith("Without an estimate for every month, and so without a figure: 90M, 90N.")
    assert {code for code, _, _ in found.by_group} == {"90L"}


def test_which_months_the_lists_cover(store):
    with store.staging("registered_population") as folder:
        names = [column.name for column in REGISTERED_POPULATION.columns if column.name != "Activity_Month"]
        schema = pa.schema([field for field in REGISTERED_POPULATION.schema.to_pyarrow() if field.name in names])
        row = {"GP_Practice_Code": "Z10001", "Sex": "1", "Age_Band": "00-04", "Patients": 9}
        pq.write_table(pa.Table.from_pylist([row], schema=schema), folder / "a.parquet")
        store.replace(REGISTERED_POPULATION, {Month(2024, 5): [folder / "a.parquet"]}, {})
    found = registered_months(store, Period.parse("2024-04..2024-06"), "registered_population")
    assert (found.held, found.missing) == ((Month(2024, 5),), (Month(2024, 4), Month(2024, 6)))
    assert registered_months(store, Period.parse("2024-05")).missing == (Month(2024, 5),)
