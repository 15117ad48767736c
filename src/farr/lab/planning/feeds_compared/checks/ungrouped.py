"""Spells without a group."""

import numpy as np

from farr.lab.planning.feeds_compared.check import ROUNDING, About, FeedCheck, Judged, Pair, judged
from farr.lab.planning.feeds_compared.questions import SPELLS, UNGROUPED


def _judge(pair: Pair, tolerance: float) -> Judged:
    first, second = pair.national.mean(UNGROUPED, SPELLS), pair.client.mean(UNGROUPED, SPELLS)
    spells = min(side.coding.get(SPELLS, 0.0) for side in (pair.national, pair.client))
    change = second - first
    beyond = float(np.sign(change)) * max(abs(change) - (ROUNDING / spells if spells > 0 else 0.0), 0.0)
    says = f"{first:.1%} in the national, {second:.1%} in the client's"
    return judged(beyond, tolerance, says, "they are too few to be shown on both sides")


FEEDCHECK = FeedCheck(
    title="Spells without a group", about=About.CODING, measured="of all spells",
    why="What is not grouped has no price and no casemix: a feed that has more of it was cut earlier.",
    source="code list uncoded_hrg (measure uncoded_hrg)", tolerance=0.01, judge=_judge,
)  # fmt: skip
