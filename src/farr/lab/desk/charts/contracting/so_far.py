"""A year as it adds up: the plan, what was paid so far, and the forecast with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative, tooltip

_LINES = {"planned": ("plan", LIGHT.ink, [5, 4]), "paid": ("paid", LIGHT.you, [1, 0]), "forecast": ("forecast", LIGHT.you, [2, 3])}


@dataclass(frozen=True, kw_only=True)
class Point:
    """A month (2024-04) and what the year comes to with it, in pounds; `paid` or the forecast may be none. `says` is it in words."""

    month: str
    planned: float
    paid: float | None
    forecast: float | None
    lower: float | None
    upper: float | None
    says: str


def spec(points: Sequence[Point], *, title: str, subtitle: str, axis: str, scale: float) -> Spec:
    """Lines of plan, paid and forecast, with the forecast's interval, which grows with each month ahead. Figures are divided by `scale`."""
    rows = [
        {"month": f"{each.month}-01", "says": each.says, "planned": each.planned / scale, "paid": _part(each.paid, scale),
         "forecast": _part(each.forecast, scale), "lower": _part(each.lower, scale), "upper": _part(each.upper, scale)}
        for each in _joined(points)
    ]  # fmt: skip
    lines = [
        {"month": row["month"], "says": row["says"], "value": row[name], "line": title_of}
        for name, (title_of, _, _) in _LINES.items()
        for row in rows
        if row[name] is not None
    ]
    band = [row for row in rows if row["lower"] is not None]
    return framed(
        title=title, subtitle=subtitle, height=300, description=f"Lines of the year as it adds up, by month. {title}. {points[-1].says}.",
        datasets={"lines": lines, "band": band}, layers=[_band(axis), _drawn(lines), _dots()],
    )  # fmt: skip


def _joined(points: Sequence[Point]) -> list[Point]:
    """The forecast begins where what was paid ends."""
    made = list(points)
    last = max((at for at, each in enumerate(points) if each.paid is not None), default=None)
    if last is not None and last + 1 < len(points) and points[last + 1].forecast is not None:
        held = points[last]
        has_interval = points[last + 1].lower is not None
        ends = held.paid if has_interval else None
        made[last] = Point(
            month=held.month, planned=held.planned, paid=held.paid, forecast=held.paid, lower=ends, upper=ends, says=held.says
        )  # fmt: skip
    return made


def _month() -> Spec:
    axis = {
        "title": None,
        "format": "%b",
        "grid": False,
        "labelAngle": 0,
        "labelOverlap": "greedy",
        "labelSeparation": 4,
        "tickCount": "month",
    }
    return {"field": "month", "type": "temporal", "timeUnit": "utcyearmonth", "scale": {"type": "utc"}, "axis": axis}


def _band(axis: str) -> Spec:
    mark: Spec = {"type": "area", "color": LIGHT.you, "opacity": 0.16}
    return {
        "data": {"name": "band"},
        "mark": mark,
        "encoding": {"x": _month(), "y": quantitative("lower", axis, zero=True), "y2": {"field": "upper"}},
    }


def _drawn(lines: Sequence[Spec]) -> Spec:
    used = [each for each in _LINES.values() if any(row["line"] == each[0] for row in lines)]
    names, legend = [name for name, _, _ in used], {"title": None, "orient": "bottom", "symbolType": "stroke"}
    return {
        "data": {"name": "lines"},
        "mark": {"type": "line", "strokeWidth": 2.2},
        "encoding": {
            "x": _month(), "y": {"field": "value", "type": "quantitative"},
            "color": {"field": "line", "type": "nominal", "legend": legend,
                      "scale": {"domain": names, "range": [colour for _, colour, _ in used]}},
            "strokeDash": {"field": "line", "type": "nominal", "legend": legend,
                           "scale": {"domain": names, "range": [dash for _, _, dash in used]}},
        },
    }  # fmt: skip


def _dots() -> Spec:
    return {
        "data": {"name": "lines"},
        "transform": [{"filter": "datum.line != 'plan'"}],
        "mark": {"type": "point", "filled": True, "size": 55, "opacity": 1, "color": LIGHT.you},
        "encoding": {"x": _month(), "y": {"field": "value", "type": "quantitative"}, "tooltip": tooltip(("says", " "))},
    }


def _part(value: float | None, scale: float) -> float | None:
    return None if value is None else value / scale
