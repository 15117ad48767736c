"""What is at stake: a bar each, most first; errors apart from queries, where it is one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative

_BAR, _ROOM = 26, 60  # points
_COLOURS = {"error": LIGHT.you, "query": LIGHT.others}


@dataclass(frozen=True, kw_only=True)
class Bar:
    """`kind`: error, query, or nothing; `says` is the bar in words."""

    label: str
    pounds: float
    kind: str
    says: str


def spec(bars: Sequence[Bar], *, title: str, subtitle: str) -> Spec:
    """Bars in thousands of pounds, in the order given."""
    data = [{"name": bar.label, "pounds": round(bar.pounds / 1000, 3), "kind": bar.kind, "says": bar.says} for bar in bars]
    kinds = [kind for kind in _COLOURS if any(bar.kind == kind for bar in bars)]
    legend = {"title": None, "orient": "bottom"}
    colour: Spec = {"value": LIGHT.you}
    if kinds:
        colour = {"field": "kind", "type": "nominal", "legend": legend,
                  "scale": {"domain": kinds, "range": [_COLOURS[kind] for kind in kinds]}}  # fmt: skip
    names: Spec = {"title": None, "ticks": False, "domain": False, "labelPadding": 6, "labelLimit": 260}
    encoding: Spec = {
        "y": {"field": "name", "type": "nominal", "sort": [bar.label for bar in bars], "axis": names},
        "x": quantitative("pounds", "£ thousands at stake", zero=True),
        "color": colour,
        "tooltip": [{"field": "says", "type": "nominal", "title": " "}],
    }
    return framed(
        title=title,
        subtitle=subtitle,
        description=f"Bars of pounds at stake. {title}. " + "; ".join(bar.says for bar in bars[:5]) + ".",
        height=_BAR * len(bars) + _ROOM,
        datasets={"bars": data},
        layers=[{"data": {"name": "bars"}, "mark": {"type": "bar", "height": {"band": 0.72}}, "encoding": encoding}],
    )
