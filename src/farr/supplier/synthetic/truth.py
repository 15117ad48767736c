"""truth.json: what was planted, what it drags along, and how a benchmark's verdicts are scored against it."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from farr.supplier.synthetic.effects import NATURAL_SD, Effects, Plant
from farr.supplier.synthetic.organisations import Organisations
from farr.supplier.synthetic.people import People

Verdict = tuple[str, str, str, str]  # measure, level, organisation, "high" or "low"

_LEAST_MOVE = 0.03  # less than the natural differences; what moves by less is not excused
_SCORING = (
    "A verdict 'high' or 'low' for (measure, level, organisation) over the last twelve months is a hit if `planted` holds it with that "
    "direction; set aside if `explained` holds it with that direction, for it follows from a plant; else a false alarm. Planted entries "
    "without such a verdict are misses. Organisations differ by nature too (`natural`), which an over-dispersed funnel allows for."
)
# What else moves at an organisation where a measure is planted high (the reverse where low), and by how much for a relative move
# of one in the planted measure: rough, from the invented casemix, and only used to tell what follows from what does not.
_DRAGS = {
    "length_of_stay": (("excess_bed_days", "high", 2.0),),
    "excess_bed_days": (("length_of_stay", "high", 0.15),),
    "zero_stay_emergencies": (("length_of_stay", "low", 0.3), ("excess_bed_days", "low", 0.3)),
    "emergency_readmission_30_days": (("emergency_admissions", "high", 0.1),),
    "day_case_rate": (("length_of_stay", "high", 0.6), ("excess_bed_days", "high", 0.6)),
    "hernia_day_case_share": (("day_case_rate", "high", 0.05),),
    "emergency_admissions": (("length_of_stay", "high", 0.15), ("emergency_readmission_30_days", "high", 0.25)),
    "unspecified_primary_diagnosis": (),
}
_MEAN_SHARE = {"day_case_rate": 0.83, "hernia_day_case_share": 0.75}  # of the casemix, to make points relative
_OPPOSITE = {"high": "low", "low": "high"}


def explained(world: Organisations, planted: Iterable[Plant]) -> list[dict[str, Any]]:
    """Every other organisation and measure that a plant moves by three in a hundred or more. `share` is the share of the
    organisation's activity that the plant touches, `expected` the relative move."""
    entries: list[dict[str, Any]] = []
    for number, plant in enumerate(planted):
        relative = abs(plant.size) / _MEAN_SHARE[plant.measure] if plant.meaning == "points" else abs(plant.size - 1)
        for level, code, share in _touched(world, plant):
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
        for measure, direction, strength in _DRAGS[plant.measure]
    ]
    return [(plant.measure, plant.direction, 1.0), *drags]


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
        (level, code, float(share))
        for level, all_codes, shares in groups
        for code, share in zip(all_codes, shares, strict=True)
        if share > 0
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
