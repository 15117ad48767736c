"""Funnel plot: is this organisation further from the norm than its size lets chance explain? (Spiegelhalter 2005)."""

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.charts.marks import TOOLTIP, datum, drawn, norm_data, norm_line, norm_name, subtitle
from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative
from farr.lab.desk.figures import Row, selected

NAME = "funnel"
_LABELLED = 6
_LOG_FROM = 40.0  # sizes spread wider than this are drawn on a logarithmic axis
_LIMITS = (("99.8%", "funnel_lower_998", "funnel_upper_998"), ("95%", "funnel_lower_95", "funnel_upper_95"))


def spec(benchmark: Benchmark) -> Spec:
    """Value against size, with 95% and 99.8% control limits, outliers labelled."""
    shown = [row for row in drawn(benchmark, only_peers=False) if row.denominator]
    own = selected(benchmark)
    return framed(
        title=_title(own),
        subtitle=subtitle(benchmark, only_peers=False),
        description=f"Funnel plot of {plain.titled(benchmark.measure)} against size. {_spoken(benchmark)}",
        height=380,
        datasets={
            "limits": _limits(shown),
            "norm": norm_data(benchmark, own.norm_value),
            "points": [datum(benchmark, row) for row in shown],
            "labels": _labels(shown),
            "ends": _ends(shown),
        },
        layers=[_limit_lines(), *_limit_names(), *norm_line("y"), _norm_name(), *_points(benchmark, shown), *_names()],
    )


def _title(own: Row) -> str:
    if own.value is None:
        return f"{own.name} is not shown (small numbers)"
    if own.verdict in ("high", "low"):
        side = "above" if own.verdict == "high" else "below"
        return f"{own.name} lies {side} the 99.8% limits for its size: unlikely to be chance"
    if own.verdict == "as expected":
        return f"{own.name} lies within what chance can explain for its size"
    return f"{own.name} was not tested against chance"


def _spoken(benchmark: Benchmark) -> str:
    outliers = [row.name for row in drawn(benchmark, only_peers=False) if row.verdict in ("high", "low")]
    return f"{plain.finding(benchmark)}. Outliers: {', '.join(outliers) or 'none'}."


def _limits(shown: list[Row]) -> list[Spec]:
    """The limits at every size present; they depend on size only, so the points make the curve."""
    found: list[Spec] = []
    for row in sorted(shown, key=lambda row: row.denominator or 0.0):
        for level, low, high in _LIMITS:
            for side, value in (("lower", getattr(row, low)), ("upper", getattr(row, high))):
                if value is not None:
                    found.append({"denominator": row.denominator, "limit": value, "level": level, "line": f"{side} {level}"})
    return found


def _limit_lines() -> Spec:
    return {
        "data": {"name": "limits"},
        "mark": {"type": "line", "interpolate": "monotone", "color": LIGHT.muted, "strokeWidth": 1.3},
        "encoding": {
            "x": {"field": "denominator", "type": "quantitative"},
            "y": {"field": "limit", "type": "quantitative"},
            "detail": {"field": "line"},
            "strokeDash": {
                "field": "level",
                "type": "nominal",
                "scale": {"domain": ["99.8%", "95%"], "range": [[1, 0], [5, 4]]},
                "legend": None,
            },
        },
    }


def _ends(shown: list[Row]) -> list[Spec]:
    """Where each line ends, to be named there: the largest organisation's limits."""
    limits = _limits(shown[-1:] if not shown else [max(shown, key=lambda row: row.denominator or 0.0)])
    return [{**limit, "label": f"{limit['level']} limit"} for limit in limits]


def _limit_names() -> list[Spec]:
    def names(side: str, baseline: str, offset: int) -> Spec:
        return {
            "data": {"name": "ends"},
            "transform": [{"filter": f"datum.line == '{side}'"}],
            "mark": {"type": "text", "align": "right", "baseline": baseline, "dy": offset, "fontSize": 11, "color": LIGHT.muted},
            "encoding": {
                "x": {"field": "denominator", "type": "quantitative"},
                "y": {"field": "limit", "type": "quantitative"},
                "text": {"field": "label"},
            },
        }

    return [
        names("upper 99.8%", "bottom", -5),
        names("upper 95%", "bottom", -5),
        names("lower 95%", "top", 6),
        names("lower 99.8%", "top", 6),
    ]


