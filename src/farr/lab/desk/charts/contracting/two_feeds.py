"""Months of two feeds side by side: where one lacks a month, or has much less of it, a column is missing or short."""

from collections.abc import Mapping, Sequence

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative

_HEIGHT = 280


def spec(months: Sequence[str], series: Mapping[str, Sequence[float | None]], *, title: str, subtitle: str) -> Spec:
    """Two columns a month, in the order of the two `series`; what is not shown or not held has none."""
    data = [
        {"month": month, "feed": feed, "spells": spells, "says": f"{month}, {feed.lower()}: {spells:,.0f} spells"}
        for feed, figures in series.items()
        for month, spells in zip(months, figures, strict=True)
        if spells is not None
    ]
    feeds = list(series)
    encoding: Spec = {
        "x": {"field": "month", "type": "ordinal", "scale": {"domain": list(months)},
              "axis": {"title": None, "labelAngle": 0, "labelOverlap": True, "ticks": False}},
        "xOffset": {"field": "feed", "sort": feeds},
        "y": quantitative("spells", "Spells a month", zero=True),
        "color": {"field": "feed", "type": "nominal", "scale": {"domain": feeds, "range": [LIGHT.others, LIGHT.you]}},
        "tooltip": [{"field": "says", "type": "nominal", "title": " "}],
    }  # fmt: skip
    return framed(
        title=title, subtitle=subtitle, description=f"Columns of two feeds by month. {title}.", height=_HEIGHT,
        datasets={"months": data}, layers=[{"data": {"name": "months"}, "mark": {"type": "bar"}, "encoding": encoding}],
    )  # fmt: skip
