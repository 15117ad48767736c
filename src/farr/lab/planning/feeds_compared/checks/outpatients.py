"""Outpatient attendances over the months that both feeds hold."""

from farr.lab.planning.feeds_compared.check import About, FeedCheck, Judged, Pair, beyond_rounding, judged, rounded, share
from farr.lab.planning.feeds_compared.questions import OUTPATIENTS


def _judge(pair: Pair, tolerance: float) -> Judged:
    first, second = pair.attended(OUTPATIENTS)
    change = second / first - 1 if first > 0 else float("nan")
    says = f"{first:,.0f} in the national, {second:,.0f} in the client's: {share(change)}"
    return judged(beyond_rounding(first, second, rounded(len(pair.shared))), tolerance, says, "not held, or not shown, on both sides")


FEEDCHECK = FeedCheck(
    title="Outpatient attendances", about=About.ACTIVITY, measured="of attendances",
    why="A feed may hold one kind of care and lack another.",
    source="Farr's own, less what rounding may have done", tolerance=0.01, judge=_judge,
)  # fmt: skip
