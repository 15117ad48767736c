"""Finding one of thousands of organisations: by name or code, or within the one that it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.model.showing.page import Contents, Listed


@dataclass(frozen=True, kw_only=True)
class Within:
    """The organisations of one level that belong to another: `plural` of the level, and those of which there is room."""

    plural: str
    organisations: tuple[Listed, ...]
    more: int


_SHOWN = 300


def find(organisations: Sequence[Listed], sought: str) -> list[Listed]:
    """Those whose code or name holds what is sought: the very code first, then what begins with it, then in the order published."""
    words = sought.strip().lower()
    if not words:
        return list(organisations)
    named = ((each, each.code.lower(), each.name.lower()) for each in organisations)
    found = [(code != words, not (code.startswith(words) or name.startswith(words)), each) for each, code, name in named
             if words in code or words in name]  # fmt: skip
    return [each for *_, each in sorted(found, key=lambda item: item[:2])]


def within(organisations: Sequence[Listed], contents: Contents, level: str, code: str) -> list[Within]:
    """Of these organisations, level by level, those that belong to the one: a commissioner's practices, and what lies in a region."""
    found: dict[str, list[Listed]] = {}
    for each in organisations:
        if each.parent == code and _holds(level, each.level):
            found.setdefault(each.level, []).append(each)
    return [
        Within(plural=contents.levels[name][1], organisations=tuple(held[:_SHOWN]), more=max(len(held) - _SHOWN, 0))
        for name, held in found.items()
    ]


def _holds(level: str, other: str) -> bool:
    """Codes of two levels may be the same. A practice belongs to its commissioner, and to the region where none is known."""
    return level == "region" or (level == "commissioner" and other == "practice")
