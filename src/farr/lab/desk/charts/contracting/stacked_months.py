"""Pounds by month, hospital care below and care outside it above."""

from collections.abc import Mapping, Sequence

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative

_HEIGHT = 300


def spec(months: Sequence[str], series: Mapping[str, Sequence[float | None]], *, title: str, subtitle: str) -> Spec:
    """One stack a month, of at most two series; a month that is not known of a series has none of it."""
    data = [
        {
            "month": month,
            "what": what,
            "pounds": round(pounds / 1000, 3),
            "place": place,
            "says": f"{month}, {what.lower()}: £{pounds:,.0f}",
        }
        for place, (what, figures) in enumerate(series.items())
        for month, pounds in zip(months, figures, strict=True)
        if pounds is not None
    ]
    encoding: Spec = {
        "x": {"field": "month", "type": "ordinal", "axis": {"title": None, "labelAngle": 0, "labelOverlap": True, "ticks": False}},
        "y": quantitative("pounds", "£ thousands a month", zero=True),
        "color": {"field": "what", "type": "nominal", "scale": {"domain": list(series), "range": [LIGHT.you, LIGHT.others]}},
        "order": {"field": "place"},
        "tooltip": [{"field": "says", "type": "nominal", "title": " "}],
    }
    return framed(
        title=title, subtitle=subtitle, description=f"Stacked columns of pounds by month. {title}.", height=_HEIGHT,
        datasets={"months": data}, layers=[{"data": {"name": "months"}, "mark": {"type": "bar"}, "encoding": encoding}],
    )  # fmt: skip
