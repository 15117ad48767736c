"""Where a year that is not over will end, and how sure one can be of it.

Method: the months to come follow a profile (the same months of the year before, or the plan's) times the ratio of what came to what the
profile had in the year to date: a seasonal naive forecast with drift, as a ratio. Its interval rests on the errors that the same method
would have made one month ahead on the months held (time series cross-validation, Hyndman and Athanasopoulos, Forecasting: Principles and
Practice, 3rd ed., sections 5.5 and 5.10). The error of a month is taken to be its own, and that of the ratio common to all months to come
(variance of a ratio estimator, Cochran, Sampling Techniques, chapter 6). A year that turns, where the ratio itself drifts, is less sure
than the interval says: tests show how much.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from farr.lab.measures.statistics.arrays import FloatArray, as_floats, check_confidence

FIRST_FORECAST = 3  # months that are seen before the first forecast is tried
LEAST_ERRORS = 4  # fewer say nothing of how sure a forecast is; a choice of this page, not of a source


@dataclass(frozen=True, kw_only=True)
class Outturn:
    """The year's figure in its unit; limits are None where too few months are held to try the method on, and equal it where the year is
    over. `ratio`: of what came to the profile; `error`: relative error of one month ahead; `tried`: on how many months."""

    expected: float
    lower: float | None
    upper: float | None
    ratio: float
    error: float | None
    tried: int


def outturn(
    *, to_date: float, actual: npt.ArrayLike, profile: npt.ArrayLike, ahead: npt.ArrayLike, window: int, confidence: float
) -> Outturn | None:
    """The year's figure: `to_date`, and the profile of the months `ahead` times the ratio of `actual` to `profile` in the latest `window`
    months (those of the year to date; at least FIRST_FORECAST are taken, where they are held).

    `actual`, `profile`: shape (months,), months that came and what the profile has for them, oldest first; `ahead`: shape (months to
    come,). None where the profile is nothing in the latest months. Raises ValueError for shapes that differ, for what is not finite, and
    for a confidence outside (0, 1).
    """
    check_confidence(confidence)
    came, held, coming = as_floats("actual", actual), as_floats("profile", profile), as_floats("ahead", ahead)
    if came.shape != held.shape or came.ndim != 1:
        raise ValueError("actual and profile are of the same months; give two arrays of one length")
    if not all(np.isfinite(each).all() for each in (came, held, coming)):
        raise ValueError("a forecast needs every month that it rests on; leave out the hidden ones")
    if not coming.size:
        return Outturn(expected=to_date, lower=to_date, upper=to_date, ratio=1.0, error=None, tried=0)
    window = max(window, FIRST_FORECAST)
    if not held[-window:].sum() > 0:
        return None
    ratio, uncertain = _ratio(came[-window:], held[-window:])
    errors = _errors(came, held, window)
    more = ratio * float(coming.sum())
    if errors.size < LEAST_ERRORS:
        return Outturn(expected=to_date + more, lower=None, upper=None, ratio=ratio, error=None, tried=int(errors.size))
    error = float(np.sqrt(np.mean(errors**2)))
    spread = ratio * error * float(np.sqrt((coming**2).sum() + coming.sum() ** 2 * uncertain))
    reach = float(special.stdtrit(errors.size, (1 + confidence) / 2)) * spread
    lower = to_date + max(more - reach, 0.0)
    return Outturn(expected=to_date + more, lower=lower, upper=to_date + more + reach, ratio=ratio, error=error, tried=int(errors.size))


def _ratio(came: FloatArray, held: FloatArray) -> tuple[float, float]:
    """What came as a ratio of what the profile has, and its variance for a month's relative variance of one."""
    return float(came.sum() / held.sum()), float((held**2).sum() / held.sum() ** 2)


def _errors(came: FloatArray, held: FloatArray, window: int) -> FloatArray:
    """By month the relative error of the forecast that could have been made the month before, less the part that the ratio adds to it."""
    found: list[float] = []
    for at in range(FIRST_FORECAST, came.size):
        before = slice(max(at - window, 0), at)
        if came[before].sum() > 0 and held[before].sum() > 0 and held[at] > 0:
            ratio, uncertain = _ratio(came[before], held[before])
            found.append(float((came[at] / (held[at] * ratio) - 1) / np.sqrt(1 + uncertain)))
    return np.array(found, dtype=np.float64)
