"""truth.json: what was planted, what it drags along, and how a benchmark's verdicts are scored against it."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from farr.supplier.synthetic.feed import APC, Feed
from farr.supplier.synthetic.organisations import Organisations
from farr.supplier.synthetic.planting.corrections import WRONG, Correction
from farr.supplier.synthetic.planting.drags import DRAGS, MEAN_SHARE
from farr.supplier.synthetic.planting.effects import NATURAL_SD, Effects, Plant
from farr.supplier.synthetic.planting.lateness import RESENT, Lateness
from farr.supplier.synthetic.planting.mergers import Merger, Written, written
from farr.supplier.synthetic.planting.plants import Cast
from farr.supplier.synthetic.references.contracts import TOO_LOW, planted_provider
from farr.supplier.synthetic.references.costs import STRUCTURAL, costly_provider

Verdict = tuple[str, str, str, str]  # measure, level, organisation, "high" or "low"

_PRICES = ("price_disagrees", "paid_above_tariff")
_LEAST_MOVE = 0.03  # less than the natural differences; what moves by less is not excused
_SCORING = (
    "A verdict 'high' or 'low' for (measure, level, organisation) over the last twelve months is a hit if `planted` holds it with that "
    "direction; set aside if `explained` holds it with that direction, for it follows from a plant or from a change of coding "
    "(`anomalies`: each from its month on, so that months show it best); else a false alarm. Planted entries without such a verdict are "
    "misses. Organisations differ by nature too (`natural`), which an over-dispersed funnel allows for."
)
_OPPOSITE = {"high": "low", "low": "high"}


def explained(world: Organisations, planted: Iterable[Plant], mergers: Iterable[Merger]) -> list[dict[str, Any]]:
    """Every other organisation and measure that a plant moves by three in a hundred or more. `share` is the share of the
    organisation's activity that the plant touches, `expected` the relative move. Merged organisations are named by each code."""
    entries: list[dict[str, Any]] = []
    merged = list(mergers)
    for number, plant in enumerate(planted):
        relative = abs(plant.size) / MEAN_SHARE[plant.measure] if plant.meaning == "points" else abs(plant.size - 1)
        for level, code, share in _touched(world, plant, merged):
            entries += [
                {"plant": number, "measure": measure, "level": level, "organisation": code, "direction": direction,
                 "share": round(share, 4), "expected": round(share * relative * strength, 4)}
                for measure, direction, strength in _moved(plant)
                if (measure, level, code) != (plant.measure, plant.level, plant.organisation)
                and share * relative * strength >= _LEAST_MOVE
            ]  # fmt: skip
    return entries


def _moved(plant: Plant) -> list[tuple[str, str, float]]:
    drags = [
        (measure, direction if plant.direction == "high" else _OPPOSITE[direction], strength)
        for measure, direction, strength in DRAGS[plant.measure]
    ]
    return [(plant.measure, plant.direction, 1.0), *drags]


def _touched(world: Organisations, plant: Plant, mergers: list[Merger]) -> list[tuple[str, str, float]]:
    activity = world.flows * world.commissioner_size[:, None]
    commissioner = world.practice_commissioner
    match plant.level:
        case "provider":
            by_commissioner = world.flows[:, plant.index]
            by_practice, by_provider = by_commissioner[commissioner], np.eye(len(world.provider_code))[plant.index]
        case "commissioner":
            by_commissioner = np.eye(len(world.commissioner_code))[plant.index]
            by_practice, by_provider = by_commissioner[commissioner], activity[plant.index] / activity.sum(axis=0)
        case _:
            by_practice = np.eye(len(world.practice_code))[plant.index]
            by_commissioner = _mean(commissioner, by_practice, world.practice_size)
            by_provider = by_commissioner @ activity / activity.sum(axis=0)
    by_region = _mean(world.commissioner_region, by_commissioner, world.commissioner_size)
    groups = {
        "practice": (world.practice_code, by_practice, world.practice_size),
        "commissioner": (world.commissioner_code, by_commissioner, world.commissioner_size),
        "provider": (world.provider_code, by_provider, activity.sum(axis=0)),
        "region": (world.region_code, by_region, np.ones(len(world.region_code))),
    }
    shares = {(level, code): float(each) for level, (codes, values, _) in groups.items() for code, each in zip(codes, values, strict=True)}
    for merger in mergers:
        _, values, size = groups[merger.level]
        members = list(merger.before)
        shares[merger.level, merger.after] = float(np.average(values[members], weights=size[members]))
    return [(level, code, each) for (level, code), each in shares.items() if each > 0]


