"""Prices of the same care: mean pounds of a spell, by chapter and point of delivery."""

from farr.lab.planning.feeds_compared.check import About, FeedCheck, Judged, Pair, judged, share
from farr.lab.planning.feeds_compared.measured import price_change

_LEAST_SHOWN = 0.7


def _judge(pair: Pair, tolerance: float) -> Judged:
    first, second, what = pair.national.cells, pair.client.cells, "chapter and point of delivery"
    if pair.only_national or pair.only_client:
        # Cells are of all months of each: with other months they hold other stays. By month they are of points of delivery alone.
        both, what = pair.deliveries, "point of delivery, over the months that both hold"
        first, second = ({("", pod): each[side] for pod, each in both.items()} for side in (0, 1))
    change, shown = price_change(first, second)
    if not shown >= _LEAST_SHOWN:
        return judged(float("nan"), tolerance, "", "less than 70% of the client's pounds are in cells that both show")
    return judged(change, tolerance, f"{share(change)} for the same {what} ({shown:.0%} of pounds compared)", "")


FEEDCHECK = FeedCheck(
    title="Prices like for like", about=About.MONEY, measured="of the price of the same care",
    why="A feed at another year's tariff, or with or without market forces, has other prices for the same spells.",
    source="Paasche price index over cells of chapter and point of delivery; 70% of pounds is a parameter", tolerance=0.01, judge=_judge,
)  # fmt: skip
