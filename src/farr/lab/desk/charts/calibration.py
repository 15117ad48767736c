"""Predicted against observed: groups of like risk with intervals, beside the line on which they would lie if the model were right."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative

_HEIGHT = 380


@dataclass(frozen=True, kw_only=True)
class Group:
    """People of about the same risk: shares from 0 to 1, and what they say in words."""

    predicted: float
    observed: float
    lower: float
    upper: float
    says: str


def spec(groups: Sequence[Group], *, title: str, subtitle: str) -> Spec:
    """The groups by rising risk. One whose interval lies off the line is a diamond in another colour."""
    data = [
        {
            "predicted": round(each.predicted, 5), "observed": round(each.observed, 5), "lower": round(each.lower, 5),
            "upper": round(each.upper, 5), "off": not each.lower <= each.predicted <= each.upper, "says": each.says,
        }
        for each in groups
    ]  # fmt: skip
    highest = max((max(each.predicted, each.upper) for each in groups), default=1.0)
    x, y = quantitative("predicted", "Predicted", zero=True), quantitative("observed", "Observed", zero=True)
    for axis in (x, y):
        axis["axis"]["format"] = ".0%"
    colour = {"condition": {"test": "datum.off", "value": LIGHT.concern}, "value": LIGHT.you}
    tip = [{"field": "says", "type": "nominal", "title": " "}]
    return framed(
        title=title,
        subtitle=subtitle,
        description=f"Points with 95% intervals, and a line where predicted is observed. {title}. "
        + "; ".join(each.says for each in groups) + ".",
        height=_HEIGHT,
        datasets={"groups": data, "right": [{"predicted": 0, "observed": 0}, {"predicted": highest, "observed": highest}]},
        layers=[
            {"data": {"name": "right"}, "mark": {"type": "line", "color": LIGHT.muted, "strokeDash": [4, 3]}, "encoding": {"x": x, "y": y}},
            {
                "data": {"name": "groups"}, "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {"x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}, "color": colour, "tooltip": tip},
            },
            {
                "data": {"name": "groups"}, "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
                "encoding": {
                    "x": x, "y": y, "color": colour, "tooltip": tip,
                    "shape": {"condition": {"test": "datum.off", "value": "diamond"}, "value": "circle"},
                },
            },
        ],
    )  # fmt: skip
