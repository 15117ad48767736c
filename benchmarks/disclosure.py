"""How long tables take to protect, how much is hidden besides, and how near that is to the least possible.

    python benchmarks/disclosure.py        # about ten minutes; --seconds and --seeds do less
    python benchmarks/disclosure.py --country     # only the practices of a whole country, a few seconds

Tables of made-up counts with all margins: log-normal rates (sigma 1) of a chosen mean, Poisson counts. Printed exactly, with 1 to 7 hidden
and an interval of 1 to 8 to be left, which is the hardest case: rounding to five leaves most of them safe as they are.
"""

import argparse
import itertools
import json
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.disclosure.api import protect
from farr.lab.disclosure.attack import failing
from farr.lab.disclosure.attack.deadline import Deadline
from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.suppress.choose import choose, fewer
from farr.lab.disclosure.suppress.optimal import Effort, improved
from farr.lab.disclosure.tables.structure import FigureColumn, Structure, cells_of, flat, nested
from farr.lab.disclosure.tables.view import View, view_of

RESULTS = Path(__file__).with_name("results")
SHAPES = ((12, 10), (20, 20), (70, 70), (40, 40, 2), (16, 16, 16))
MEANS = (15, 40)
PRACTICES, GROUPS = 6_400, (("commissioner", 106), ("system", 42), ("region", 7), ("nation", 1))  # about as many as England has
COUNTRY_POLICIES = ("hes_2018", "hes_legacy")
EXACT = Policy(title="1 to 7, exact", source="none", why="none", unverified="none", threshold=7)


def table(shape: tuple[int, ...], mean: float, seed: int) -> tuple[pa.Table, Structure]:
    chance = np.random.default_rng(seed)
    counts = chance.poisson(mean * np.exp(chance.normal(0, 1, shape) - 0.5))
    for axis in range(len(shape)):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    codes = [[*(f"c{number}" for number in range(size)), "Total"] for size in shape]
    rows = list(itertools.product(*codes))
    columns: dict[str, Any] = {f"axis_{axis}": [row[axis] for row in rows] for axis in range(len(shape))}
    axes = tuple(flat(f"axis_{axis}", codes[axis]) for axis in range(len(shape)))
    return pa.table(columns | {"n": counts.ravel()}), Structure(axes=axes, figures=(FigureColumn(column="n"),))


def measured_table(view: View, seconds: float) -> dict[str, float]:
    """Seconds to the safe pattern, to its audit from nothing, and what the time given makes of it. Costs count rows."""
    costs, first = np.ones(view.rows), int(view.first.sum())
    begun = time.perf_counter()
    safe = choose(view, costs, Deadline(600))
    chosen = time.perf_counter()
    unsafe = failing(view.knowledge(safe.pattern), view.targets, truth=view.truth, seconds=600)
    audited = time.perf_counter()
    until = Deadline(seconds)
    best = fewer(view, safe, costs, until.at_most(seconds / 2), passes=100)
    found = improved(view, best.pattern, costs, Effort(rounds=10_000, nodes=10**7, seconds=until.left()), until)
    ended = time.perf_counter()
    return {
        "first": first, "safe_seconds": chosen - begun, "safe_extra": int(safe.pattern.sum()) - first, "audit_seconds": audited - chosen,
        "unsafe": len(unsafe), "best_seconds": ended - audited, "best_extra": found.cost, "bound": found.bound,
    }  # fmt: skip


def measured(seeds: int, seconds: float) -> Iterator[dict[str, Any]]:
    for shape, mean in itertools.product(SHAPES, MEANS):
        each = [measured_table(view_of(cells_of(*table(shape, mean, seed)), EXACT), seconds) for seed in range(seeds)]
        middle = {name: statistics.median(one[name] for one in each) for name in each[0]}
        rows = int(np.prod([size + 1 for size in shape]))
        proven = sum(one["best_extra"] == one["bound"] for one in each)
        slowest = max(one["safe_seconds"] for one in each)
        yield {"shape": "x".join(map(str, shape)), "mean": mean, "rows": rows, **middle, "slowest": slowest, "proven": proven, "of": seeds}


def practices(mean: float, seed: int) -> tuple[pa.Table, Structure]:
    """Emergencies within all spells by practice, and what they add up to, level by level. Made up."""
    chance = np.random.default_rng(seed)
    spells = chance.poisson(6 * mean * np.exp(chance.normal(0, 1, PRACTICES) - 0.5))
    counts, codes = np.stack([spells, chance.binomial(spells, 1 / 6)]), [f"practice {number}" for number in range(PRACTICES)]
    parents: dict[str, str] = {}
    level, every, below = counts, [counts], codes
    for name, size in GROUPS:
        place = np.arange(len(below)) % size
        above = [f"{name} {number}" for number in range(size)]
        parents |= {code: above[at] for code, at in zip(below, place, strict=True)}
        level = np.stack([np.bincount(place, weights=each, minlength=size).astype(int) for each in level])
        every, below, codes = [*every, level], above, [*codes, *above]
    spells, emergencies = np.concatenate(every, axis=1)
    figures = (FigureColumn(column="spells"), FigureColumn(column="emergencies", subset_of="spells"))
    return pa.table({"place": codes, "spells": spells, "emergencies": emergencies}), Structure(
        axes=(nested("place", parents),), figures=figures
    )  # fmt: skip


def measured_country(seeds: int) -> Iterator[dict[str, Any]]:
    """The whole view at once: with what is shared between commissioners held, each is a part of its own."""
    for name, mean in itertools.product(COUNTRY_POLICIES, (20, 60)):
        policy = known_policies()[name]
        each: list[dict[str, float]] = []
        for seed in range(seeds):
            made, structure = practices(mean, seed)
            begun = time.perf_counter()
            found = protect(made, structure, policy).protection
            seconds = time.perf_counter() - begun
            each.append(
                {
                    "seconds": seconds, "first": found.rows_hidden_first, "besides": found.rows_hidden_besides, "gap": found.gap,
                    "rows": made.num_rows,
                }
            )  # fmt: skip
        yield {"policy": name, "mean": mean, "of": seeds, **{key: statistics.median(one[key] for one in each) for key in each[0]}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10, help="for fewer rows, after the safe pattern")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--country", action="store_true", help="only the practices of a whole country")
    chosen = parser.parse_args()
    chosen.results.mkdir(parents=True, exist_ok=True)
    for name, rows in {"country": measured_country(chosen.seeds), "tables": measured(chosen.seeds, chosen.seconds)}.items():
        if name == "country" or not chosen.country:
            _keep(chosen.results / "disclosure.json", name, list(_said(rows)))


def _said(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for each in rows:
        print({name: round(value, 2) if isinstance(value, float) else value for name, value in each.items()}, flush=True)
        yield each


def _keep(file: Path, name: str, rows: list[dict[str, Any]]) -> None:
    held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    file.write_text(json.dumps(held | {name: rows}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
