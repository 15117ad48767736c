"""Months that only one of the two feeds holds."""

from farr.lab.planning.feeds_compared.check import About, FeedCheck, Judged, Pair, judged


def _judge(pair: Pair, tolerance: float) -> Judged:
    here, there = pair.only_national, pair.only_client
    parts = [f"not in the client's: {', '.join(here)}" if here else "", f"not in the national: {', '.join(there)}" if there else ""]
    says = "; ".join(filter(None, parts)) or f"both hold the same {len(pair.shared)} months"
    return judged(float(len(here) + len(there)) if pair.shared else float("nan"), tolerance, says, "no month is held by both")


FEEDCHECK = FeedCheck(
    title="Months held", about=About.MONTHS, measured="months that one alone holds",
    why="A month that was not sent is not a fall in activity.", source="Farr's own", tolerance=0.0, judge=_judge,
)  # fmt: skip
