"""Quartile position: where the organisation falls among the quarters of its peers."""

from collections import defaultdict
from itertools import pairwise

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.charts.marks import TOOLTIP, datum, drawn, norm_data, norm_line, subtitle
from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative
from farr.lab.desk.figures import Row, selected

NAME = "position"
_COLUMNS = 64  # dots nearer than a column are stacked
_STACK: Spec = {"field": "level", "type": "quantitative", "axis": None, "scale": {"domain": [-8, 8], "clamp": True}}
_HEIGHT = 150
_QUARTERS = {1: "Lowest quarter", 2: "Second quarter", 3: "Third quarter", 4: "Highest quarter"}
_ROOM = 0.16  # share of the axis below which a band is too narrow for its full name


def spec(benchmark: Benchmark) -> Spec:
    """A dot for each organisation on the measure's scale, over bands that hold a quarter of them each."""
    shown = drawn(benchmark, only_peers=False)  # ranks and quarters are those of the whole level
    own = selected(benchmark)
    title = _title(benchmark, own)
    return framed(
        title=title,
        subtitle=subtitle(benchmark, only_peers=False),
        description=f"Strip of dots of {plain.titled(benchmark.measure)} over quartile bands. {title}.",
        height=_HEIGHT,
        datasets={
            "bands": _bands(shown),
            "norm": norm_data(benchmark, own.norm_value),
            "dots": [{**datum(benchmark, row), "level": level, "side": _side(row, shown)} for row, level in _stacked(shown)],
        },
        layers=[*_band_layers(), *norm_line("x"), *_dots(benchmark)],
    )


def _title(benchmark: Benchmark, own: Row) -> str:
    if own.value is None:
        return f"{own.name} is not shown (small numbers)"
    if own.quartile is None:
        return f"{own.name}: too few {plain.plural(benchmark.level)} can be shown to form quarters"
    return f"In the {plain.quartile(own, benchmark.measure.direction)}: {plain.rank(own)} {plain.plural(benchmark.level)}"


def _bands(shown: list[Row]) -> list[Spec]:
    """Each band reaches halfway to the next quarter's nearest value."""
    ends: dict[int, list[float]] = defaultdict(list)
    for row in shown:
        if row.quartile is not None and row.value is not None:
            ends[row.quartile].append(row.value)
    quarters = sorted(ends)
    if len(quarters) < 2:
        return []
    edges = [min(ends[quarters[0]]), *((max(ends[a]) + min(ends[b])) / 2 for a, b in pairwise(quarters)), max(ends[quarters[-1]])]
    span = edges[-1] - edges[0]
    return [_band(q, start, end, span) for q, (start, end) in zip(quarters, pairwise(edges), strict=True)]


def _band(quarter: int, start: float, end: float, span: float) -> Spec:
    roomy = span > 0 and (end - start) / span > _ROOM
    return {
        "start": start,
        "end": end,
        "middle": (start + end) / 2,
        "shaded": quarter % 2 == 1,
        "label": _QUARTERS[quarter] if roomy else f"Q{quarter}",
        "short": f"Q{quarter}",
    }


def _stacked(shown: list[Row]) -> list[tuple[Row, float]]:
    """A height for each dot, so that none hides another: 0, 1, -1, 2, -2 … within its column."""
    values = [row.value for row in shown if row.value is not None]
    width = (max(values) - min(values)) / _COLUMNS if values else 0.0
    filled: dict[int, int] = defaultdict(int)
    placed: list[tuple[Row, float]] = []
    for row in sorted(shown, key=lambda row: not row.is_selected):  # its own dot stands on the middle line
        column = int(((row.value or 0.0) - values[0]) / width) if width else 0
        taken = filled[column]
        placed.append((row, (taken + 1) // 2 * (1.0 if taken % 2 else -1.0)))
        filled[column] += 1
    return placed


def _side(row: Row, shown: list[Row]) -> str:
    """Which way a name is written so that it stays inside the chart."""
    low, high = shown[0].value or 0.0, shown[-1].value or 0.0
    share = ((row.value or 0.0) - low) / (high - low) if high > low else 0.5
    return "left" if share < 0.2 else "right" if share > 0.8 else "center"


def _band_layers() -> list[Spec]:
    return [
        {
            "data": {"name": "bands"},
            "mark": {"type": "rect"},
            "encoding": {
                "x": {"field": "start", "type": "quantitative"},
                "x2": {"field": "end"},
                "color": {"condition": {"test": "datum.shaded", "value": LIGHT.band}, "value": LIGHT.grid},
            },
        },
        {
            "data": {"name": "bands"},
            "mark": {
                "type": "text",
                "fontSize": 11,
                "color": LIGHT.muted,
                "baseline": "top",
                "text": {"expr": "width < 500 ? datum.short : datum.label"},
            },
            "encoding": {
                "x": {"field": "middle", "type": "quantitative"},
                "y": {"value": 7},
            },
        },
    ]


def _dots(benchmark: Benchmark) -> list[Spec]:
    x = quantitative("value", plain.axis(benchmark.measure), grid=False)
    encoding = {"x": x, "y": _STACK, "tooltip": TOOLTIP}
    return [_others(encoding), *_own(encoding)]


def _others(encoding: Spec) -> Spec:
    return {
        "data": {"name": "dots"},
        "transform": [{"filter": "!datum.selected"}],
        "mark": {
            "type": "point",
            "filled": True,
            "size": 62,
            "color": LIGHT.others,
            "opacity": 1,
            "stroke": LIGHT.paper,
            "strokeWidth": 0.6,
        },
        "encoding": {
            **encoding,
            "fillOpacity": {"condition": {"test": "datum.in_norm", "value": 1}, "value": 0},
            "stroke": {"condition": {"test": "datum.in_norm", "value": LIGHT.paper}, "value": LIGHT.others},
        },
    }


def _own(encoding: Spec) -> list[Spec]:
    """The selected organisation: a diamond, a line down from it, and its name under that."""
    place = {"field": "value", "type": "quantitative"}
    diamond = {"type": "point", "filled": True, "shape": "diamond", "size": 260, "color": LIGHT.you, "opacity": 1, "stroke": LIGHT.paper}
    name = {"type": "text", "fontWeight": "bold", "fontSize": 13, "color": LIGHT.you, "align": {"expr": "datum.side"}}
    layers: list[Spec] = [
        {"mark": diamond, "encoding": encoding},
        {
            "mark": {"type": "rule", "color": LIGHT.you, "strokeWidth": 1.4},
            "encoding": {"x": place, "y": _STACK, "y2": {"value": _HEIGHT - 22}},
        },
        {"mark": name, "encoding": {"x": place, "y": {"value": _HEIGHT - 12}, "text": {"field": "name"}}},
    ]
    return [{"data": {"name": "dots"}, "transform": [{"filter": "datum.selected"}], **layer} for layer in layers]
