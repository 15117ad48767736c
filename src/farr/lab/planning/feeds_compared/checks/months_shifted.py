"""Activity that one feed counts a month earlier or later."""

import numpy as np

from farr.lab.planning.feeds_compared.check import About, FeedCheck, Judged, Pair, Verdict, judged
from farr.lab.planning.feeds_compared.measured import best_lag

_BETTER = 0.2


def _judge(pair: Pair, tolerance: float) -> Judged:
    months = sorted({*pair.national.months, *pair.client.months})
    lag, best, now = best_lag(pair.national.months, pair.client.months, months)
    unknown = "too few months in a row, or no change from month to month, to see it by"
    if lag == 0 or best - now < _BETTER:
        says = f"months go together best as they stand (correlation {now:.2f})"
        return judged(0.0 if np.isfinite(best) else best, tolerance, says, unknown)
    when = "later" if lag > 0 else "earlier"
    says = f"the client's go with the national months best one {when} (correlation {best:.2f}; as they stand {now:.2f})"
    return Judged(verdict=Verdict.DIFFERS, difference=float(lag), says=says)


FEEDCHECK = FeedCheck(
    title="Months shifted", about=About.MONTHS, measured="months by which the client's follow",
    why="A feed by month of billing, or of a month's end, counts the same stay in another month than one by discharge.",
    source="Cross-correlation of monthly changes (Box and Jenkins, Time Series Analysis, chapter 12); by 0.2 better is a parameter",
    tolerance=0.0, judge=_judge,
)  # fmt: skip
