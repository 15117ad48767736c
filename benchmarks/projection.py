"""What a projection of one commissioner costs: 256 runs of ten years, with the gate and without it.

    make benchmark BENCHMARK="--stages job projection --scales 0.01"
    python benchmarks/projection.py --home HOME --organisation 90L --scale 0.002 --months 13

`--home` is a built home with one agreement (scripts/demo.sh makes one). A copy of it is asked three times: before anything was released,
again, and with another seed. Then the runs alone, on made-up cells as many as a whole commissioner has: every point of delivery, sixty
specialties, twenty bands of age and two sexes.
"""

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from machine import described
from measured import farr

from farr.lab.planning.projection.cells import BANDS, POINTS_OF_DELIVERY, Baseline, Cells
from farr.lab.planning.projection.mitigation import declared
from farr.lab.planning.projection.population import SEXES, unchanged
from farr.lab.planning.projection.run import project
from farr.lab.planning.projection.settings import Settings

RESULTS = Path(__file__).with_name("results")
_SPECIALTIES = 60


def commands(home: Path, organisation: str) -> list[dict[str, Any]]:
    """A command in a home that nothing was released from, the same again, and another seed."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(shutil.copytree(home, Path(folder) / "home"))
        shutil.rmtree(copied / "ledgers", ignore_errors=True)
        asked = {"asked for the first time": (1,), "the same again": (1,), "with another seed": (2,)}
        found = []
        for what, (seed,) in asked.items():
            cost = farr(copied, "project", "--organisation", organisation, "--runs", 256, "--seed", seed)
            found.append({"what": what, **cost.plain()})
    return found


def whole() -> Baseline:
    """A made-up commissioner with an item or more in every cell."""
    kinds = [
        (pod, f"{100 + each}", band, sex) for pod in POINTS_OF_DELIVERY for each in range(_SPECIALTIES) for band in BANDS for sex in SEXES
    ]
    pod, specialty, band, sex = (np.array(column) for column in zip(*kinds, strict=True))
    size, chance = len(kinds), np.random.default_rng(1)
    rates = {(name, each): np.exp(np.linspace(0.0, 3.0, len(BANDS))) for name in POINTS_OF_DELIVERY for each in SEXES}
    return Baseline(
        cells=Cells(point_of_delivery=pod, specialty=specialty, age_band=band, sex=sex), activity=chance.gamma(1.0, 10.0, size) + 1,
        bed_days=chance.gamma(1.0, 30.0, size), price=np.full(size, 1000.0), rates=rates,
        shares={"ambulatory_sensitive": {"NEL": 0.1, "NELST": 0.1}, "without_treatment": {"AE": 0.2}},
    )  # fmt: skip


def alone() -> dict[str, Any]:
    """The runs, with every mitigation."""
    baseline = whole()
    started = time.perf_counter(), time.process_time()
    project(baseline, unchanged(10), Settings(), mitigations=list(declared().values()), runs=256)
    taken = time.perf_counter() - started[0], time.process_time() - started[1]
    return {"cells": len(baseline.cells), "seconds": round(taken[0], 2), "processor": round(taken[1], 2)}


def measured(home: Path, organisation: str, *, scale: str, months: int, note: str = "") -> dict[str, Any]:
    """Of a built home, at that scale of England with so many months, and of the runs alone."""
    about = described()
    return {
        "machine": about, "notes": note, "scale": scale, "months": months, "commands": commands(home, organisation), "alone": alone(),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--organisation", required=True)
    parser.add_argument("--scale", default="0.002", help="the scale of the home's country")
    parser.add_argument("--months", type=int, default=13, help="and its months")
    parser.add_argument("--note", default="", help="what else ran on the machine")
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args()
    found = measured(chosen.home, chosen.organisation, scale=chosen.scale, months=chosen.months, note=chosen.note)
    chosen.results.mkdir(exist_ok=True, parents=True)
    (chosen.results / "projection.json").write_text(json.dumps(found, indent=2), encoding="utf-8")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
