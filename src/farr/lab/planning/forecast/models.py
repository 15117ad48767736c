"""Models of monthly counts: history in, forecasts with intervals out. All work on counts a day, for months differ in length.

`MODELS` is where another model goes: a function of the same arguments. `OWN` are those written here; the others choose their own form (see
automatic.py).
"""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from farr.lab.planning.forecast.automatic import AUTOMATIC
from farr.lab.planning.forecast.forecast import Forecast, Model
from farr.lab.planning.forecast.seasons import MONTHS
from farr.lab.planning.projection.uncertain import Floats

LEAST_MONTHS = 2 * MONTHS
"""Months of history without which neither model has residuals to learn its intervals from."""


def seasonal_naive(history: Floats, days: Floats, calendar: Sequence[int], shares: Sequence[float]) -> Forecast:
    """The same month of last year. Intervals are of normal errors with the spread of past ones, which grows with every whole year ahead:
    σ√(k+1) (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., 5.2 and 5.5)."""
    known, ahead = len(history), len(days) - len(history)
    rates = history / days[:known]
    steps = np.arange(ahead)
    middle = rates[known - MONTHS + steps % MONTHS]
    errors = rates[MONTHS:] - rates[:-MONTHS]
    spread = np.sqrt(np.mean(errors**2)) * np.sqrt(steps // MONTHS + 1)
    del calendar  # months come in order, twelve a year
    return _forecast(middle, {share: stats.norm.ppf((1 + share) / 2) * spread for share in shares}, days[known:])


def trend_and_season(history: Floats, days: Floats, calendar: Sequence[int], shares: Sequence[float]) -> Forecast:
    """A steady yearly growth and a factor for each calendar month: least squares of the logarithm of counts a day on time and month, with
    intervals for a new observation by Student's t (Hyndman and Athanasopoulos, as above, 7.5 to 7.9)."""
    known = len(history)
    design = np.zeros((len(days), 1 + MONTHS))
    design[:, 0] = np.arange(len(days)) / MONTHS
    design[np.arange(len(days)), 1 + np.array(calendar)] = 1.0
    logs = np.log(np.maximum(history, 0.5) / days[:known])
    past, ahead = design[:known], design[known:]
    used = past.any(axis=0)
    past, ahead = past[:, used], ahead[:, used]
    weights, *_ = np.linalg.lstsq(past, logs, rcond=None)
    freedom = known - past.shape[1]
    error = np.sqrt(np.sum((logs - past @ weights) ** 2) / freedom)
    leverage = np.einsum("ij,jk,ik->i", ahead, np.linalg.pinv(past.T @ past), ahead)
    middle, spread = ahead @ weights, error * np.sqrt(1 + leverage)
    wide = {share: stats.t.ppf((1 + share) / 2, freedom) * spread for share in shares}
    return Forecast(
        mean=np.exp(middle) * days[known:],
        intervals={share: (np.exp(middle - each) * days[known:], np.exp(middle + each) * days[known:]) for share, each in wide.items()},
    )


def _forecast(middle: Floats, wide: Mapping[float, Floats], days: Floats) -> Forecast:
    ends = {share: (np.maximum(middle - each, 0.0) * days, (middle + each) * days) for share, each in wide.items()}
    return Forecast(mean=middle * days, intervals=ends)


OWN: Mapping[str, Model] = {"seasonal_naive": seasonal_naive, "trend_and_season": trend_and_season}
MODELS: Mapping[str, Model] = {**OWN, **AUTOMATIC}
