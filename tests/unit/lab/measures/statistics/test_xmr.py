import numpy as np
import pytest

from farr.lab.measures.statistics import xmr_chart

# Twelve months swinging between 9 and 11: mean 10, every moving range 2, limits 10 ± 5.32.
STEADY = [9.0, 11] * 6


def test_limits_of_a_steady_process():
    chart = xmr_chart(STEADY, improvement="up")
    assert (chart.mean, chart.mean_moving_range) == (10, 2)
    assert (chart.lower, chart.upper) == pytest.approx((4.68, 15.32))
    assert (chart.near_lower, chart.near_upper) == pytest.approx((10 - 2 * 2.66 * 2 / 3, 10 + 2 * 2.66 * 2 / 3))
    assert set(chart.type) == {"common cause"}
    assert set(chart.rule) == {""}
    np.testing.assert_array_equal(chart.moving_range, [np.nan, *[2] * 11])


@pytest.mark.parametrize(("improvement", "expected"), [("up", "improvement"), ("down", "concern"), ("neither", "neither")])
def test_a_point_above_the_limit(improvement, expected):
    chart = xmr_chart([*STEADY, 30], improvement=improvement)
    assert chart.type[-1] == f"special cause {expected}"
    assert chart.rule[-1] == "outside limits"


def test_a_point_below_the_limit_is_the_other_way_round():
    assert xmr_chart([*STEADY, -10], improvement="up").type[-1] == "special cause concern"
    assert xmr_chart([*STEADY, -10], improvement="down").type[-1] == "special cause improvement"


def test_large_ranges_are_screened_once():
    chart = xmr_chart([*STEADY, 31], improvement="up")
    assert chart.mean_moving_range == 2  # the range of 20 is above 3.267 times the mean of 3.5
    assert chart.mean == pytest.approx((120 + 31) / 13)  # the point itself stays in the mean
    assert chart.upper == pytest.approx(chart.mean + 5.32)


def test_a_trend_of_seven_counts_in_its_own_direction():
    values = [10.0, 14, 10, 14, 6, 10, 9, 9.5, 10, 10.5, 11, 11.5, 12, 8, 13, 6, 14]
    chart = xmr_chart(values, improvement="up")
    assert list(chart.rule[6:13]) == ["trend of 7"] * 7
    assert set(chart.type[6:13]) == {"special cause improvement"}
    assert set(chart.rule[:6]) == {""}
    falling = xmr_chart([-value for value in values], improvement="up")
    assert set(falling.type[6:13]) == {"special cause concern"}


def test_six_rising_or_a_plateau_are_no_trend():
    swing = [10.0, 14, 8, 13, 7, 14]
    assert "trend of 7" not in xmr_chart([*swing, 9, 9.5, 10, 10.5, 11, 11.5, 8, 13], improvement="up").rule
    assert "trend of 7" not in xmr_chart([*swing, 9, 9.5, 10, 10, 10.5, 11, 11.5, 8, 13], improvement="up").rule


def test_the_turning_point_belongs_to_the_new_trend():
    chart = xmr_chart([7.0, 8, 9, 10, 11, 12, 13, 12, 11, 10, 9, 8, 7, 10, 13, 6, 14, 7, 13, 6, 14], improvement="up")
    assert list(chart.rule[:13]) == ["trend of 7"] * 13
    assert list(chart.type[:13]) == ["special cause improvement"] * 6 + ["special cause concern"] * 7


def test_two_of_three_near_the_same_limit():
    values = [*STEADY, 14.5, 11, 14.5, *STEADY]
    chart = xmr_chart(values, improvement="up")
    assert chart.near_upper < 14.5 < chart.upper
    assert list(np.flatnonzero(chart.rule != "")) == [12, 14]
    assert set(chart.rule[[12, 14]]) == {"2 of 3 near the limit"}


def test_two_of_three_need_all_three_on_one_side():
    assert set(xmr_chart([*STEADY, 14.5, 9, 14.5, *STEADY], improvement="up").rule) == {""}
    assert set(xmr_chart([*STEADY, 14.5, 6, 14.5, *STEADY], improvement="up").rule) == {""}


def test_seven_on_one_side():
    values = [*([9.0, 7.0] * 4), *([11.0, 13.0] * 4), 9, 11, 9, 11]
    chart = xmr_chart(values, improvement="down")
    assert set(chart.rule[:8]) == {"7 on one side"}
    assert set(chart.type[:8]) == {"special cause improvement"}
    assert set(chart.type[8:16]) == {"special cause concern"}
    assert set(chart.rule[16:]) == {""}


def test_six_on_one_side_are_common_cause():
    assert set(xmr_chart([9.0, 8.5, 9, 8.5, 9, 8.5, *([11.5, 11, 9] * 4)], improvement="down").rule) == {""}


def test_missing_months_are_not_bridged():
    chart = xmr_chart([9, 11, 9, np.nan, 9, 11, 9], improvement="up")
    np.testing.assert_array_equal(chart.moving_range, [np.nan, 2, 2, np.nan, np.nan, 2, 2])
    assert chart.type[3] == "not assessed"
    assert chart.mean_moving_range == 2
    rising = xmr_chart([1, 2, 3, 4, np.nan, 5, 6, 7, 8], improvement="up")
    assert "trend of 7" not in rising.rule


def test_a_constant_series_is_common_cause():
    chart = xmr_chart([5.0] * 12, improvement="up")
    assert chart.lower == chart.upper == 5
    assert set(chart.type) == {"common cause"}


@pytest.mark.parametrize("values", [[], [5.0], [np.nan, np.nan], [5.0, np.nan, 6.0]])
def test_without_one_range_nothing_is_assessed(values):
    chart = xmr_chart(values, improvement="up")
    assert np.isnan(chart.upper)
    assert list(chart.type) == ["not assessed"] * len(values)
    assert list(chart.rule) == [""] * len(values)


def test_another_direction_is_refused():
    with pytest.raises(ValueError, match="up, down or neither"):
        xmr_chart([1, 2], improvement="higher")
