"""Trend, season and week: as declared, against what was published, and as they show in the feed."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from farr.supplier.synthetic.calendar.holidays import holidays
from farr.supplier.synthetic.calendar.rhythms import APPOINTMENT, ATTENDANCE, Rhythm

# NHS England's monthly return, attendances less admissions of all types, millions by calendar month: means of 2016-17 to 2018-19 are
# in the season; here the years themselves, which give the growth.
_YEARS = (19.099046, 19.366270, 20.060806)
_START = int(np.datetime64("2024-04-01", "D").astype(int))
_YEAR_DAYS = np.arange(_START, _START + 365)


def test_attendances_grow_as_those_published_did() -> None:
    assert pytest.approx((_YEARS[2] / _YEARS[0]) ** 0.5 - 1, abs=0.0005) == ATTENDANCE.growth
    assert ATTENDANCE.factor(_START + 365, _START) / ATTENDANCE.factor(_START, _START) == pytest.approx(1.025, abs=0.001)


@pytest.mark.parametrize("rhythm", [ATTENDANCE, APPOINTMENT])
def test_season_and_week_neither_add_nor_take(rhythm: Rhythm) -> None:
    months = np.array([np.datetime64(int(day), "D").astype("datetime64[M]").astype(int) % 12 for day in _YEAR_DAYS])
    whole = sum(rhythm.season[month] * rhythm.years(_YEAR_DAYS[months == month]) for month in range(12))
    assert whole == pytest.approx(1, abs=0.01)


def test_a_monday_has_as_many_of_all_attendances_as_was_published() -> None:
    admitted = np.array([1, 1, 1, 1, 1, 0.82, 0.82]) / 6.64
    week = 0.18 * admitted + 0.82 * np.array(ATTENDANCE.week) / 7
    assert week[0] == pytest.approx(0.158, abs=0.0005)
    assert np.ptp(week[1:]) < 0.002


def test_bank_holidays_are_those_of_england() -> None:
    assert [day.isoformat() for day in holidays(2024)] == [
        "2024-01-01", "2024-03-29", "2024-04-01", "2024-05-06", "2024-05-27", "2024-08-26", "2024-12-25", "2024-12-26",
    ]  # fmt: skip
    assert {date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2022, 12, 27)} <= set(holidays(2022))
    assert date(2022, 5, 30) not in holidays(2022)
    assert date(2023, 5, 8) in holidays(2023)
    assert {date(2021, 12, 27), date(2021, 12, 28)} <= set(holidays(2021))
    assert date(2020, 5, 8) in holidays(2020)


def _by_day(days: pd.Series) -> pd.Series:
    return pd.to_datetime(days).dt.normalize().value_counts().sort_index()


def _expected(rhythm: Rhythm, counted: pd.Series) -> pd.Series:
    """Each month's share of the year."""
    expected = {}
    for month, days in counted.groupby(counted.index.to_period("M")):
        first = int(np.datetime64(str(month), "D").astype(int))
        expected[str(month)] = rhythm.factor(first, _START) * rhythm.years(np.arange(first, first + len(days)))
    shares = pd.Series(expected)
    return shares / shares.sum()


def test_months_of_attendances_follow_the_season(attendances: pd.DataFrame) -> None:
    others = _by_day(attendances.Arrival_Date[attendances.Attendance_Disposal != "01"])
    shares = others.groupby(others.index.strftime("%Y-%m")).sum() / others.sum()
    assert (shares / _expected(ATTENDANCE, others) - 1).abs().max() < 0.025
    everybody = _by_day(attendances.Arrival_Date)
    monday = everybody[everybody.index.dayofweek == 0].mean() / everybody.mean() / 7
    assert monday == pytest.approx(0.158, abs=0.002)


def test_months_of_appointments_follow_working_days_and_season(appointments: pd.DataFrame) -> None:
    counted = _by_day(appointments.Appointment_Date).reindex(pd.date_range("2024-04-01", "2025-03-31"), fill_value=0)
    shares = counted.groupby(counted.index.strftime("%Y-%m")).sum() / counted.sum()
    assert (shares / _expected(APPOINTMENT, counted) - 1).abs().max() < 0.01
    working = counted[
        (counted.index.dayofweek < 5) & ~counted.index.isin([pd.Timestamp(day) for year in (2024, 2025) for day in holidays(year)])
    ]
    per_day = working.groupby(working.index.strftime("%Y-%m")).mean() / working.mean()
    assert per_day["2024-08"] < 0.97
    assert shares["2024-12"] < shares[["2024-10", "2024-11", "2025-01"]].min()
    assert counted["2024-12-25"] < counted["2024-12-18"] / 10
    weekday = working.groupby(working.index.dayofweek).mean()
    assert weekday[1] / weekday[4] == pytest.approx(1_032_417 / 617_633, rel=0.03)
