"""Automatic models, which choose their own form from the history: statsforecast's (Nixtla, Apache 2.0), on counts a day.

- `auto_arima`: seasonal ARIMA, orders by Hyndman and Khandakar's search (Journal of Statistical Software 2008, 27(3));
- `auto_ets`: exponential smoothing, form by AICc (Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing, 2008);
- `auto_theta`: the theta method and its variants (Assimakopoulos and Nikolopoulos, International Journal of Forecasting 2000, 16:521-530;
  Fiorucci and others 2016, 32:1151-1161).

Their intervals are as the package gives them. It is imported when one of them is asked, for that takes seconds.
"""

import importlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from farr.lab.planning.forecast.forecast import Forecast, Model
from farr.lab.planning.forecast.seasons import MONTHS
from farr.lab.planning.projection.uncertain import Floats


def _automatic(name: str) -> Model:
    def forecast(history: Floats, days: Floats, calendar: Sequence[int], shares: Sequence[float]) -> Forecast:
        del calendar  # months come in order, twelve a year
        known = len(history)
        make: Callable[..., Any] = getattr(importlib.import_module("statsforecast.models"), name)
        levels = {share: round(100 * share, 6) for share in shares}
        rates = np.asarray(history / days[:known], dtype=np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):  # of a series in which nothing happens
            fitted = make(season_length=MONTHS).forecast(y=rates, h=len(days) - known, level=[_level(each) for each in levels.values()])
        made: dict[str, Floats] = fitted
        ahead = days[known:]
        ends = {
            share: (np.maximum(made[f"lo-{_level(level)}"], 0.0) * ahead, np.maximum(made[f"hi-{_level(level)}"], 0.0) * ahead)
            for share, level in levels.items()
        }
        return Forecast(mean=np.maximum(made["mean"], 0.0) * ahead, intervals=ends)

    return forecast


def _level(per_cent: float) -> float:
    """As the package names it: 80, and not 80.0."""
    return int(per_cent) if per_cent == int(per_cent) else per_cent


AUTOMATIC: dict[str, Model] = {
    "auto_arima": _automatic("AutoARIMA"),
    "auto_ets": _automatic("AutoETS"),
    "auto_theta": _automatic("AutoTheta"),
}
