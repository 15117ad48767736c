"""What an attacker reads: printed tables of counts, the policy as it is published, and what a printed count may have been."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.disclosure.api import protect
from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.suppress.optimal import Effort
from farr.lab.disclosure.tables.structure import Axis, FigureColumn, Structure

from .puzzle import NEAR, Puzzle
from .tally import Tally

POLICIES = ("hes_2018", "hes_legacy", "cms11", "nhsd_central", "opensafely")
TOTAL = "Total"
Key = tuple[str, ...]
# An axis as everybody knows it: the sums between its codes.
Sums = tuple[tuple[str, tuple[str, ...]], ...]


def flat_axes(shape: Sequence[int]) -> list[Sums]:
    """For each axis of a table its total as the sum of its codes."""
    return [((TOTAL, tuple(f"{'ABC'[at]}{code}" for code in range(size))),) for at, size in enumerate(shape)]


def summed(cells: Mapping[Key, float], axes: Sequence[Sums]) -> dict[Key, float]:
    """The cells with every total that the axes name."""
    found = dict(cells)
    for at, sums in enumerate(axes):
        for code, parts in sums:
            rest = dict.fromkeys(key[:at] + key[at + 1 :] for key in found if key[at] in parts)
            for key in rest:
                found[(*key[:at], code, *key[at:])] = sum(found.get((*key[:at], part, *key[at:]), 0) for part in parts)
    return found


def random_cells(shape: Sequence[int], density: str, chance: np.random.Generator) -> dict[Key, float]:
    """Counts: `sparse` has nothing in half of the cells, `skewed` a few large ones, `busy` few small ones."""
    counts: Any
    if density == "sparse":
        counts = chance.poisson(6, shape) * (chance.random(shape) < 0.5)
    elif density == "skewed":
        counts = np.floor(chance.lognormal(2.5, 1.2, shape)).astype(int)
    else:
        counts = np.where(chance.random(shape) < 0.08, chance.integers(1, 8, shape), chance.poisson(45, shape))
    return {tuple(f"{'ABC'[axis]}{at}" for axis, at in enumerate(place)): int(counts[place]) for place in np.ndindex(*shape)}


def farr(
    counts: Mapping[Key, float], axes: Sequence[Sums], policy: str, effort: Effort | None = None, *, secret: bytes = b""
) -> dict[Key, tuple[Any, str]]:
    """What Farr prints of a table of counts, where it has this secret: value and status by key."""
    names = [f"axis{at}" for at in range(len(axes))]
    columns: dict[str, Any] = {name: [key[at] for key in counts] for at, name in enumerate(names)}
    structure = Structure(
        axes=tuple(Axis(column=name, sums=sums) for name, sums in zip(names, axes, strict=True)), figures=(FigureColumn(column="count"),)
    )
    table = pa.table(columns | {"count": list(counts.values())})
    effort = effort or Effort(passes=1, rounds=4, nodes=50)
    shown = protect(table, structure, known_policies()[policy], effort=effort, secret=secret).table
    keys = zip(*(shown[name].to_pylist() for name in names), strict=True)
    return dict(zip(keys, zip(shown["count"].to_pylist(), shown["count__status"].to_pylist(), strict=True), strict=True))


def small_only(counts: Mapping[Key, float], policy: str, *, exact: Sequence[Key] = ()) -> dict[Key, tuple[Any, str]]:
    """What a rule prints that hides small cells and no others: as ACRO does, or the HES rule as published, whose national counts stand."""
    rules = known_policies()[policy]
    found: dict[Key, tuple[Any, str]] = {}
    for key, count in counts.items():
        if key in exact:
            found[key] = (float(count), "shown")
        elif 0 < count <= rules.threshold or (count == 0 and not rules.zero_shown):
            found[key] = (rules.token, "suppressed")
        else:
            found[key] = (round_as(count, rules), "rounded" if rules.rounding_base > 1 else "shown")
    return found


def round_as(count: float, rules: Policy) -> float:
    """Half up to the base: the attacker's own, in plain arithmetic."""
    return float(math.floor((count + rules.rounding_base / 2) / rules.rounding_base) * rules.rounding_base)


