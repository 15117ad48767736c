"""What each organisation takes of one item: a bar each with its interval, lowest first, and a line at the standard."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative

_BAR, _ROOM, _MOST = 18, 70, 60


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A mean and its 95% interval. `says` is what it says in words."""

    label: str
    mean: float
    lower: float
    upper: float
    is_selected: bool
    says: str


def spec(taken: Sequence[Taken], *, title: str, subtitle: str, axis: str, standard: float | None) -> Spec:
    """Names that occur twice are told apart by their place; of more than 60 the ends and one's own are drawn."""
    ordered = sorted(taken, key=lambda each: (each.mean, each.label))
    half = _MOST // 2
    few = [each for at, each in enumerate(ordered) if len(ordered) <= _MOST or at < half or at >= len(ordered) - half or each.is_selected]
    labels = [each.label for each in few]
    names = [name if labels.count(name) == 1 else f"{name} ({at})" for at, name in enumerate(labels, 1)]
    data = [
        {"name": name, "mean": each.mean, "lower": each.lower, "upper": each.upper, "selected": each.is_selected, "says": each.says}
        for name, each in zip(names, few, strict=True)
    ]
    y: Spec = {"field": "name", "type": "nominal", "sort": names}
    y["axis"] = {"title": None, "ticks": False, "domain": False, "labelLimit": 260}
    tip = [{"field": "says", "type": "nominal", "title": " "}]
    colour = {"condition": {"test": "datum.selected", "value": LIGHT.you}, "value": LIGHT.faint}
    ends: Spec = {"y": y, "x": {"field": "lower", "type": "quantitative"}, "x2": {"field": "upper"}, "tooltip": tip}
    line: Spec = {"x": {"field": "value", "type": "quantitative"}}
    return framed(
        title=title,
        subtitle=subtitle,
        description=f"Bars of {axis}, lowest first, with 95% intervals. {title}. " + "; ".join(each.says for each in few[:5]) + ".",
        height=_BAR * len(few) + _ROOM,
        datasets={"items": data, "standard": [] if standard is None else [{"value": standard, "label": f"Standard: {standard:,.2f}"}]},
        layers=[
            {"data": {"name": "items"}, "mark": {"type": "bar", "height": {"band": 0.72}},
             "encoding": {"y": y, "x": quantitative("mean", axis, zero=True), "color": colour, "tooltip": tip}},
            {"data": {"name": "items"}, "mark": {"type": "rule", "strokeWidth": 1.4, "color": LIGHT.muted}, "encoding": ends},
            {"data": {"name": "standard"}, "mark": {"type": "rule", "strokeWidth": 1.5, "color": LIGHT.ink}, "encoding": line},
            {"data": {"name": "standard"}, "mark": {"type": "text", "fontSize": 11, "color": LIGHT.ink, "align": "center"},
             "encoding": {**line, "y": {"value": -7}, "text": {"field": "label"}}},
        ],
    )  # fmt: skip
