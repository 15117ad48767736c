"""Bank holidays of England and Wales (GOV.UK, 'UK bank holidays'; Banking and Financial Dealings Act 1971)."""

from datetime import date, timedelta
from functools import cache

import numpy as np

# proclaimed once, or moved: day it would have been (None: one more) and day it was
_MOVED = {
    (2020, "early may"): date(2020, 5, 8),
    (2022, "spring"): date(2022, 6, 2),
}
_ONCE = {2022: (date(2022, 6, 3), date(2022, 9, 19)), 2023: (date(2023, 5, 8),)}


def is_holiday(day: np.ndarray) -> np.ndarray:
    """Whether days since 1970 are bank holidays."""
    years = np.unique(day.astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970)
    known = [np.datetime64(each).astype("datetime64[D]").astype(int) for year in years for each in holidays(int(year))]
    return np.isin(day, known)


@cache
def holidays(year: int) -> tuple[date, ...]:
    """The eight of a year, in their substitute days where they fall on a weekend, and those proclaimed once."""
    easter = _easter(year)
    may, spring = _monday(date(year, 5, 1)), _monday(date(year, 5, 25))
    fixed = (
        _weekday(date(year, 1, 1)), easter - timedelta(days=2), easter + timedelta(days=1), _MOVED.get((year, "early may"), may),
        _MOVED.get((year, "spring"), spring), _monday(date(year, 8, 25)), *_christmas(year),
    )  # fmt: skip
    return tuple(sorted((*fixed, *_ONCE.get(year, ()))))


def _monday(first: date) -> date:
    """The first Monday from that day on."""
    return first + timedelta(days=-first.weekday() % 7)


def _weekday(day: date) -> date:
    return day if day.weekday() < 5 else _monday(day)


def _christmas(year: int) -> tuple[date, date]:
    christmas = date(year, 12, 25)
    match christmas.weekday():
        case 4:  # Boxing Day on Saturday
            return christmas, date(year, 12, 28)
        case 5:
            return date(year, 12, 27), date(year, 12, 28)
        case 6:
            return date(year, 12, 26), date(year, 12, 27)
        case _:
            return christmas, date(year, 12, 26)


def _easter(year: int) -> date:
    """Easter Sunday (Meeus, Jones and Butcher: Jean Meeus, Astronomical Algorithms, chapter 8)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
