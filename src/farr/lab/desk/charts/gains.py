"""What matching a norm would be worth: a bar for each measure with its interval, and the classic figure as a mark beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative

_BAR = 26  # points
_ROOM = 70
_KEY = {"bar": "Median gain, with its 80% interval", "classic": "Classic figure"}


@dataclass(frozen=True, kw_only=True)
class Gain:
    """Pounds. `label` names it; `says` is what it says in words; `is_counted`: it enters the total."""

    label: str
    pounds: float
    lower: float
    upper: float
    classic: float
    is_counted: bool
    says: str


def spec(gains: Sequence[Gain], *, title: str, subtitle: str) -> Spec:
    """Bars in thousands of pounds, in the order given; those that are not counted are pale."""
    names = [gain.label for gain in gains]
    data = [
        {
            "name": gain.label, "gain": round(gain.pounds / 1000, 3), "lower": round(gain.lower / 1000, 3),
            "upper": round(gain.upper / 1000, 3), "classic": round(gain.classic / 1000, 3), "counted": gain.is_counted, "says": gain.says,
        }
        for gain in gains
    ]  # fmt: skip
    y: Spec = {"field": "name", "type": "nominal", "sort": names}
    y["axis"] = {"title": None, "ticks": False, "domain": False, "labelLimit": 300}
    tip = [{"field": "says", "type": "nominal", "title": " "}]
    colour = {"condition": {"test": "datum.counted", "value": LIGHT.you}, "value": LIGHT.faint}
    ends: Spec = {"y": y, "x": {"field": "lower", "type": "quantitative"}, "x2": {"field": "upper"}, "tooltip": tip}
    bar: Spec = {"y": y, "x": quantitative("gain", "£ thousands", zero=True), "color": colour, "tooltip": tip}
    mark: Spec = {"y": y, "x": {"field": "classic", "type": "quantitative"}, "tooltip": tip}
    return framed(
        title=title,
        subtitle=f"{subtitle}. Bars: {_KEY['bar']}; diamonds: {_KEY['classic']}; pale: not counted in the total",
        description=f"Bars of what matching the norm would be worth, with 80% intervals. {title}. "
        + "; ".join(gain.says for gain in gains[:6]) + ".",
        height=_BAR * len(gains) + _ROOM,
        datasets={"gains": data},
        layers=[
            {"data": {"name": "gains"}, "mark": {"type": "bar", "height": {"band": 0.6}}, "encoding": bar},
            {"data": {"name": "gains"}, "mark": {"type": "rule", "strokeWidth": 1.6, "color": LIGHT.ink}, "encoding": ends},
            {"data": {"name": "gains"},
             "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 90, "opacity": 1, "color": LIGHT.concern},
             "encoding": mark},
        ],
    )  # fmt: skip
