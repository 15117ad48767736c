"""Colours, fonts and the frame that every chart shares. Colours are Okabe and Ito's (2008), which colour-blind readers can
tell apart; shape, label or line style says the same again."""

from dataclasses import asdict, dataclass
from textwrap import wrap
from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH = 720
PRINT_SCALE = 2.0  # dots per point: sharp in a printed board paper
_TITLE_CHARACTERS = 84
_SUBTITLE_CHARACTERS = 116

Spec = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Palette:
    """`you` is the one accent; `concern` and `improvement` are kept for what a measure's direction calls worse and better.
    Every colour differs from every other, because the report turns a light chart dark by exchanging them."""

    you: str
    concern: str
    improvement: str
    ink: str
    muted: str
    others: str
    faint: str
    band: str
    grid: str
    paper: str


LIGHT = Palette(
    you="#0072b2",
    concern="#d55e00",
    improvement="#00876b",
    ink="#1c2530",
    muted="#55616d",
    others="#8c98a4",
    faint="#c3cbd3",
    band="#eef2f6",
    grid="#e3e8ed",
    paper="#ffffff",
)
DARK = Palette(
    you="#56b4e9",
    concern="#ff9248",
    improvement="#3fc9a2",
    ink="#eef2f6",
    muted="#a9b4bf",
    others="#7d8996",
    faint="#4a5561",
    band="#202830",
    grid="#2b343d",
    paper="#151b21",
)


def darkened() -> dict[str, str]:
    """Light colour to dark colour."""
    dark = asdict(DARK)
    return {colour: dark[name] for name, colour in asdict(LIGHT).items()}


def framed(*, title: str, subtitle: str, description: str, layers: list[Spec], height: int, datasets: dict[str, list[Spec]]) -> Spec:
    """A chart of `layers` under its finding; `description` is what a screen reader says instead."""
    return {
        "$schema": SCHEMA,
        "title": {"text": wrap(title, _TITLE_CHARACTERS), "subtitle": wrap(subtitle, _SUBTITLE_CHARACTERS)},
        "description": description,
        "width": WIDTH,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "datasets": datasets,
        "layer": layers,
        "config": config(),
    }


def config() -> Spec:
    axis = {
        "labelFlush": False,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": LIGHT.muted,
        "titleColor": LIGHT.muted,
    }
    return {
        "background": LIGHT.paper,
        "font": FONT,
        "padding": 10,
        "view": {"stroke": None},
        "title": {
            "anchor": "start",
            "frame": "bounds",
            "fontSize": 17,
            "fontWeight": "bold",
            "color": LIGHT.ink,
            "subtitleFontSize": 12,
            "subtitleColor": LIGHT.muted,
            "subtitlePadding": 6,
            "offset": 16,
        },
        "axis": {**axis, "gridColor": LIGHT.grid, "domainColor": LIGHT.faint, "tickColor": LIGHT.faint, "titlePadding": 10},
        "text": {"font": FONT, "fontSize": 12, "color": LIGHT.ink},
        "legend": {"labelFontSize": 12, "labelColor": LIGHT.muted, "orient": "bottom", "title": None, "symbolSize": 90},
    }


def quantitative(field: str, title: str, *, zero: bool = False, grid: bool = True, ticks: int = 6) -> Spec:
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"zero": zero, "nice": True},
        "axis": {"title": title, "grid": grid, "tickCount": ticks, "ticks": False, "domain": False},
    }


def tooltip(*fields: tuple[str, str]) -> list[Spec]:
    return [{"field": field, "type": "nominal", "title": title} for field, title in fields]