def may_be(value: Any, status: str, rules: Policy) -> tuple[float, float]:
    """The least and greatest count that prints so."""
    if status == "suppressed":
        return (1.0 if rules.zero_shown else 0.0), math.inf
    if status == "shown" or rules.rounding_base == 1 or value == 0:
        return value, value
    alike = [count for count in range(int(value) - 9, int(value) + 10) if count > rules.threshold and round_as(count, rules) == value]
    return float(alike[0]), float(alike[-1])


def puzzle_of(printed: Mapping[Key, tuple[Any, str]], axes: Sequence[Sums], rules: Policy) -> Puzzle:
    """What the whole table leaves: every sum of every axis."""
    ranges = {key: may_be(*cell, rules) for key, cell in printed.items()}
    sums = [each for at, axis in enumerate(axes) for each in _sums_along(at, axis, printed)]
    return Puzzle(low={key: ends[0] for key, ends in ranges.items()}, high={key: ends[1] for key, ends in ranges.items()}, sums=sums)


def _sums_along(at: int, axis: Sums, printed: Mapping[Key, Any]) -> list[tuple[Key, tuple[Key, ...]]]:
    found = []
    for (code, parts), key in itertools.product(axis, printed):
        if key[at] == code:
            within = tuple(place for part in parts if (place := (*key[:at], part, *key[at + 1 :])) in printed)
            if within:
                found.append((key, within))
    return found


def protected(counts: Mapping[Key, float], rules: Policy) -> list[Key]:
    """The cells that the policy hides for being small."""
    return [key for key, count in counts.items() if count <= rules.threshold and (count > 0 or not rules.zero_shown)]


def least(counts: Mapping[Key, float], sums: Sequence[tuple[Key, tuple[Key, ...]]], rules: Policy) -> dict[Key, float]:
    """The least that any pattern can leave of each cell: where nothing is printed as 0, a hidden total holds its hidden parts, one each."""
    found = {key: float(count > 0 and rules.zero_shown) for key, count in counts.items()}
    for _ in range(6):
        for total, parts in sums:
            found[total] = max(found[total], sum(found[part] for part in parts))
    return found


def judge(tally: Tally, counts: Mapping[Key, float], puzzle: Puzzle, ends: Mapping[Key, tuple[float, float]], rules: Policy) -> None:
    """Counts what the intervals `ends` of protected cells come to."""
    lowest = least(counts, puzzle.sums, rules)
    for key, (low, high) in ends.items():
        assert low - NEAR <= counts[key] <= high + NEAR, "the attacker excludes the truth"
        narrow = low > lowest[key] + NEAR or high < rules.threshold + 1 - NEAR
        only = math.ceil(low - NEAR) == math.floor(high + NEAR)
        tally.count(recovered=only, narrowed=narrow, example=(rules.name, key, counts[key], low, high))


def judge_whole(tally: Tally, counts: Mapping[Key, float], puzzle: Puzzle, keys: Sequence[Key], rules: Policy) -> None:
    """Whole numbers beside real ones: counts what they alone narrow, and what they give back; these cells were attacked before."""
    lowest, real = least(counts, puzzle.sums, rules), puzzle.real(keys)
    for key, (low, high) in puzzle.whole(keys).items():
        assert low <= counts[key] <= high, "the attacker excludes the truth"
        tally.count(recovered=low == high, narrowed=False, example=("whole numbers", rules.name, key, counts[key]))
        narrow, known = ((ends[0] > lowest[key] + NEAR or ends[1] < rules.threshold + 1 - NEAR) for ends in ((low, high), real[key]))
        tally.whole += bool(narrow and not known)
