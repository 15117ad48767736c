"""How each stage grows with the records, fitted to what was measured at several scales, and what that predicts for ten Englands."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

# A year of England, about: 20 million episodes, 120 million outpatient and 25 million emergency attendances.
ENGLAND = 165_000_000
ENGLANDS = 10
_CONFIDENCE = 0.95
_LEAST = 3  # points that leave a degree of freedom


@dataclass(frozen=True, kw_only=True)
class Fit:
    """t = a · n^b by least squares on logarithms: b with its interval, and what it predicts for `ENGLANDS` of a year, in minutes, with
    the interval that the errors of both give."""

    exponent: float
    low: float
    high: float
    minutes: tuple[float, float, float]


def fitted(points: list[tuple[float, float]]) -> Fit | None:
    """From (records, seconds); None where there are too few points."""
    if len(points) < _LEAST:
        return None
    x, y = (np.log(np.array([point[at] for point in points])) for at in (0, 1))
    line = stats.linregress(x, y)
    freedom = len(points) - 2
    factor = float(stats.t.ppf((1 + _CONFIDENCE) / 2, freedom))
    wide = factor * float(line.stderr)
    at = math.log(ENGLAND * ENGLANDS)
    spread = float(((x - x.mean()) ** 2).sum())
    left = float(((y - line.intercept - line.slope * x) ** 2).sum()) / freedom
    error = factor * math.sqrt(left * (1 + 1 / len(points) + (at - float(x.mean())) ** 2 / spread))
    middle = line.intercept + line.slope * at
    low, said, high = (math.exp(middle + shift) / 60 for shift in (-error, 0.0, error))
    return Fit(exponent=line.slope, low=line.slope - wide, high=line.slope + wide, minutes=(said, low, high))


def points(found: Mapping[str, Any]) -> dict[str, list[tuple[float, float]]]:
    """(records, seconds) of each stage at each scale, that of England's months among them."""
    by_stage: dict[str, list[tuple[float, float]]] = {name: [] for name in ("ingest", "build", "build on Spark", "publish")}

    def seen(stage: str, rows: float, seconds: list[float]) -> None:
        if seconds:
            by_stage[stage].append((rows, sum(seconds)))

    for name, each in found.items():
        kind, _, scale = name.partition("-")
        rows = found.get(f"job-{scale}", {}).get("rows")
        if kind == "job":
            seen(
                "ingest",
                rows,
                [stage["seconds"] for stage in each["stages"] if stage["stage"].startswith("ingest, ") and stage.get("rows")],
            )
            seen("build", rows, _seconds(each, "build"))
        elif rows is not None:
            seen("build on Spark", rows, _seconds(each, "build on Spark, whole"))
            seen("publish", rows, _seconds(each, "publish, every view"))
    if england := found.get("england"):
        rows = sum(month["rows"] for month in england["months"])
        ingest = [stage["seconds"] for month in england["months"] for stage in month["stages"] if stage["stage"].endswith("ingest")]
        seen("ingest", rows, ingest)
        seen("build", rows, _seconds(england, "build"))
    return {name: sorted(held) for name, held in by_stage.items()}


def grown(found: Mapping[str, Any]) -> str:
    """The table, in Markdown."""
    head = ["stage", "measured at, million records", "b (95%)", f"{ENGLANDS} Englands of a year, hours on this machine (95%)"]
    lines = [f"| {' | '.join(head)} |", "|---|---|---:|---:|"]
    for name, held in points(found).items():
        fit = fitted(held)
        sizes = ", ".join(f"{records / 1e6:.2f}" for records, _ in held) or "not measured"
        if fit is None:
            lines.append(f"| {name} | {sizes} | too few | |")
            continue
        hours = [f"{minutes / 60:,.0f}" for minutes in fit.minutes]
        lines.append(f"| {name} | {sizes} | {fit.exponent:.2f} ({fit.low:.2f} to {fit.high:.2f}) | {hours[0]} ({hours[1]} to {hours[2]}) |")
    return "\n".join(lines) + "\n\n" + _TERMS


_TERMS = f"""Ten Englands of a year are {ENGLAND * ENGLANDS / 1e9:.2f} billion records, far beyond any size measured: the interval
holds only as long as a stage goes on growing as it did, and within memory. Start-up is in the times of the small sizes, which makes b too
low. The point of ingest and build at scale 1 is of single months of England, the others of thirteen months."""


def _seconds(each: Mapping[str, Any], stage: str) -> list[float]:
    """Of that stage, where it was run to its end."""
    return [float(held["seconds"]) for held in each.get("stages", []) if held["stage"] == stage]
