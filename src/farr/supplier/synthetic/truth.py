"""truth.json: what was planted, what it drags along, and how a benchmark's verdicts are scored against it."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from farr.supplier.synthetic.effects import NATURAL_SD, Effects, Plant
from farr.supplier.synthetic.organisations import Organisations
from farr.supplier.synthetic.people import People

Verdict = tuple[str, str, str, str]  # measure, level, organisation, "high" or "low"

_LEAST_SHARE = 0.02
_SCORING = (
    "A verdict 'high' or 'low' for (measure, level, organisation) over the last twelve months is a hit if `planted` holds it with that "
    "direction; set aside if `explained` holds it with that direction, for it follows from a plant; else a false alarm. Planted entries "
    "without such a verdict are misses. Organisations differ by nature too (`natural`), which an over-dispersed funnel allows for."
)
# What else moves, and which way, at an organisation where a measure is planted high (the reverse where it is planted low)
_DRAGS = {
    "length_of_stay": (("excess_bed_days", "high"),),
    "excess_bed_days": (("length_of_stay", "high"),),
    "zero_stay_emergencies": (("length_of_stay", "low"), ("excess_bed_days", "low")),
    "emergency_readmission_30_days": (("emergency_admissions", "high"),),
    "day_case_rate": (("hernia_day_case_share", "high"), ("length_of_stay", "high"), ("excess_bed_days", "low")),
    "hernia_day_case_share": (("day_case_rate", "high"),),
    "emergency_admissions": (("length_of_stay", "high"), ("zero_stay_emergencies", "high")),
    "unspecified_primary_diagnosis": (),
}
_OPPOSITE = {"high": "low", "low": "high"}


def explained(world: Organisations, planted: Iterable[Plant]) -> list[dict[str, Any]]:
    """Every other organisation and measure that a plant moves, with the share of its activity that the plant touches."""
    entries: list[dict[str, Any]] = []
    for number, plant in enumerate(planted):
        moved = [(plant.measure, plant.direction)]
        for measure, direction in _DRAGS[plant.measure]:
            moved.append((measure, direction if plant.direction == "high" else _OPPOSITE[direction]))
        for level, code, share in _touched(world, plant):
            entries += [
                {"plant": number, "measure": measure, "level": level, "organisation": code, "direction": direction, "share": share}
                for measure, direction in moved
                if (measure, level, code) != (plant.measure, plant.level, plant.organisation)
            ]
    return entries


def _touched(world: Organisations, plant: Plant) -> list[tuple[str, str, float]]:
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
    groups = (
        ("practice", world.practice_code, by_practice),
        ("commissioner", world.commissioner_code, by_commissioner),
        ("provider", world.provider_code, by_provider),
        ("region", world.region_code, by_region),
    )
    return [
        (level, code, round(float(share), 4))
        for level, all_codes, shares in groups
        for code, share in zip(all_codes, shares, strict=True)
        if share >= _LEAST_SHARE
    ]


def _mean(group: np.ndarray, value: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return np.bincount(group, weights=value * weight) / np.bincount(group, weights=weight)


def truth(
    people: People, effects: Effects, planted: list[Plant], *, settings: Mapping[str, Any], months: list[dict[str, Any]]
) -> dict[str, Any]:
    """The whole of truth.json. `months` says for each file how many rows it has and how many are spoilt, by kind."""
    world = people.organisations
    return {
        "synthetic": "Every person, number and event in this folder is invented.",
        "settings": dict(settings),
        "scoring": _SCORING,
        "planted": [
            {
                "measure": plant.measure, "level": plant.level, "organisation": plant.organisation, "direction": plant.direction,
                "size": round(plant.size, 4), "meaning": plant.meaning, "from_month": str(plant.from_month),
            }
            for plant in planted
        ],
        "explained": explained(world, planted),
        "natural": {"standard_deviations": NATURAL_SD, "effects": _natural(world, effects)},
        "organisations": {
            "region": len(world.region_code), "commissioner": len(world.commissioner_code),
            "provider": len(world.provider_code), "practice": len(world.practice_code),
        },
        "people": world.people,
        "months": months,
    }  # fmt: skip


def _natural(world: Organisations, effects: Effects) -> dict[str, dict[str, float]]:
    codes = {"commissioner": world.commissioner_code, "practice": world.practice_code}
    return {
        name: {code: round(float(value), 4) for code, value in zip(codes.get(name.split("_")[0], world.provider_code), values, strict=True)}
        for name, values in vars(effects).items()
    }


def score(verdicts: Iterable[Verdict], facts: Mapping[str, Any]) -> dict[str, list[Verdict]]:
    """Verdicts sorted into hits, explained and false alarms, and the plants that none of them names, as misses.

    Planted levels and measures that were never asked about count as misses too: pass the verdicts of all eight measures."""

    def keys(name: str) -> set[Verdict]:
        return {(each["measure"], each["level"], each["organisation"], each["direction"]) for each in facts[name]}

    given, planted, dragged = set(verdicts), keys("planted"), keys("explained")
    return {
        "hits": sorted(given & planted),
        "explained": sorted((given & dragged) - planted),
        "false_alarms": sorted(given - planted - dragged),
        "misses": sorted(planted - given),
    }