def _norm_name() -> Spec:
    right = {"value": {"expr": "width"}}
    return norm_name({"x": right, "y": {"field": "value", "type": "quantitative"}}, align="right", baseline="bottom", dy=-4)


def _points(benchmark: Benchmark, shown: list[Row]) -> list[Spec]:
    x = quantitative("denominator", f"Size: {plain.denominator(benchmark.measure)}", grid=False)
    sizes = [row.denominator for row in shown if row.denominator]
    if sizes and max(sizes) > _LOG_FROM * min(sizes):
        x["scale"] = {"type": "log", "nice": False}
    encoding = {"x": x, "y": quantitative("value", plain.axis(benchmark.measure)), "tooltip": TOOLTIP}
    beyond = "datum.verdict == 'high' || datum.verdict == 'low'"
    return [
        {
            "data": {"name": "points"},
            "transform": [{"filter": "!datum.selected"}],
            "mark": {"type": "point", "filled": True, "size": 60, "stroke": LIGHT.paper, "strokeWidth": 0.6, "opacity": 1},
            "encoding": {
                **encoding,
                "color": {
                    "condition": [{"test": beyond, "value": LIGHT.ink}, {"test": "!datum.in_norm", "value": LIGHT.faint}],
                    "value": LIGHT.others,
                },
                "shape": {"condition": {"test": beyond, "value": "square"}, "value": "circle"},
            },
        },
        {
            "data": {"name": "points"},
            "transform": [{"filter": "datum.selected"}],
            "mark": {
                "type": "point",
                "filled": True,
                "shape": "diamond",
                "size": 260,
                "color": LIGHT.you,
                "stroke": LIGHT.paper,
                "opacity": 1,
            },
            "encoding": encoding,
        },
    ]


def _labels(shown: list[Row]) -> list[Spec]:
    """The selected organisation and the furthest outliers, each named towards the middle of the chart."""
    outliers = sorted((row for row in shown if row.verdict in ("high", "low") and not row.is_selected), key=_distance, reverse=True)
    named = _apart([*(row for row in shown if row.is_selected), *outliers], shown)[: _LABELLED + 1]
    middle = max((row.denominator or 0.0 for row in shown), default=0.0) * 0.62
    return [
        {
            "name": row.name,
            "value": row.value,
            "denominator": row.denominator,
            "selected": row.is_selected,
            "side": "left" if (row.denominator or 0.0) > middle else "right",
        }
        for row in named
    ]


def _apart(rows: list[Row], shown: list[Row]) -> list[Row]:
    """Those of `rows`, in order, whose names do not fall on one before them: a line of text is about a twentieth of the height."""
    values = [row.value for row in shown if row.value is not None]
    line = 0.05 * (max(values) - min(values)) if values else 0.0
    kept: list[Row] = []
    for row in rows:
        if all(abs((row.value or 0.0) - (other.value or 0.0)) > line for other in kept):
            kept.append(row)
    return kept


def _distance(row: Row) -> float:
    return abs(row.difference or 0.0)


def _names() -> list[Spec]:
    def names(side: str, align: str, dx: int) -> list[Spec]:
        return [
            {
                "data": {"name": "labels"},
                "transform": [{"filter": f"datum.side == '{side}' && {'datum' if own else '!datum'}.selected"}],
                "mark": {
                    "type": "text",
                    "align": align,
                    "dx": dx * (13 if own else 9),
                    "fontWeight": "bold" if own else "normal",
                    "fontSize": 13 if own else 11,
                    "color": LIGHT.you if own else LIGHT.ink,
                },
                "encoding": {
                    "x": {"field": "denominator", "type": "quantitative"},
                    "y": {"field": "value", "type": "quantitative"},
                    "text": {"field": "name"},
                },
            }
            for own in (False, True)
        ]

    return [*names("right", "left", 1), *names("left", "right", -1)]