def _mean(group: np.ndarray, value: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return np.bincount(group, weights=value * weight) / np.bincount(group, weights=weight)


def truth(
    feed: Feed, *, settings: Mapping[str, Any], files: list[dict[str, Any]], late: Lateness | None, corrections: list[Correction]
) -> dict[str, Any]:
    """The whole of truth.json. `files` says for each file how many rows it has and how many are spoilt, by kind."""
    world, cast = feed.people.organisations, feed.cast
    return {
        "synthetic": "Every person, number and event in this folder is invented.",
        "settings": dict(settings),
        "scoring": _SCORING,
        "planted": [
            {
                "measure": plant.measure, "level": plant.level, "organisation": plant.organisation, "direction": plant.direction,
                "size": round(plant.size, 4), "meaning": plant.meaning, "from_month": str(plant.from_month),
            }
            for plant in cast.planted
        ],
        "explained": explained(world, cast.planted, cast.mergers) + _of_anomalies(world, cast) + _of_billing(feed),
        "anomalies": [
            {
                "kind": each.kind, "level": "provider", "organisation": each.organisation, "from_month": str(each.month),
                "size": each.size, "meaning": each.meaning, "measure": each.as_plant().measure, "direction": each.as_plant().direction,
            }
            for each in cast.anomalies
        ],
        "plan_too_low": {"provider": planted_provider(feed.people, _at_the_end(feed)), "size": TOO_LOW},
        "structural_cost": {"provider": costly_provider(feed.people, cast, _at_the_end(feed)), "size": STRUCTURAL},
        "billing": [
            {"challenge": each.kind, "level": "provider", "organisation": each.organisation, "share": each.size, "meaning": each.meaning}
            | ({"to": each.to} if each.to else {})
            for each in cast.billing
        ],
        "natural": {"standard_deviations": NATURAL_SD, "effects": _natural(world, feed.effects)},
        "organisations": {
            "region": len(world.region_code), "commissioner": len(world.commissioner_code),
            "provider": len(world.provider_code), "practice": len(world.practice_code),
        },
        "mergers": _mergers(feed),
        "late": late and {"month": str(late.month), "sent": late.codes, "resent": RESENT},
        "corrections": [_correction(each, files) for each in corrections],
        "people": world.people,
        "months": [file for file in files if file["feed"] == APC and not file["file"].startswith(RESENT)],
        "files": files,
    }  # fmt: skip


def _at_the_end(feed: Feed) -> Written:
    cast = feed.cast
    return written(feed.people.organisations, cast.mergers, cast.move, feed.settings.period.last)


def _correction(correction: Correction, files: list[dict[str, Any]]) -> dict[str, Any]:
    """What sending the month again changes, by feed: records added, withdrawn (sent twice), and with another value in a column."""
    again = [file for file in files if file["month"] == str(correction.month) and file["file"].startswith(RESENT)]
    return {
        "month": str(correction.month), "sent_with": str(correction.sent_with), "providers": list(correction.codes), "resent": RESENT,
        "feeds": {
            file["feed"]: file["changed"] | dict(zip(("column", "first_sent_as"), WRONG.get(file["feed"], ()), strict=False))
            for file in again
        },
    }  # fmt: skip


def _of_anomalies(world: Organisations, cast: Cast) -> list[dict[str, Any]]:
    """What a change of coding moves, the provider's own measure first. `anomaly` stands for `plant`."""
    entries: list[dict[str, Any]] = []
    for number, anomaly in enumerate(cast.anomalies):
        plant = anomaly.as_plant()
        own = {"measure": plant.measure, "level": plant.level, "organisation": plant.organisation, "direction": plant.direction}
        for each in [{**own, "share": 1.0, "expected": round(plant.size - 1, 4)}, *explained(world, [plant], cast.mergers)]:
            each.pop("plant", None)
            entries.append({"anomaly": number, **each})
    return entries


def _of_billing(feed: Feed) -> list[dict[str, Any]]:
    """Whose prices differ because of bills that are wrong. `billing` stands for `plant`."""
    world, cast, entries = feed.people.organisations, feed.cast, list[dict[str, Any]]()
    for number, error in enumerate(cast.billing):
        plant = Plant(
            measure=_PRICES[0],
            level="provider",
            organisation=error.organisation,
            index=error.index,
            size=2.0,
            meaning="factor",
            from_month=feed.settings.period.first,
        )
        entries += [
            {"billing": number, "measure": measure, "level": level, "organisation": code, "direction": "high", "share": round(share, 4)}
            for level, code, share in _touched(world, plant, list(cast.mergers))
            for measure in _PRICES
            if share >= _LEAST_MOVE
        ]
    return entries


def _mergers(feed: Feed) -> list[dict[str, Any]]:
    """Organisations that merge, and the practice that moves to another commissioner."""
    world, cast = feed.people.organisations, feed.cast
    made = [
        {
            "level": merger.level, "from_month": str(merger.month), "after": merger.after,
            "before": [getattr(world, f"{merger.level}_code")[index] for index in merger.before],
        }
        for merger in cast.mergers
    ]  # fmt: skip
    if cast.move is not None:
        practice, commissioner = world.practice_code[cast.move.practice], world.commissioner_code[cast.move.commissioner]
        made.append({"level": "practice", "from_month": str(cast.move.month), "moved": practice, "to": commissioner})
    return made


def _natural(world: Organisations, effects: Effects) -> dict[str, dict[str, float]]:
    codes = {"commissioner": world.commissioner_code, "practice": world.practice_code}
    return {
        name: {code: round(float(value), 4) for code, value in zip(codes.get(name.split("_")[0], world.provider_code), values, strict=True)}
        for name, values in vars(effects).items()
    }


def score(verdicts: Iterable[Verdict], facts: Mapping[str, Any]) -> dict[str, list[Verdict]]:
    """Verdicts sorted into hits, explained and false alarms, and the plants that none of them names, as misses.

    Planted levels and measures that were never asked about count as misses too: pass the verdicts of every measure that is planted."""

    def keys(name: str) -> set[Verdict]:
        return {(each["measure"], each["level"], each["organisation"], each["direction"]) for each in facts[name]}

    given, planted, dragged = set(verdicts), keys("planted"), keys("explained")
    return {
        "hits": sorted(given & planted),
        "explained": sorted((given & dragged) - planted),
        "false_alarms": sorted(given - planted - dragged),
        "misses": sorted(planted - given),
    }
