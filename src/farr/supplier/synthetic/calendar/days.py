"""Days since 1970 as months, financial years and ages."""

from functools import cache

import numpy as np

YEAR = 365.25
_FIRST_DAY = int(np.datetime64("1800-01-01").astype(np.int64))


def month_number(day: np.ndarray) -> np.ndarray:
    """Months since January 1900 of days since 1970."""
    return _calendar()[0][day - _FIRST_DAY] + 70 * 12


def financial_year(day: np.ndarray) -> np.ndarray:
    """The year in which the financial year of each day (since 1970) begins."""
    return (_calendar()[0][day - _FIRST_DAY] - 3) // 12 + 1970


def age_at(birth_day: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Completed years, from days since 1970, by calendar date."""
    month, day_of_month = _calendar()
    born, now = birth_day - _FIRST_DAY, day - _FIRST_DAY
    months = month[now] - month[born] - (day_of_month[now] < day_of_month[born])
    return np.maximum(0, months // 12).astype(np.int16)


@cache
def _calendar() -> tuple[np.ndarray, np.ndarray]:
    """Months since January 1970, and days of the month from 0, of every day from 1800 to 2199: many times faster than asking numpy."""
    days = np.arange(_FIRST_DAY, int(np.datetime64("2200-01-01").astype(np.int64))).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    return months.astype(np.int32), (days - months).astype(np.int32)
