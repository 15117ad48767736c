"""Back-test: forecasts from every month that lies far enough back, against what came (rolling origin; Tashman, International Journal of
Forecasting 2000, 16:437-450)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from farr.lab.model.period import Month
from farr.lab.planning.forecast.forecast import Forecast, Model
from farr.lab.planning.forecast.models import LEAST_MONTHS, MODELS
from farr.lab.planning.forecast.seasons import MONTHS, days_of
from farr.lab.planning.projection.uncertain import Floats, ProjectionError

SHARES = (0.8, 0.95)


@dataclass(frozen=True, kw_only=True)
class Score:
    """How a model did. `mase`: the mean absolute error over that of last year's month within the history (Hyndman and Koehler,
    International Journal of Forecasting 2006, 22:679-688); below 1 is better. `smape`: the mean of 200·|y − f| / (|y| + |f|), per cent (as
    in the M4 competition; Makridakis and others, 2020, 36:54-74). `coverage`: the share of months within each interval."""

    model: str
    forecasts: int
    mase: float
    smape: float
    coverage: Mapping[float, float]


def backtest(
    counts: Floats, months: Sequence[Month], *, horizon: int = MONTHS, least: int = LEAST_MONTHS, models: Mapping[str, Model] = MODELS
) -> list[Score]:
    """A score for each model: from each month on after the `least` first, the `horizon` months that followed, where so many did. Raises
    ProjectionError where there are too few months, or one is hidden."""
    origins = range(least, len(counts) - horizon + 1)
    if least < LEAST_MONTHS or horizon < 1 or not origins:
        raise ProjectionError(
            f"{len(counts)} months are held; {max(least, LEAST_MONTHS)} of history and {horizon} to forecast are needed to look back: "
            "load more, or type a shorter --horizon"
        )
    if np.any(np.isnan(counts)):
        raise ProjectionError("the count of a month is hidden: what came cannot be told, and nothing can be tested against it")
    days, calendar = days_of(months), [month.month - 1 for month in months]
    return [_score(name, model, counts, days, calendar, origins, horizon) for name, model in models.items()]


def _score(name: str, model: Model, counts: Floats, days: Floats, calendar: Sequence[int], origins: Sequence[int], horizon: int) -> Score:
    scaled, relative = list[Floats](), list[Floats]()
    within: dict[float, list[Floats]] = {share: [] for share in SHARES}
    for origin in origins:
        end = origin + horizon
        made = model(counts[:origin], days[:end], calendar[:end], SHARES)
        came = counts[origin:end]
        naive = float(np.mean(np.abs(counts[MONTHS:origin] - counts[: origin - MONTHS])))
        missed = np.abs(came - made.mean)
        scaled.append(missed / naive if naive > 0 else np.full(horizon, np.nan))
        relative.append(200 * np.divide(missed, np.abs(came) + np.abs(made.mean), out=np.zeros(horizon), where=missed > 0))
        for share in SHARES:
            within[share].append(_is_within(made, share, came))
    return Score(
        model=name, forecasts=len(origins) * horizon, mase=float(np.mean(scaled)), smape=float(np.mean(relative)),
        coverage={share: float(np.mean(each)) for share, each in within.items()},
    )  # fmt: skip


def _is_within(made: Forecast, share: float, came: Floats) -> Floats:
    low, high = made.intervals[share]
    return ((came >= low) & (came <= high)).astype(np.float64)
