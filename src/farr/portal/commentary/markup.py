"""The small markup of commentary: paragraphs, bullets and strong words. Everything else that was typed is text and stays text."""

import re
from collections.abc import Mapping

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from farr.portal.commentary.placeholders import filled

_STRONG = re.compile(r"\*\*(?=\S)([^*]+?)(?<=\S)\*\*")


def rendered(text: str, figures: Mapping[str, str]) -> SafeString:
    """The text as HTML: escaped first, marked up then, its figures, escaped too, put in last, so that a hidden figure's * is no markup."""
    pieces = re.split(r"\n\s*\n", escape(text.replace("\r\n", "\n")).strip())
    marked = "\n".join(block for piece in pieces for block in _blocks(piece.splitlines()))
    safe = {name: str(escape(figure)) for name, figure in figures.items()}
    return mark_safe(filled(marked, safe))  # noqa: S308 - escaped above, text and figures


def _blocks(lines: list[str]) -> list[str]:
    """A list may follow a paragraph at once."""
    found: list[tuple[bool, list[str]]] = []
    for line in (each.strip() for each in lines):
        is_bullet = line.startswith("- ")
        words = _STRONG.sub(r"<strong>\1</strong>", line.removeprefix("- "))
        if is_bullet and found and found[-1][0]:
            found[-1][1].append(words)
        elif found and not is_bullet:
            found[-1][1][-1] += f" {words}"
        else:
            found.append((is_bullet, [words]))
    return [
        "<ul>" + "".join(f"<li>{each}</li>" for each in said) + "</ul>" if listed else f"<p>{said[0]}</p>"
        for listed, said in found
        if said[0]
    ]
