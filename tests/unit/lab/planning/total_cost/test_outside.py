"""Care outside hospital in a projection: by hand, and nothing of hospital care is changed by it."""

import numpy as np
import pyarrow as pa
import pytest

from farr.lab.planning.projection.baseline import Residents
from farr.lab.planning.projection.cells import BANDS, LOCAL
from farr.lab.planning.projection.result import PAYMENTS
from farr.lab.planning.projection.run import project
from farr.lab.planning.projection.settings import Settings, nothing_changes
from farr.lab.planning.projection.uncertain import ProjectionError, Uncertain
from farr.lab.planning.total_cost.outside import outside_growth, settings_held, with_care_outside
from tests.unit.lab.planning.projection.small import SMALL, grown

EVEN = Residents(area=np.full((len(BANDS), 2), 10.0), nation=np.full((len(BANDS), 2), 100.0))


def local(*rows):
    """Each row is grouping, setting, age group, sex, activity and pounds, of the commissioner 01A."""
    names = ("grouping", "commissioner", "care_setting", "age_group", "sex", "activity", "paid")
    made = [dict(zip(names, (row[0], "01A", *row[1:]), strict=True)) for row in rows]
    return pa.Table.from_pylist(made)


CARE = local(
    (0, "community", None, None, 1000.0, 50_000.0), (1, "community", "75-84", "2", 600.0, 30_000.0),
    (1, "community", None, None, 400.0, 20_000.0), (0, "continuing_care", None, None, 0.0, 9000.0),
)  # fmt: skip


def outside(settings=("community", "continuing_care")):
    return with_care_outside(SMALL, CARE, code="01A", settings=settings, residents=EVEN)


def test_a_setting_becomes_cells_of_its_ages_and_costs_what_it_cost():
    made = outside()
    of = made.cells.is_of("COMM")
    assert made.activity[of].sum() == pytest.approx(1000.0)
    assert (made.activity * made.price)[of].sum() == pytest.approx(50_000.0)
    by_band = dict(zip(made.cells.age_band[of].tolist(), made.activity[of].tolist(), strict=True))
    assert by_band == pytest.approx({"75-79": 300.0, "80-84": 300.0, "unknown": 400.0})  # as many live there of each


def test_block_sums_are_counted_in_pounds():
    made = outside()
    (place,) = np.flatnonzero(made.cells.is_of("CHC"))
    assert (made.activity[place], made.price[place]) == (9000.0, 1.0)


def test_without_local_feeds_the_baseline_is_the_same_object():
    assert outside(settings=()) is SMALL


def test_hospital_care_is_projected_as_without_them():
    """Cells, random numbers and sums of hospital care are its own, whatever else is projected beside it."""
    settings, people = Settings(years=3), grown(3, {("80-84", "2"): 1.1})
    alone = project(SMALL, people, settings, runs=16)
    together = project(outside(), people, settings, runs=16)
    pods = [together.points_of_delivery.index(pod) for pod in alone.points_of_delivery]
    np.testing.assert_allclose(together.activity[:, pods], alone.activity, rtol=1e-13)
    np.testing.assert_allclose(together.payments[:, pods], alone.payments, rtol=1e-13)


def test_the_waterfall_and_the_gap_of_the_whole_add_up():
    settings = Settings(years=4, drivers=(*Settings().drivers, *outside_growth({"community": Uncertain(low=1.01, high=1.03)})))
    found = project(outside(), grown(4, {("75-79", "2"): 1.05}), settings, runs=32)
    change = found.payments[-1].sum(axis=0) - found.payments[0].sum(axis=0)
    np.testing.assert_allclose(sum(found.causes(PAYMENTS).values()), change, rtol=1e-9)
    np.testing.assert_allclose(sum(found.causes_of_gap().values()), found.gap[-1], rtol=1e-9, atol=1e-6)
    assert found.payments[0].sum(axis=0) == pytest.approx(float(SMALL.payments.sum()) + 59_000.0)


def test_a_setting_grows_by_what_is_said_of_it_and_by_nothing_else():
    settings = nothing_changes(2)
    drivers = outside_growth({"community": Uncertain(low=1.1, high=1.1)})
    found = project(outside(), grown(2, {}), Settings(**{**vars(settings), "drivers": drivers}), runs=4)
    by_pod = dict(zip(found.points_of_delivery, found.activity[-1, :, 0] / found.activity[0, :, 0], strict=True))
    assert by_pod["COMM"] == pytest.approx(1.21)
    assert all(ratio == pytest.approx(1.0) for pod, ratio in by_pod.items() if pod != "COMM")


def test_growth_of_what_is_no_setting_is_refused():
    with pytest.raises(ProjectionError, match="no setting 'dentistry'"):
        outside_growth({"dentistry": Uncertain(low=1.0, high=1.0)})
    assert [each.factor for each in outside_growth({})] == [Uncertain(low=1.0, high=1.0)] * len(LOCAL)


def test_only_settings_that_are_held_for_every_month_are_projected():
    rows = [
        {"grouping": 0, "commissioner": code, "care_setting": setting, "month": f"2024-{month:02d}"}
        for code, setting, months in (("01A", "community", 12), ("01A", "primary", 11), ("02B", "social_care", 12))
        for month in range(1, months + 1)
    ]
    assert settings_held(pa.Table.from_pylist(rows), "01A", 12) == (("community",), ("primary",))
