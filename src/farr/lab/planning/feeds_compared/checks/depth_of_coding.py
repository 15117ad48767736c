"""Diagnoses of a spell."""

from farr.lab.planning.feeds_compared.check import About, FeedCheck, Judged, Pair, judged, share
from farr.lab.planning.feeds_compared.questions import DIAGNOSES, SPELLS


def _judge(pair: Pair, tolerance: float) -> Judged:
    first, second = pair.national.mean(DIAGNOSES, SPELLS), pair.client.mean(DIAGNOSES, SPELLS)
    change = second / first - 1 if first > 0 else float("nan")
    says = f"{first:.2f} in the national, {second:.2f} in the client's: {share(change)}"
    return judged(change, tolerance, says, "diagnoses are not shown on both sides")


FEEDCHECK = FeedCheck(
    title="Depth of coding", about=About.CODING, measured="of diagnoses a spell",
    why="Local feeds are often cut before coding is finished, and have fewer diagnoses.",
    source="measure depth_of_coding", tolerance=0.02, judge=_judge,
)  # fmt: skip
