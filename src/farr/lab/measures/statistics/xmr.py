"""The XmR chart: which months of a series differ by more than the months usually do.

Sources: NHS England, "Making data count" (2018, 2019), as implemented by NHSRplotthedots (MIT), whose rules and their order
these are; Wheeler, "Understanding Variation" (2000): 2.66 and 3.267 turn a mean moving range of two into three standard
deviations of a value and into the upper limit of a range.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from farr.lab.measures.statistics.arrays import FloatArray, as_floats, as_vector

LIMIT = 2.66
RANGE_LIMIT = 3.267
RUN = 7
IMPROVEMENTS = {"up": 1, "down": -1, "neither": 0}

Signs = npt.NDArray[np.int8]  # 1 above or rising, -1 below or falling, 0 neither


@dataclass(frozen=True, kw_only=True)
class XmrChart:
    """A chart. Arrays have shape (months,), single figures and limits the unit of the values; NaN where not computable.

    `moving_range`: from the month before, NaN for the first and on either side of a missing month. `type`: "common cause",
    "special cause improvement", "special cause concern", "special cause neither", or "not assessed". `rule`: "outside limits",
    "trend of 7", "2 of 3 near the limit", "7 on one side", or "" where none.
    """

    mean: float
    mean_moving_range: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float
    moving_range: FloatArray
    type: npt.NDArray[np.str_]
    rule: npt.NDArray[np.str_]


def xmr_chart(values: npt.ArrayLike, *, improvement: str) -> XmrChart:
    """Mean, natural process limits and the type of every point, for one value a month in order.

    Limits are mean ± 2.66 × mean moving range, after ranges of 3.267 times their mean or more are left out once; near limits
    lie at two thirds. Rules, the first that holds: outside a limit; one of 7 all rising or all falling; near a limit where 2
    of 3 in a row are and all 3 lie on that side of the mean; one of 7 in a row on one side of the mean. A trend counts in its
    own direction, the rest by side. `improvement`: "up", "down" or "neither". NaN months (suppressed, missing) are not assessed,
    and no moving range, trend or run bridges them. Fewer than 13 months make weak limits, which is the caller's to say.
    Raises ValueError for another improvement, more than one dimension or an infinite value.
    """
    if improvement not in IMPROVEMENTS:
        raise ValueError(f"'{improvement}' is not a direction of improvement; give up, down or neither")
    array = as_vector("values", as_floats("values", values))
    moving_range = np.abs(np.diff(array, prepend=np.nan))
    average = _screened_mean(moving_range)
    mean = float(np.nanmean(array)) if np.isfinite(array).any() else float("nan")
    reach, near = LIMIT * average, LIMIT * 2 / 3 * average
    rules = _rules(array, mean, reach, near)
    return XmrChart(
        mean=mean,
        mean_moving_range=average,
        lower=mean - reach,
        upper=mean + reach,
        near_lower=mean - near,
        near_upper=mean + near,
        moving_range=moving_range,
        type=_types(rules, IMPROVEMENTS[improvement], np.isfinite(array) & np.isfinite(average)),
        rule=np.select([signs != 0 for signs in rules.values()], list(rules), "").astype(np.str_),
    )


def _screened_mean(moving_range: FloatArray) -> float:
    known = moving_range[~np.isnan(moving_range)]
    if not known.size:
        return float("nan")
    screened = known[known < RANGE_LIMIT * known.mean()]
    return float(screened.mean()) if screened.size else 0.0  # only where every range is 0 is none below the limit


def _rules(array: FloatArray, mean: float, reach: float, near: float) -> dict[str, Signs]:
    """For every rule, in order of priority, which points it marks and in which direction."""
    if not np.isfinite(reach):
        return {"outside limits": np.zeros(array.size, np.int8)}
    deviation = np.nan_to_num(array - mean, nan=0.0)
    side = np.sign(deviation).astype(np.int8)
    outside = np.where(np.abs(deviation) > reach, side, 0).astype(np.int8)
    close = np.where((np.abs(deviation) > near) & (outside == 0), side, 0).astype(np.int8)
    step = np.nan_to_num(np.sign(np.diff(array)), nan=0.0).astype(np.int8)
    return {
        "outside limits": outside,
        "trend of 7": _spread_back(_uniform(step, RUN - 1), RUN, array.size),
        "2 of 3 near the limit": _two_of_three(close, side),
        "7 on one side": _spread_back(_uniform(side, RUN), RUN, array.size),
    }


def _uniform(signs: Signs, length: int) -> Signs:
    """The common sign of every `length` in a row, 0 where they differ; shape (size - length + 1,)."""
    if signs.size < length:
        return np.zeros(0, np.int8)
    windows = np.lib.stride_tricks.sliding_window_view(signs, length)
    return np.where((windows == windows[:, :1]).all(axis=1), windows[:, 0], 0).astype(np.int8)


def _spread_back(windows: Signs, length: int, size: int) -> Signs:
    """The sign of the last non-zero window that covers each point: at a turning point, that of the new trend."""
    points = np.zeros(size, np.int8)
    for offset in reversed(range(length)):
        covered = points[offset : offset + windows.size]
        covered[windows != 0] = windows[windows != 0]
    return points


def _two_of_three(close: Signs, side: Signs) -> Signs:
    if close.size < 3:
        return np.zeros(close.size, np.int8)
    same_side = _uniform(side, 3)
    count = np.abs(np.lib.stride_tricks.sliding_window_view(close, 3)).sum(axis=1)
    marked = _spread_back(np.where(count >= 2, same_side, 0).astype(np.int8), 3, close.size)
    return np.where(close != 0, marked, 0).astype(np.int8)


def _types(rules: dict[str, Signs], improvement: int, assessed: npt.NDArray[np.bool_]) -> npt.NDArray[np.str_]:
    signs = np.zeros(assessed.size, np.int8)
    for rule in reversed(rules.values()):
        signs = np.where(rule != 0, rule, signs)
    special = "special cause neither" if improvement == 0 else "special cause concern"
    conditions = [~assessed, signs == 0, signs == (improvement or 2)]
    return np.select(conditions, ["not assessed", "common cause", "special cause improvement"], special).astype(np.str_)
