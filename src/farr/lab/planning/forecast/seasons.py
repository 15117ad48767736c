"""Seasons: how much busier a calendar month is than the year it lies in, by the day."""

from calendar import monthrange
from collections.abc import Sequence

import numpy as np

from farr.lab.model.period import Month
from farr.lab.planning.projection.uncertain import Floats, ProjectionError

MONTHS = 12


def days_of(months: Sequence[Month]) -> Floats:
    return np.array([monthrange(month.year, month.month)[1] for month in months], dtype=np.float64)


def season(counts: Floats, months: Sequence[Month]) -> Floats:
    """An index for January to December, 1 on the mean of days: each month's count a day over that of its year, the mean of every whole year
    back from the last month. Growth within a year is not taken out of it: a twelfth of a year's growth lies between two months. Raises
    ProjectionError where there is no whole year, or a count in it is hidden."""
    whole = len(counts) // MONTHS
    if whole == 0:
        raise ProjectionError(f"{len(counts)} months are held, and seasons need twelve")
    used, of = counts[-whole * MONTHS :].reshape(whole, MONTHS), list(months)[-whole * MONTHS :]
    if np.any(np.isnan(used)):
        raise ProjectionError("a month's count is hidden, and seasons cannot be told without it")
    days = days_of(of).reshape(whole, MONTHS)
    yearly = used.sum(axis=1, keepdims=True) / days.sum(axis=1, keepdims=True)
    relative = np.divide(used / days, yearly, out=np.ones_like(used), where=yearly > 0).mean(axis=0)
    found = np.empty(MONTHS)
    found[[month.month - 1 for month in of[:MONTHS]]] = relative
    return found
