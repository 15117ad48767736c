"""Mean casemix weight of a spell."""

from farr.lab.planning.feeds_compared.check import About, FeedCheck, Judged, Pair, judged, share
from farr.lab.planning.feeds_compared.questions import WEIGHT, WEIGHTED


def _judge(pair: Pair, tolerance: float) -> Judged:
    first, second = pair.national.mean(WEIGHT, WEIGHTED), pair.client.mean(WEIGHT, WEIGHTED)
    change = second / first - 1 if first > 0 else float("nan")
    says = f"{first:.3f} in the national, {second:.3f} in the client's: {share(change)}"
    return judged(change, tolerance, says, "weights are not known, or not shown, on both sides")


FEEDCHECK = FeedCheck(
    title="Casemix index", about=About.CASEMIX, measured="of the mean weight",
    why="A lighter or heavier casemix of the same spells is another grouping of them.",
    source="casemix weight by national prices (measure casemix_index)", tolerance=0.01, judge=_judge,
)  # fmt: skip
