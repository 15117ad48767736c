"""What care costs for each person, part by part: a bar of one's own, with marks where the peers, the nation and one's own ages would be."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.desk.charts.theme import LIGHT, Spec, framed, quantitative

_BAR, _ROOM = 30, 90
OWN, PEERS, NATION, AGED = "Own", "Peers", "Nation", "At the nation's cost of its ages"
_MARKS = {PEERS: ("tick", LIGHT.ink), NATION: ("circle", LIGHT.concern), AGED: ("diamond", LIGHT.improvement)}


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A part in pounds a head; None where it is not known. `says` is the bar in words."""

    title: str
    own: float | None
    peers: float | None
    nation: float | None
    aged: float | None
    says: str


def spec(parts: Sequence[Beside], *, title: str, subtitle: str) -> Spec:
    """Bars in the order given. What is not held has its name, and no bar."""
    names = [part.title for part in parts]
    own = [{"name": part.title, "pounds": part.own, "what": OWN, "says": part.says} for part in parts if part.own is not None]
    others = [
        {"name": part.title, "pounds": pounds, "what": what, "says": f"{part.title}, {what.lower()}: £{pounds:,.0f}"}
        for part in parts
        for what, pounds in ((PEERS, part.peers), (NATION, part.nation), (AGED, part.aged))
        if pounds is not None
    ]
    y: Spec = {
        "field": "name", "type": "nominal", "sort": names, "scale": {"domain": names},
        "axis": {"title": None, "ticks": False, "domain": False, "labelLimit": 260},
    }  # fmt: skip
    x, told = quantitative("pounds", "£ a head in a year", zero=True), [{"field": "says", "type": "nominal", "title": " "}]
    colours = {"domain": [OWN, *_MARKS], "range": [LIGHT.you, *(colour for _, colour in _MARKS.values())]}
    encoding: Spec = {"y": y, "x": x, "color": {"field": "what", "type": "nominal", "scale": colours}, "tooltip": told}
    layers: list[Spec] = [
        {"data": {"name": "own"}, "mark": {"type": "bar", "height": {"band": 0.6}, "opacity": 0.45}, "encoding": encoding},
        *(
            {
                "data": {"name": "others"}, "transform": [{"filter": f'datum.what === "{what}"'}],
                "mark": {"type": "tick", "thickness": 3, "size": 20} if shape == "tick" else {
                    "type": "point", "shape": shape, "size": 90, "filled": True, "opacity": 1,
                },
                "encoding": encoding,
            }
            for what, (shape, _) in _MARKS.items()
        ),
    ]  # fmt: skip
    return framed(
        title=title, subtitle=subtitle, height=_BAR * len(parts) + _ROOM, layers=layers, datasets={"own": own, "others": others},
        description=f"Bars of pounds a head by part of care. {title}. " + "; ".join(part.says for part in parts) + ".",
    )  # fmt: skip
