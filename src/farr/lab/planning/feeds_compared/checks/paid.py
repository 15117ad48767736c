"""Pounds paid over the months that both feeds hold."""

from farr.lab.planning.feeds_compared.check import About, FeedCheck, Judged, Pair, judged, share


def _judge(pair: Pair, tolerance: float) -> Judged:
    first, second = pair.pounds
    change = second / first - 1 if first > 0 else float("nan")
    says = f"£{first:,.0f} in the national, £{second:,.0f} in the client's: {share(change)}"
    return judged(change, tolerance, says, "no pounds of a month or point of delivery are shown on both sides")


FEEDCHECK = FeedCheck(
    title="Pounds paid", about=About.MONEY, measured="of pounds",
    why="What is paid in all; why it differs is told by prices, spells and casemix.", source="Farr's own", tolerance=0.01, judge=_judge,
)  # fmt: skip
