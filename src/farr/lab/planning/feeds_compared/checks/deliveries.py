"""Points of delivery: how spells are shared out among them."""

import numpy as np

from farr.lab.measures.released_rows import UNKNOWN
from farr.lab.planning.feeds_compared.check import About, FeedCheck, Judged, Pair, judged
from farr.lab.planning.feeds_compared.measured import furthest, total_variation


def _judge(pair: Pair, tolerance: float) -> Judged:
    pairs = {pod: (one[0], two[0]) for pod, (one, two) in pair.deliveries.items() if pod != UNKNOWN}
    distance = total_variation(pairs)
    says = ""
    if np.isfinite(distance):
        code, standard = furthest(pairs)
        says = f"{distance:.1%} of spells would have to be of another; furthest {code}, by {standard:+.2f} standard deviations"
    return judged(distance, tolerance, says, "points of delivery are not shown on both sides")


FEEDCHECK = FeedCheck(
    title="Points of delivery", about=About.CASEMIX, measured="of spells that would have to be of another",
    why="The same stay as a day case here and as an inpatient there is paid differently.",
    source="total variation distance; standardised difference (Austin, Statistics in Medicine 2009, 28:3083)", tolerance=0.02, judge=_judge,
)  # fmt: skip
