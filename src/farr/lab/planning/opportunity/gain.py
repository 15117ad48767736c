"""Gain: what matching a norm would be worth, in draws of what the figures of the organisation and of its peers truly are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from farr.lab.planning.opportunity.shrinkage import Draws

Floats = npt.NDArray[np.float64]
RUNS, CERTAIN = 4000, 0.95
ROUNDED_TO = 5.0  # the policy hes_2018 rounds counts to the nearest 5


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Of pounds (or units) over runs: the median, 80% and 95% intervals, and the share of runs above nothing."""

    median: float
    lower_80: float
    upper_80: float
    lower_95: float
    upper_95: float
    probability: float


def standard_errors(lower: Floats, upper: Floats, per_count: Floats, *, is_count: bool) -> Floats:
    """Standard errors from 95% intervals; where the numerator is a rounded count the variance of rounding is added: that of an even
    distribution as wide as the rounding (Sheppard). `per_count`: how much one count is of the figure."""
    chance = (upper - lower) / (2 * 1.959963984540054)
    rounding = per_count * ROUNDED_TO / np.sqrt(12.0) if is_count else np.zeros_like(chance)
    return np.sqrt(chance**2 + rounding**2)


def differences(true: Floats, *, own: int, members: Sequence[int], weights: Floats, best: int | None, sign: float) -> Floats:
    """By how much the organisation's true figure is worse than the norm's, in each run: shape (runs,).

    The norm is the mean of the members' true figures, weighted by their denominators (their pooled figure); of the `best` of them, chosen
    anew in each run, where the norm has such. `sign` is 1 where higher is worse and -1 where lower is."""
    peers, weighed = true[list(members)], np.broadcast_to(weights[list(members)][:, None], (len(members), true.shape[1]))
    if best is not None:
        order = np.argsort(sign * peers, axis=0)[:best]
        peers, weighed = np.take_along_axis(peers, order, axis=0), np.take_along_axis(weighed, order, axis=0)
    return sign * (true[own] - (peers * weighed).sum(axis=0) / weighed.sum(axis=0))


def summary(values: Floats) -> Summary:
    low95, low80, middle, high80, high95 = np.quantile(values, (0.025, 0.1, 0.5, 0.9, 0.975)).tolist()
    return Summary(
        median=middle, lower_80=low80, upper_80=high80, lower_95=low95, upper_95=high95, probability=float(np.mean(values > 0))
    )  # fmt: skip


def shrunken(drawn: Draws) -> Floats:
    """The mean of each organisation's draws."""
    return drawn.true.mean(axis=1)
