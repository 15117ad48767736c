"""Years ahead: a median with bands of runs, beside other lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative

_BANDS = (("low_95", "high_95", 0.12), ("low_80", "high_80", 0.2))
_MEDIAN = "median of runs"
_OTHERS = ((LIGHT.ink, [6, 4]), (LIGHT.concern, [2, 3]))


@dataclass(frozen=True, kw_only=True)
class Point:
    """A year by the calendar year it begins in, as it is drawn, and in words."""

    year: int
    low_95: float
    low_80: float
    median: float
    high_80: float
    high_95: float
    says: str


def spec(points: Sequence[Point], *, title: str, subtitle: str, axis: str, others: Mapping[str, Sequence[float]]) -> Spec:
    """`others`: at most two, by name a figure for each year, drawn dashed; none where it has no figures."""
    data = [
        {"year": str(each.year), "low_95": each.low_95, "low_80": each.low_80, "high_80": each.high_80, "high_95": each.high_95}
        for each in points
    ]
    lines = [{"year": str(each.year), "value": each.median, "line": _MEDIAN, "says": each.says} for each in points]
    named = [name for name, values in others.items() if values]
    for name in named:
        lines += [
            {"year": str(each.year), "value": value, "line": name, "says": f"{each.says}; {name}"}
            for each, value in zip(points, others[name], strict=True)
        ]
    domain = [_MEDIAN, *named]
    legend: Spec = {"title": None, "orient": "bottom", "symbolType": "stroke"}
    styles = dict(zip(named, _OTHERS, strict=False))
    dashes, colours = [[1, 0], *(dash for _, dash in styles.values())], [LIGHT.you, *(colour for colour, _ in styles.values())]
    x: Spec = {"field": "year", "type": "ordinal", "axis": {"title": None, "labelAngle": 0, "labelOverlap": "greedy", "grid": False}}
    band_layers = [
        {"data": {"name": "bands"}, "mark": {"type": "area", "color": LIGHT.you, "opacity": opacity},
         "encoding": {"x": x, "y": quantitative(low, axis), "y2": {"field": high}}}
        for low, high, opacity in _BANDS
    ]  # fmt: skip
    drawn: Spec = {
        "x": x,
        "y": {"field": "value", "type": "quantitative"},
        "color": {"field": "line", "type": "nominal", "legend": legend,
                  "scale": {"domain": domain, "range": colours}},
        "strokeDash": {"field": "line", "type": "nominal", "legend": legend, "scale": {"domain": domain, "range": dashes}},
        "tooltip": [{"field": "says", "type": "nominal", "title": " "}],
    }  # fmt: skip
    return framed(
        title=title, subtitle=subtitle, height=260, description=f"Line with bands by year. {title}. {points[-1].says}.",
        datasets={"bands": data, "lines": lines},
        layers=[*band_layers, {"data": {"name": "lines"}, "mark": {"type": "line", "strokeWidth": 2.2, "point": True}, "encoding": drawn}],
    )  # fmt: skip
