"""Placeholders: how a released figure is written into a text, {{value}}, without typing it."""

import re
from collections.abc import Mapping

from farr.lab.model.errors import FarrError
from farr.lab.model.showing.page import Page

_PATTERN = re.compile(r"\{\{([^{}]*)\}\}")  # one repetition, so that no text takes long
MEANING: Mapping[str, str] = {
    "finding": "where the organisation stands, and what chance says of it",
    "value": "its figure, with the unit",
    "interval": "the figure's 95% confidence interval",
    "norm": "the norm's figure",
    "difference": "figure less norm",
    "rank": "its rank, from the nearer end",
}
_FACTS = {"interval": "95% confidence interval", "rank": "Position"}


class PlaceholderError(FarrError):
    """A placeholder that says nothing; the message says which there are."""


def facts_of(page: Page) -> dict[str, str]:
    """What each placeholder says on this page. What is hidden stays hidden; what the page does not have is not offered."""
    summary = page.summary
    said = {
        "finding": summary.finding, "value": f"{summary.figure} {summary.unit}".strip(), "norm": summary.norm_figure,
        "difference": summary.difference,
    }  # fmt: skip
    shown = {fact.label: fact.figure for fact in page.facts}
    return said | {name: shown[label] for name, label in _FACTS.items() if label in shown}


def used(text: str, facts: Mapping[str, str]) -> dict[str, str]:
    """The placeholders in the text, with what they say. Raises PlaceholderError."""
    names = [name.strip() for name in _PATTERN.findall(text)]
    there = ", ".join(f"{{{{{name}}}}}" for name in MEANING if name in facts)
    if unknown := [name for name in names if name not in facts]:
        raise PlaceholderError(f"this page has no {{{{{unknown[0][:40]}}}}}; there are {there}")
    if "{{" in (rest := without(text)) or "}}" in rest:
        raise PlaceholderError(f"a placeholder is not closed, or stands within another; there are {there}")
    return {name: facts[name] for name in dict.fromkeys(names)}


def filled(text: str, figures: Mapping[str, str]) -> str:
    """The text with the figures in it; what none is known of stays as it was written."""
    return _PATTERN.sub(lambda found: figures.get(found[1].strip(), found[0]), text)


def without(text: str) -> str:
    return _PATTERN.sub(" ", text)
