"""A provider's indicators, each against what is usual: a dot with its interval over the band that most providers lie within."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative

_ROW = 26  # points
_ROOM = 50


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One line: `ratio` to the usual with its limits, `low` and `high` what is usual, all as shares above (0.1) or below (-0.1);
    `stands_out`: coloured; `says` for tooltips and for those who do not see it."""

    label: str
    ratio: float
    lower: float
    upper: float
    low: float
    high: float
    stands_out: bool
    says: str


def spec(marks: Sequence[Mark], *, title: str, subtitle: str, axis: str, widest: float = 1.0) -> Spec:
    """The marks in the order given. Intervals are cut at `widest` above and below, so that one wide one does not flatten the rest."""
    data = [
        {
            "name": mark.label, "ratio": _cut(mark.ratio, widest), "lower": _cut(mark.lower, widest), "upper": _cut(mark.upper, widest),
            "low": _cut(mark.low, widest), "high": _cut(mark.high, widest), "out": mark.stands_out, "says": mark.says,
        }
        for mark in marks
    ]  # fmt: skip
    y: Spec = {
        "field": "name", "type": "nominal", "sort": [mark.label for mark in marks],
        "axis": {"title": None, "ticks": False, "domain": False, "labelLimit": 280},
    }  # fmt: skip
    x = quantitative("ratio", axis, zero=True)
    x["axis"]["format"] = "+.0%"
    tooltip = [{"field": "says", "type": "nominal", "title": " "}]
    colour = {"condition": {"test": "datum.out", "value": LIGHT.concern}, "value": LIGHT.you}

    def span(first: str, last: str) -> Spec:
        return {"y": y, "x": {**x, "field": first}, "x2": {"field": last}, "tooltip": tooltip}

    return framed(
        title=title,
        subtitle=subtitle,
        description=f"Dots with 95% intervals over the usual range. {title}. " + "; ".join(mark.says for mark in marks[:6]) + ".",
        height=_ROW * len(marks) + _ROOM,
        datasets={"marks": data, "usual": [{"at": 0}]},
        layers=[
            {
                "data": {"name": "marks"},
                "mark": {"type": "bar", "height": {"band": 0.8}, "color": LIGHT.grid},
                "encoding": span("low", "high"),
            },
            {
                "data": {"name": "usual"},
                "mark": {"type": "rule", "color": LIGHT.muted},
                "encoding": {"x": {"field": "at", "type": "quantitative"}},
            },
            {
                "data": {"name": "marks"},
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {**span("lower", "upper"), "color": colour},
            },
            {
                "data": {"name": "marks"},
                "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
                "encoding": {"y": y, "x": x, "color": colour, "tooltip": tooltip},
            },
        ],
    )


def _cut(value: float, widest: float) -> float:
    return round(min(max(value, -widest), widest), 5)
