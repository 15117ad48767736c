"""Run (XmR) chart: has the organisation changed, beyond its usual month-to-month variation?"""

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative, tooltip
from farr.lab.desk.figures import TrendPoint, trend

NAME = "run"
_POINTS = {
    "common cause": ("usual variation", "circle", LIGHT.others),
    "special cause improvement": ("change for the better", "triangle-up", LIGHT.improvement),
    "special cause concern": ("change for the worse", "square", LIGHT.concern),
    "special cause neither": ("change", "diamond", LIGHT.ink),
    "not assessed": ("too few months to judge", "circle", LIGHT.faint),
}
_ENDS = (("upper_limit", "bottom", -4), ("mean", "bottom", -4), ("norm_value", "bottom", -4), ("lower_limit", "top", 5))
_HIDDEN_KIND = "not shown"


def spec(benchmark: Benchmark) -> Spec | None:
    """Months in order, with mean and limits; suppressed months are gaps. None where no month can be shown."""
    points = trend(benchmark)
    if all(point.value is None for point in points):
        return None
    finding = plain.run_finding(benchmark)
    hidden = sum(point.value is None for point in points)
    return framed(
        title=finding,
        subtitle=_subtitle(benchmark, hidden),
        description=f"Run chart of {plain.titled(benchmark.measure)} by month for {benchmark.organisation_name}. {finding}.",
        height=300,
        datasets={
            "months": [_datum(benchmark, point) for point in points],
            "ends": _ends(benchmark, points),
        },
        layers=[_hidden(), *_limits(benchmark), _norm(), _line(), _points(points), *_names()],
    )


def _subtitle(benchmark: Benchmark, hidden: int) -> str:
    parts = [benchmark.measure.title, benchmark.organisation_name, "by month"]
    return " · ".join([*parts, f"{hidden} month{'s' if hidden > 1 else ''} not shown (small numbers)"] if hidden else parts)


def _datum(benchmark: Benchmark, point: TrendPoint) -> Spec:
    measure = benchmark.measure
    return {
        "month": f"{point.month}-01",
        "when": plain.month(point.month),
        "value": point.value,
        "mean": point.mean,
        "upper_limit": point.upper_limit,
        "lower_limit": point.lower_limit,
        "norm_value": point.norm_value,
        "kind": _kind(point),
        "figure": plain.figure(point.value, measure),
        "norm_figure": plain.figure(point.norm_value, measure),
    }


def _kind(point: TrendPoint) -> str:
    return _HIDDEN_KIND if point.value is None else _POINTS[point.point or "not assessed"][0]


def _month(*, axis: bool = False) -> Spec:
    month: Spec = {"field": "month", "type": "temporal", "timeUnit": "utcyearmonth", "scale": {"type": "utc"}}
    shown = {"title": None, "format": "%b %y", "grid": False, "labelAngle": 0, "labelOverlap": "greedy", "tickCount": "month"}
    return {**month, "axis": shown} if axis else month


def _series(field: str) -> Spec:
    return {"x": _month(), "y": {"field": field, "type": "quantitative"}}


def _limits(benchmark: Benchmark) -> list[Spec]:
    band = {**_series("lower_limit"), "y2": {"field": "upper_limit"}}
    band["y"] = quantitative("lower_limit", plain.axis(benchmark.measure))
    band["x"] = _month(axis=True)
    mean = {"type": "line", "color": LIGHT.muted, "strokeWidth": 1.3}
    return [
        {"data": {"name": "months"}, "mark": {"type": "area", "color": LIGHT.band}, "encoding": band},
        {"data": {"name": "months"}, "mark": mean, "encoding": _series("mean")},
    ]


def _norm() -> Spec:
    mark = {"type": "line", "color": LIGHT.ink, "strokeDash": [2, 3], "strokeWidth": 1.3}
    return {"data": {"name": "months"}, "mark": mark, "encoding": _series("norm_value")}


def _line() -> Spec:
    mark = {"type": "line", "color": LIGHT.you, "strokeWidth": 2.2, "invalid": "break-paths-show-path-domains"}
    return {"data": {"name": "months"}, "mark": mark, "encoding": _series("value")}


def _points(points: tuple[TrendPoint, ...]) -> Spec:
    used = {_kind(point) for point in points}
    kinds = [kind for kind in _POINTS.values() if kind[0] in used]
    names = [name for name, _, _ in kinds]
    legend = {"title": None, "orient": "bottom", "columns": 2}
    return {
        "data": {"name": "months"},
        "transform": [{"filter": "isValid(datum.value)"}],
        "mark": {"type": "point", "filled": True, "size": 75, "opacity": 1, "stroke": LIGHT.paper, "strokeWidth": 0.8},
        "encoding": {
            **_series("value"),
            "shape": {
                "field": "kind",
                "type": "nominal",
                "scale": {"domain": names, "range": [shape for _, shape, _ in kinds]},
                "legend": legend,
            },
            "color": {
                "field": "kind",
                "type": "nominal",
                "scale": {"domain": names, "range": [colour for _, _, colour in kinds]},
                "legend": legend,
            },
            "tooltip": tooltip(("when", "Month"), ("figure", "Value"), ("norm_figure", "National"), ("kind", "Reading")),
        },
    }


def _hidden() -> Spec:
    """A star on the axis for each month that is not shown."""
    return {
        "data": {"name": "months"},
        "transform": [{"filter": "!isValid(datum.value)"}],
        "mark": {"type": "text", "text": plain.HIDDEN, "fontSize": 15, "color": LIGHT.muted},
        "encoding": {"x": _month(), "y": {"value": 292}, "tooltip": tooltip(("when", "Month"), ("kind", "Reading"))},
    }


def _ends(benchmark: Benchmark, points: tuple[TrendPoint, ...]) -> list[Spec]:
    """The names of the lines, where least else is drawn."""
    last, first = points[-1], points[0]
    named = (
        ("upper_limit", first, "upper limit of usual variation", "left"),
        ("lower_limit", first, "lower limit of usual variation", "left"),
        ("mean", last, "mean", "right"),
        ("norm_value", last, "national", "right"),
    )
    return [
        {"month": f"{point.month}-01", "value": getattr(point, line), "line": line, "label": label, "side": side}
        for line, point, label, side in named
        if getattr(point, line) is not None
    ]


def _names() -> list[Spec]:
    return [
        {
            "data": {"name": "ends"},
            "transform": [{"filter": f"datum.line == '{line}'"}],
            "mark": {
                "type": "text",
                "align": {"expr": "datum.side"},
                "baseline": baseline,
                "dy": dy,
                "fontSize": 11,
                "color": LIGHT.muted,
            },
            "encoding": {**_series("value"), "text": {"field": "label"}},
        }
        for line, baseline, dy in _ENDS
    ]
