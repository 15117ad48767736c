"""Waterfall: what a change is made of, cause after cause, each beginning where the one before ended, and the change as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative

_BAR, _ROOM = 34, 60  # points
_RISE, _FALL, _WHOLE = "more", "less", "the change"


@dataclass(frozen=True, kw_only=True)
class Step:
    """A cause, what it adds, and that in words."""

    label: str
    adds: float
    says: str


def spec(steps: Sequence[Step], *, whole: Step, title: str, subtitle: str, axis: str, scale: float) -> Spec:
    """The steps in their order and then the `whole`, which is their sum; figures are divided by `scale`, and `axis` says in what."""
    data: list[Spec] = []
    at = 0.0
    for step in steps:
        data.append(_bar(step, at / scale, (at + step.adds) / scale, _RISE if step.adds >= 0 else _FALL))
        at += step.adds
    data.append(_bar(whole, 0.0, whole.adds / scale, _WHOLE))
    names: list[str] = [each["name"] for each in data]
    kinds = [kind for kind in (_RISE, _FALL, _WHOLE) if any(each["kind"] == kind for each in data)]
    colours = {_RISE: LIGHT.you, _FALL: LIGHT.others, _WHOLE: LIGHT.ink}
    y: Spec = {
        "field": "name",
        "type": "nominal",
        "sort": names,
        "axis": {"title": None, "ticks": False, "domain": False, "labelPadding": 6, "labelLimit": 220},
    }
    bars: Spec = {
        "y": y,
        "x": {**quantitative("from", axis, zero=True)},
        "x2": {"field": "to"},
        "color": {"field": "kind", "type": "nominal", "scale": {"domain": kinds, "range": [colours[kind] for kind in kinds]},
                  "legend": {"title": None, "orient": "bottom"}},
        "tooltip": [{"field": "says", "type": "nominal", "title": " "}],
    }  # fmt: skip
    return framed(
        title=title,
        subtitle=subtitle,
        description=f"Waterfall. {title}. " + "; ".join(each["says"] for each in data) + ".",
        height=_BAR * len(data) + _ROOM,
        datasets={"steps": data, "nothing": [{"at": 0}]},
        layers=[
            {
                "data": {"name": "nothing"}, "mark": {"type": "rule", "color": LIGHT.muted},
                "encoding": {"x": {"field": "at", "type": "quantitative"}},
            },
            {"data": {"name": "steps"}, "mark": {"type": "bar", "height": {"band": 0.66}}, "encoding": bars},
        ],
    )  # fmt: skip


def _bar(step: Step, begin: float, end: float, kind: str) -> Spec:
    return {"name": step.label, "from": round(begin, 6), "to": round(end, 6), "kind": kind, "says": step.says}
