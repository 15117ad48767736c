"""Months of which one of the two feeds holds less, or more, than is usual between them."""

import numpy as np

from farr.lab.planning.feeds_compared.check import ROUNDING, About, FeedCheck, Judged, Pair, judged, share
from farr.lab.planning.feeds_compared.measured import out_of_step


def _judge(pair: Pair, tolerance: float) -> Judged:
    first, second = ([side.months.get(month, float("nan")) for month in pair.shared] for side in (pair.national, pair.client))
    off = out_of_step(first, second, ROUNDING)
    if not len(off) or np.isnan(off).all():
        return judged(float("nan"), tolerance, "", "no month of both is shown")
    worst = int(np.nanargmax(np.abs(off)))
    beyond = [f"{pair.shared[place]} {share(float(off[place]))}" for place in np.flatnonzero(np.abs(off) > tolerance)]
    says = "; ".join(beyond) if beyond else f"no month lies further off than {share(float(off[worst]))}"
    return judged(float(off[worst]), tolerance, says, "")


FEEDCHECK = FeedCheck(
    title="Months in step", about=About.MONTHS, measured="of the worst month, off the usual ratio of the two",
    why="A month that was sent in part, or late, lies off the ratio that the two feeds have otherwise.",
    source="Farr's own: each month's ratio beside the median of all, less what rounding may have done", tolerance=0.05, judge=_judge,
)  # fmt: skip
