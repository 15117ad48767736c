"""What was seen against what was expected, place by place with intervals; and places as dots along their rates."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative

_LINE, _ROOM = 17, 60  # points
_BINS = 40
_DOT = 12


@dataclass(frozen=True, kw_only=True)
class Point:
    """`value` with its interval, in the unit of the axis; `label` names the place, and `says` is what it says in words."""

    label: str
    value: float
    lower: float
    upper: float
    is_selected: bool
    is_small: bool
    says: str


def spec(points: Sequence[Point], *, title: str, subtitle: str, axis: str, line: float, line_name: str) -> Spec:
    """Points with 95% intervals in the order given, and a line at what is expected. Names that occur twice are told apart by place."""
    names = [
        each.label if [one.label for one in points].count(each.label) == 1 else f"{each.label} ({at})" for at, each in enumerate(points, 1)
    ]
    data = [
        {
            "name": name, "value": round(each.value, 4), "lower": round(each.lower, 4), "upper": round(each.upper, 4),
            "selected": each.is_selected, "small": each.is_small, "says": each.says,
        }
        for name, each in zip(names, points, strict=True)
    ]  # fmt: skip
    y: Spec = {
        "field": "name", "type": "nominal", "sort": names,
        "axis": {"title": None, "ticks": False, "domain": False, "labelLimit": 260},
    }  # fmt: skip
    colour = {"condition": {"test": "datum.selected", "value": LIGHT.you}, "value": LIGHT.others}
    tip = [{"field": "says", "type": "nominal", "title": " "}]
    rule = {"y": y, "x": quantitative("lower", axis), "x2": {"field": "upper"}, "color": colour, "tooltip": tip}
    dot = {
        "y": y, "x": {"field": "value", "type": "quantitative"}, "color": colour, "tooltip": tip,
        "shape": {"condition": {"test": "datum.selected", "value": "diamond"}, "value": "circle"},
        "fillOpacity": {"condition": {"test": "datum.small", "value": 0}, "value": 1},
    }  # fmt: skip
    return framed(
        title=title,
        subtitle=subtitle,
        description=f"Points with 95% intervals, lowest first, and a line at {line_name}. {title}. " + _ends(points),
        height=_LINE * len(points) + _ROOM,
        datasets={"points": data, "line": [{"at": line, "name": line_name}]},
        layers=[
            {"data": {"name": "line"}, "mark": {"type": "rule", "color": LIGHT.ink, "strokeDash": [4, 3]},
             "encoding": {"x": {"field": "at", "type": "quantitative"}, "tooltip": [{"field": "name", "type": "nominal", "title": " "}]}},
            {"data": {"name": "points"}, "mark": {"type": "rule", "strokeWidth": 2}, "encoding": rule},
            {"data": {"name": "points"}, "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1}, "encoding": dot},
        ],
    )  # fmt: skip


def dots(points: Sequence[Point], *, title: str, subtitle: str, axis: str) -> Spec:
    """A dot for each place, stacked where rates are alike: how wide the spread is (as the Dartmouth Atlas draws it)."""
    low, high = min(each.value for each in points), max(each.value for each in points)
    width = (high - low) / _BINS or 1.0
    level: dict[int, int] = {}
    data: list[Spec] = []
    for each in sorted(points, key=lambda one: (one.value, one.label)):
        place = round((each.value - low) / width)
        level[place] = level.get(place, 0) + 1
        data.append({"at": round(low + place * width, 4), "level": level[place], "selected": each.is_selected, "says": each.says})
    highest = max(level.values())
    upright: Spec = {"field": "level", "type": "quantitative", "axis": None, "scale": {"domain": [0, highest + 1]}}
    return framed(
        title=title,
        subtitle=subtitle,
        description=f"A dot for each place along its rate. {title}. " + _ends(sorted(points, key=lambda one: one.value)),
        height=_DOT * highest + _ROOM,
        datasets={"points": data},
        layers=[
            {
                "data": {"name": "points"},
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {
                    "x": quantitative("at", axis), "y": upright,
                    "color": {"condition": {"test": "datum.selected", "value": LIGHT.you}, "value": LIGHT.others},
                    "shape": {"condition": {"test": "datum.selected", "value": "diamond"}, "value": "circle"},
                    "tooltip": [{"field": "says", "type": "nominal", "title": " "}],
                },
            }
        ],
    )  # fmt: skip


def _ends(points: Sequence[Point]) -> str:
    return f"Lowest: {points[0].says}. Highest: {points[-1].says}." if points else ""
