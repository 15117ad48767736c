"""HRG chapters: how spells are shared out among them."""

import numpy as np

from farr.lab.planning.feeds_compared.check import About, FeedCheck, Judged, Pair, judged
from farr.lab.planning.feeds_compared.measured import chi_square, furthest, total_variation
from farr.lab.planning.feeds_compared.side import shown_in_both

_CHANCE = 0.01


def _judge(pair: Pair, tolerance: float) -> Judged:
    pairs = shown_in_both(pair.national.chapters, pair.client.chapters, 0)
    distance = total_variation(pairs)
    says = ""
    if np.isfinite(distance):
        (code, standard), (statistic, freedom, p) = furthest(pairs), chi_square(pairs)
        says = (
            f"{distance:.1%} of spells would have to be of another chapter; furthest {code}, by {standard:+.2f} standard deviations; "
            f"chi-square {statistic:,.1f} on {freedom}, p {p:.2g}"
        )
        # A month that one lacks, or rounding, moves shares as another sample would: that alone is no difference.
        distance = distance if p < _CHANCE else min(distance, tolerance)
    return judged(distance, tolerance, says, "chapters are not shown on both sides")


FEEDCHECK = FeedCheck(
    title="HRG chapters", about=About.CASEMIX, measured="of spells that would have to be of another",
    why="Another grouper, another version of it, or coding before it was finished, put the same spells into other groups.",
    source="total variation distance; Pearson's chi-square of homogeneity, p below 0.01 (a parameter); standardised difference "
    "(Austin, Statistics in Medicine 2009, 28:3083)",
    tolerance=0.02, judge=_judge,
)  # fmt: skip
