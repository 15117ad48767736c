"""A sparkline: the shape of the months, small enough to stand in a line of text."""

from collections.abc import Sequence
from itertools import groupby

from farr.lab.model.showing.page import Spark

WIDTH, HEIGHT, _MARGIN = 120.0, 30.0, 4.0


def sparkline(values: Sequence[float | None]) -> Spark | None:
    """None where fewer than two months can be shown."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = (WIDTH - 2 * _MARGIN) / (len(values) - 1)
    points = [
        None if value is None else (_MARGIN + place * step, HEIGHT - _MARGIN - (value - low) / span * (HEIGHT - 2 * _MARGIN))
        for place, value in enumerate(values)
    ]
    pieces = [list(piece) for hidden, piece in groupby(points, key=lambda point: point is None) if not hidden]
    lines = tuple(" ".join(f"{x:.1f},{y:.1f}" for x, y in filter(None, piece)) for piece in pieces)
    shown = [point for point in points if point is not None]
    return Spark(lines=lines, last=(round(shown[-1][0], 1), round(shown[-1][1], 1)))
