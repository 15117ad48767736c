"""Ranked bars with intervals: who is higher, and how surely."""

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.charts.marks import TOOLTIP, datum, drawn, norm_data, norm_line, norm_name, subtitle, you
from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative
from farr.lab.desk.figures import Row, selected

NAME = "ranked"
_NAMED = 36  # more organisations than this are drawn upright, without room for every name


def spec(benchmark: Benchmark) -> Spec:
    """A bar for each organisation of the norm and the selected one, with 95% intervals and a line at the norm."""
    shown = drawn(benchmark, only_peers=True)
    own = selected(benchmark)
    few = len(shown) <= _NAMED
    return framed(
        title=_title(benchmark, own),
        subtitle=subtitle(benchmark, only_peers=True),
        description=f"Bars of {plain.titled(benchmark.measure)}, ranked, with 95% confidence intervals. {_title(benchmark, own)}.",
        height=max(120, 20 * len(shown)) if few else 340,
        datasets={
            "bars": [{**datum(benchmark, row), "place": place} for place, row in enumerate(shown, start=1)],
            "norm": norm_data(benchmark, own.norm_value, prefix="" if few else "Line: "),
        },
        layers=_lying(benchmark, shown) if few else _upright(benchmark, shown),
    )


def _title(benchmark: Benchmark, own: Row) -> str:
    standing = plain.standing(benchmark)
    if own.value is None or own.lower is None or own.upper is None or own.norm_value is None:
        return standing
    if own.lower > own.norm_value:
        return f"{standing}; its 95% interval is wholly above the norm"
    if own.upper < own.norm_value:
        return f"{standing}; its 95% interval is wholly below the norm"
    return f"{standing}; its 95% interval includes the norm"


def _lying(benchmark: Benchmark, shown: list[Row]) -> list[Spec]:
    y = {
        "field": "name",
        "type": "nominal",
        "sort": [row.name for row in reversed(shown)],
        "axis": {
            "title": None,
            "ticks": False,
            "domain": False,
            "labelLimit": 190,
            "labelColor": _own_label(shown, LIGHT.you, LIGHT.muted),
            "labelFontWeight": _own_label(shown, "bold", "normal"),
        },
    }
    x = quantitative("value", plain.axis(benchmark.measure), zero=True)
    ends = {"x": {"field": "lower", "type": "quantitative"}, "x2": {"field": "upper"}, "y": y}
    return [
        {"data": {"name": "bars"}, "mark": {"type": "bar", "height": {"band": 0.72}}, "encoding": _bar({"x": x, "y": y})},
        {"data": {"name": "bars"}, "mark": _whisker(), "encoding": ends},
        *norm_line("x"),
        norm_name({"x": {"field": "value", "type": "quantitative"}, "y": {"value": -7}}, align="center"),
    ]


def _upright(benchmark: Benchmark, shown: list[Row]) -> list[Spec]:
    count = len(shown)
    own_place = next((place for place, row in enumerate(shown, start=1) if row.is_selected), count)
    # The norm's name keeps to the side where the organisation's own name is not.
    norm_x, norm_side = ({"value": {"expr": "width"}}, "right") if own_place < count / 2 else ({"value": 0}, "left")
    x = {
        "field": "place",
        "type": "ordinal",
        "axis": {"title": f"{count} {plain.plural(benchmark.level)}, lowest to highest", "labels": False, "ticks": False, "domain": False},
    }
    y = quantitative("value", plain.axis(benchmark.measure), zero=True)
    ends = {"y": {"field": "lower", "type": "quantitative"}, "y2": {"field": "upper"}, "x": x}
    return [
        {"data": {"name": "bars"}, "mark": {"type": "bar", "width": {"band": 0.8}}, "encoding": _bar({"x": x, "y": y})},
        {"data": {"name": "bars"}, "mark": _whisker(), "encoding": ends},
        *norm_line("y"),
        norm_name({"y": {"value": -9}, "x": norm_x}, align=norm_side),
        *_own_name(x, own_place / count),
    ]


def _bar(position: Spec) -> Spec:
    return {**position, "color": you(LIGHT.you, LIGHT.faint), "tooltip": TOOLTIP}


def _whisker() -> Spec:
    return {"type": "rule", "strokeWidth": 1.4, "color": LIGHT.muted}


def _own_name(x: Spec, share: float) -> list[Spec]:
    """The organisation's name above its bar, and a line down to it; `share` is how far right the bar stands."""
    own = {"data": {"name": "bars"}, "transform": [{"filter": "datum.selected"}]}
    side = "right" if share > 0.67 else "left" if share < 0.33 else "center"
    name = {"type": "text", "fontWeight": "bold", "fontSize": 13, "color": LIGHT.you, "align": side}
    down = {"y": {"field": "upper", "type": "quantitative"}, "y2": {"value": 0}}
    return [
        {**own, "mark": {"type": "rule", "color": LIGHT.you}, "encoding": {"x": x, **down}},
        {**own, "mark": name, "encoding": {"x": x, "y": {"value": -9}, "text": {"field": "name"}}},
    ]


def _own_label(shown: list[Row], own: str, other: str) -> Spec:
    name = next((row.name for row in shown if row.is_selected), "")
    return {"condition": {"test": {"field": "value", "equal": name}, "value": own}, "value": other}
