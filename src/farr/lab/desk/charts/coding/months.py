"""A provider's months of one indicator, and the level before and after its likeliest shift."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative

_HEIGHT = 260


@dataclass(frozen=True, kw_only=True)
class Point:
    """A month: '2024-05', its ratio to what is expected and the nation's, with limits."""

    month: str
    ratio: float
    lower: float
    upper: float
    says: str


def spec(points: Sequence[Point], *, since: str, before: float, after: float, title: str, subtitle: str) -> Spec:
    """The months in order; `since` is the first of the new level."""
    months = [point.month for point in points]
    data = [
        {"month": p.month, "ratio": p.ratio, "lower": p.lower, "upper": p.upper, "new": p.month >= since, "says": p.says} for p in points
    ]
    levels = [{"month": month, "level": before if month < since else after, "side": "new" if month >= since else "old"} for month in months]
    x: Spec = {"field": "month", "type": "ordinal", "axis": {"title": None, "labelAngle": -45, "ticks": False}}
    y = quantitative("ratio", "Observed to expected, the nation's month being 1", zero=False)
    tooltip = [{"field": "says", "type": "nominal", "title": " "}]
    colour = {"condition": {"test": "datum.new", "value": LIGHT.concern}, "value": LIGHT.you}
    return framed(
        title=title,
        subtitle=subtitle,
        description=f"Months with 95% intervals. {title}. From {before:.2f} to {after:.2f} of what is expected.",
        height=_HEIGHT,
        datasets={"months": data, "levels": levels, "usual": [{"at": 1}]},
        layers=[
            {
                "data": {"name": "usual"},
                "mark": {"type": "rule", "color": LIGHT.muted},
                "encoding": {"y": {"field": "at", "type": "quantitative"}},
            },
            {
                "data": {"name": "levels"},
                "mark": {"type": "line", "strokeWidth": 3, "color": LIGHT.faint},
                "encoding": {"x": x, "y": {**y, "field": "level"}, "detail": {"field": "side", "type": "nominal"}},
            },
            {
                "data": {"name": "months"},
                "mark": {"type": "rule"},
                "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}, "color": colour},
            },
            {
                "data": {"name": "months"},
                "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
                "encoding": {"x": x, "y": y, "color": colour, "tooltip": tooltip},
            },
        ],
    )
