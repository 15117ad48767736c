"""Who gains and who loses: a bar each, from the greatest loss to the greatest gain."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative

_BAR = 17  # points
_ROOM = 60
_NAMES: Spec = {"title": None, "ticks": False, "domain": False, "labelPadding": 6, "labelLimit": 260}


@dataclass(frozen=True, kw_only=True)
class Bar:
    """`pounds` net; `label` names it, and `says` is what it says in words."""

    label: str
    pounds: float
    is_selected: bool
    says: str


def spec(
    bars: Sequence[Bar],
    *,
    title: str,
    subtitle: str,
    axis: str = "£ thousands more (right) or less (left)",
    of: str = "net change in payment",
) -> Spec:
    """Bars in thousands of pounds, in the order given; `axis` says what right and left are, and `of` what the bars are of. Names that occur
    twice are told apart by their place."""
    names = [bar.label if [each.label for each in bars].count(bar.label) == 1 else f"{bar.label} ({at})" for at, bar in enumerate(bars, 1)]
    data = [
        {"name": name, "net": round(bar.pounds / 1000, 3), "selected": bar.is_selected, "says": bar.says}
        for name, bar in zip(names, bars, strict=True)
    ]
    encoding: Spec = {
        "y": {"field": "name", "type": "nominal", "sort": names, "axis": _NAMES},
        "x": quantitative("net", axis, zero=True),
        "color": {"condition": {"test": "datum.selected", "value": LIGHT.you}, "value": LIGHT.others},
        "tooltip": [{"field": "says", "type": "nominal", "title": " "}],
    }
    return framed(
        title=title,
        subtitle=subtitle,
        description=f"Bars of {of}. {title}. " + "; ".join(bar.says for bar in bars[:5]) + ".",
        height=_BAR * len(bars) + _ROOM,
        datasets={"bars": data},
        layers=[{"data": {"name": "bars"}, "mark": {"type": "bar", "height": {"band": 0.72}}, "encoding": encoding}],
    )
