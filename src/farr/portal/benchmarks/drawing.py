"""What a browser draws of a chart of thousands: fewer marks than there are organisations, and it says how many. Files draw them all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from farr.lab.model.showing.page import Chart

Datum = dict[str, Any]
_MANY = 1_000  # marks of a series that are drawn as they are
_BETWEEN, _ENDS, _BESIDE = 500, 100, 25  # that are drawn of more: evenly of all, of either end, and on either side of one's own
_SIZES = 200  # at which control limits are drawn: their curve depends on the size alone
_BEYOND = ("high", "low")


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A chart as its page draws it: `note` says what is left out, empty where it is nothing."""

    spec: dict[str, Any]
    note: str


def drawing(chart: Chart, plural: str) -> Drawing:
    """The chart with at most so many marks; `plural` is what its organisations are."""
    spec, notes = chart.spec, []
    series: dict[str, list[Datum]] = spec.get("datasets", {})
    fewer: dict[str, list[Datum]] = {}
    for name, data in series.items():
        fewer[name] = data
        if len(data) > _MANY and all("selected" in each for each in data):
            fewer[name] = _organisations(data)
            notes.append(f"Drawn here: {len(fewer[name]):,} of {len(data):,} {plural}{_which(data, fewer[name])}. Files draw all of them.")
        elif len(data) > _MANY and all("denominator" in each for each in data):
            fewer[name] = _limits(data)
    return Drawing(spec={**spec, "datasets": fewer}, note=" ".join(dict.fromkeys(notes))) if series else Drawing(spec=spec, note="")


def _organisations(data: Sequence[Datum]) -> list[Datum]:
    """One's own with its neighbours, both ends, evenly of those between; and where they are not thousands, whoever is beyond chance. In
    their order, which is that of their figures."""
    last = len(data) - 1
    kept = {round(at * last / (_BETWEEN - 1)) for at in range(_BETWEEN)} | {*range(_ENDS), *range(last + 1 - _ENDS, last + 1)}
    for own in (at for at, each in enumerate(data) if each["selected"]):
        kept |= {*range(max(own - _BESIDE, 0), min(own + _BESIDE, last) + 1)}
    beyond = _beyond(data)
    if len(beyond) <= _MANY:
        kept |= beyond
    return [data[at] for at in sorted(kept)]


def _which(data: Sequence[Datum], kept: Sequence[Datum]) -> str:
    beyond = len(_beyond(data))
    said = ", yours with its neighbours" if any(each["selected"] for each in data) else ""
    whole = beyond and beyond == len(_beyond(kept))
    return (
        f"{said}, the highest and the lowest"
        + (f", all {beyond:,} beyond what chance can explain" if whole else "")
        + ", and evenly of the rest"
    )


def _beyond(data: Sequence[Datum]) -> set[int]:
    return {at for at, each in enumerate(data) if each.get("verdict") in _BEYOND}


def _limits(data: Sequence[Datum]) -> list[Datum]:
    """The limits at fewer sizes, the smallest and the largest among them; of places of one size, once."""
    once = {(each.get("line"), each["denominator"]): each for each in data}
    sizes = sorted({each["denominator"] for each in data})
    count = min(len(sizes), _SIZES)
    kept = {sizes[round(at * (len(sizes) - 1) / max(count - 1, 1))] for at in range(count)}
    return [each for (_, size), each in once.items() if size in kept]
