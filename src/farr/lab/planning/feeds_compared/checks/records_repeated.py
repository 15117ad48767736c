"""Episodes of a spell: more of them where records were sent twice."""

from farr.lab.planning.feeds_compared.check import About, FeedCheck, Judged, Pair, judged, share
from farr.lab.planning.feeds_compared.questions import EPISODES, SPELLS


def _judge(pair: Pair, tolerance: float) -> Judged:
    first, second = pair.national.mean(EPISODES, SPELLS), pair.client.mean(EPISODES, SPELLS)
    change = second / first - 1 if first > 0 else float("nan")
    says = f"{first:.3f} in the national, {second:.3f} in the client's: {share(change)}; records sent twice, or lost, would do this"
    return judged(change, tolerance, says, "episodes or spells are not shown on both sides")


FEEDCHECK = FeedCheck(
    title="Episodes a spell", about=About.ACTIVITY, measured="of episodes a spell",
    why="A record that is sent twice makes no further spell, for Farr builds one of all episodes of a stay: it shows in the episodes.",
    source="Farr's own (marts/spell.py)", tolerance=0.01, judge=_judge,
)  # fmt: skip
