"""Earlier releases that lie near a question: what a reader could set beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from farr.lab.disclosure.manifest import Manifest
from farr.lab.disclosure.review.docket import HeldEntry
from farr.lab.model.period import Period


@dataclass(frozen=True, kw_only=True)
class Near:
    """A release, what waits as well, or what a checker refused, about the same records and some of the same months; `came_of` says which,
    and `shares` what its conditions have in common with those asked."""

    id: str
    name: str
    period: str
    on: str
    came_of: str
    shares: str


def near(question: Mapping[str, Any], released: Sequence[Manifest], held: Sequence[HeldEntry] = ()) -> list[Near]:
    """Nearest first: the same figures by other groupings or months, the same rows with other figures, then all else."""
    others = [(each.release_id, each.released_at, "released", each.question) for each in released]
    others += [(each.id, each.held_at, _came_of(each), each.question) for each in held]
    period, found = Period.parse(question["period"]), list[tuple[int, Near]]()
    for id, on, came_of, other in others:
        if other.get("table") == question.get("table") and _overlap(Period.parse(other["period"]), period):
            place, shares = _shared(question, other)
            found.append((place, Near(id=id, name=other["name"], period=other["period"], on=on[:10], came_of=came_of, shares=shares)))
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def _came_of(held: HeldEntry) -> str:
    said = held.decision
    return held.state.value if said is None else f"{held.state.value} by {said.get('checker')}: {said.get('reason')}"


def _shared(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[int, str]:
    mine, others = _figures(one), _figures(other)
    if one["where"] == other["where"]:
        if mine == others:
            return 0, "the same figures of the same rows"
        return (1, "the same rows, some of the same figures") if mine & others else (2, "the same rows, other figures")
    return (3, "other rows, some of the same conditions") if mine & others else (4, "other conditions")


def _figures(question: Mapping[str, Any]) -> set[tuple[Any, Any]]:
    return {(each["where"], each["value"]) for each in question["aggregates"]}


def _overlap(one: Period, other: Period) -> bool:
    return one.first <= other.last and other.first <= one.last
