"""How many planted changes of coding are found, and how much is found where nothing was planted: of made-up countries that were built.

    farr synth --scale 0.002 --months 13 --seed 101 --out country/raw     # and on to `farr build` in country/home, as scripts/demo.sh does
    .venv/bin/python benchmarks/coding.py country another

Each folder holds `home` and `raw/truth.json`. What a plant brings about at its own provider besides is counted neither way."""

import argparse
import json
from pathlib import Path
from typing import Any

from farr.lab.desk.contracting.coding.asking import code, latest_year
from farr.lab.desk.desk import Desk

_DEPTH = ("depth_of_coding", "comorbidity", "lasting_conditions")
_UNSPECIFIED = ("unspecified", "symptoms", "price_for_diagnosis")
_DEARER = ("price_for_diagnosis", "complexity_split")
# By what is planted: the indicators that tell of it, and those that it brings about besides.
CHANGES = {
    "depth_jump": (_DEPTH[:1], _DEPTH), "symptoms_as_diagnosis": (("symptoms",), ("symptoms", "price_for_diagnosis", *_DEPTH[:2])),
    "unspecified_diagnosis": (_UNSPECIFIED[:1], _UNSPECIFIED), "complexity_shift": (_DEARER, _DEARER),
}  # fmt: skip
THROUGHOUT = {
    "depth_of_coding": (_DEPTH[:1], _DEPTH), "unspecified_primary_diagnosis": (_UNSPECIFIED[:1], _UNSPECIFIED),
    "uncoded_hrg": (("uncoded",), ("uncoded",)),
}  # fmt: skip


def planted(truth: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(what, provider) of changes from a month on, and of what differs throughout."""
    changes = [(each["kind"], each["organisation"]) for each in truth["anomalies"] if each["kind"] in CHANGES]
    outliers = [each for each in truth["planted"] if each["level"] == "provider" and each["measure"] in THROUGHOUT]
    return changes, [(each["measure"], each["organisation"]) for each in outliers]


def study(folder: Path, rate: float) -> dict[str, str]:
    desk, truth = Desk.open(folder / "home"), json.loads((folder / "raw" / "truth.json").read_text(encoding="utf-8"))
    rows = [row for row in code(desk, latest_year(desk), rate=rate).findings.table.to_pylist() if row["subject"] == "coding"]
    differs = {(row["code"], row["indicator"]) for row in rows if row["differs"]}
    shifted = {(row["code"], row["indicator"]) for row in rows if row["shifted"]}
    told = {}
    explained: set[tuple[str, str]] = set()
    for name, plants, kinds in zip(("changes", "throughout"), planted(truth), (CHANGES, THROUGHOUT), strict=True):
        found = sum(any((at, each) in differs | shifted for each in kinds[what][0]) for what, at in plants)
        told[f"{name} found"] = f"{found} of {len(plants)}"
        explained |= {(at, each) for what, at in plants for each in kinds[what][1]}
    tests, months = sum(row["z"] is not None for row in rows), sum(row["shift_p"] is not None for row in rows)
    return {
        **told,
        "false, over the year": f"{len(differs - explained)} of {tests}",
        "false shifts": f"{len(shifted - explained)} of {months}",
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folders", nargs="+", type=Path)
    asked.add_argument("--rate", type=float, default=0.05, help="false discoveries")
    given = asked.parse_args()
    for folder in given.folders:
        print(f"{folder.name}: " + ", ".join(f"{name} {value}" for name, value in study(folder, given.rate).items()))


if __name__ == "__main__":
    main()
