"""Numerators within denominators, as an attacker sees them: every pair of whole numbers that prints like this, and what is left between."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.disclosure.api import protect
from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.suppress.optimal import Effort
from farr.lab.disclosure.tables.structure import FigureColumn, Structure, nested

from .printed import TOTAL, may_be, round_as
from .puzzle import NEAR, Puzzle
from .tally import Tally

Pair = tuple[int, int]  # numerator, denominator
Printed = Mapping[str, tuple[Any, Any, str]]  # numerator, denominator, status
PARTS = ("numerator", "denominator", "between")


def providers(chance: np.random.Generator, regions: int = 2) -> tuple[dict[str, Pair], dict[str, str]]:
    """Providers in regions, their regions and the nation; of many providers all or nearly all of the denominator is counted."""
    pairs: dict[str, Pair] = {}
    parents = {f"R{region}": TOTAL for region in range(regions)}
    for region in range(regions):
        for at in range(int(chance.integers(2, 6))):
            whole = int(chance.integers(9, 90))
            rest = int(chance.choice([0, int(chance.integers(1, 9)), int(chance.integers(0, whole))]))
            pairs[f"P{region}{at}"] = (max(whole - rest, 0), whole)
            parents[f"P{region}{at}"] = f"R{region}"
    for code in [*(f"R{region}" for region in range(regions)), TOTAL]:
        within = [pairs[part] for part, parent in parents.items() if parent == code]
        pairs[code] = (sum(part for part, _ in within), sum(whole for _, whole in within))
    return pairs, parents


def farr_pairs(pairs: Mapping[str, Pair], parents: Mapping[str, str], policy: str) -> Printed:
    """What Farr prints of them."""
    columns = {"code": list(pairs), "numerator": [n for n, _ in pairs.values()], "denominator": [d for _, d in pairs.values()]}
    figures = (FigureColumn(column="numerator", subset_of="denominator"), FigureColumn(column="denominator"))
    structure = Structure(axes=(nested("code", parents),), figures=figures)
    rows = protect(pa.table(columns), structure, known_policies()[policy], effort=Effort(passes=1, rounds=4, nodes=50)).table.to_pylist()
    assert all(row["numerator__status"] == row["denominator__status"] for row in rows)
    return {row["code"]: (row["numerator"], row["denominator"], row["numerator__status"]) for row in rows}


def small_pairs_only(pairs: Mapping[str, Pair], policy: str) -> Printed:
    """Numerators and denominators of 1 to the threshold hidden, and nothing looked at between them."""
    rules, found = known_policies()[policy], {}
    for code, pair in pairs.items():
        if any(0 < each <= rules.threshold for each in pair):
            found[code] = (rules.token, rules.token, "suppressed")
        else:
            found[code] = (*(round_as(each, rules) for each in pair), "rounded" if rules.rounding_base > 1 else "shown")
    return found


def pairs_like(printed: tuple[Any, Any, str], rules: Policy) -> list[Pair]:
    """Every pair of counts that prints so, whatever lies between."""
    (least, most), (lowest, highest) = (may_be(each, printed[2], rules) for each in printed[:2])
    return [(n, d) for n in range(int(least), int(most) + 1) for d in range(int(lowest), int(highest) + 1) if n <= d]


def leaving_none_or_many(found: Sequence[Pair], rules: Policy) -> list[Pair]:
    """A row is shown only where nothing lies between or more than the threshold, which everybody knows."""
    return [(n, d) for n, d in found if d == n or d - n > rules.threshold]


def leaving_many_if_any(found: Sequence[Pair], rules: Policy) -> list[Pair]:
    """The same, where it is certain that something lies between: as the gate's own audit takes it to be known."""
    return list(found) if any(n == d for n, d in found) else leaving_none_or_many(found, rules)


def puzzle_of_pairs(printed: Printed, parents: Mapping[str, str], rules: Policy, possible: Mapping[str, Sequence[Pair]]) -> Puzzle:
    """`possible`: the pairs that each shown row may have been."""
    low: dict[Any, float] = {}
    high: dict[Any, float] = {}
    for code, row in printed.items():
        hidden = ((0.0, math.inf), (float(rules.zero_shown), math.inf), (0.0, math.inf))
        for part, (least, most) in zip(PARTS, hidden if row[2] == "suppressed" else _ranges(possible[code]), strict=True):
            low[code, part], high[code, part] = least, most
    sums: list[tuple[Any, tuple[Any, ...]]] = [((code, "denominator"), ((code, "numerator"), (code, "between"))) for code in printed]
    for parent in dict.fromkeys(parents.values()):
        within = [code for code, above in parents.items() if above == parent]
        sums += [((parent, part), tuple((code, part) for code in within)) for part in PARTS]
    return Puzzle(low=low, high=high, sums=sums)


def _ranges(found: Sequence[Pair]) -> Sequence[tuple[float, float]]:
    columns = np.array([(n, d, d - n) for n, d in found], dtype=float).T
    return [(float(column.min()), float(column.max())) for column in columns]


def protected_pairs(pairs: Mapping[str, Pair], rules: Policy) -> list[tuple[str, str]]:
    """What the policy hides: small numerators and denominators, and few between them."""
    found = []
    for code, (n, d) in pairs.items():
        for part, count in zip(PARTS, (n, d, d - n), strict=True):
            if 0 < count <= rules.threshold or (count == 0 and part != "between" and not rules.zero_shown):
                found.append((code, part))
    return found


def judge_pairs(
    tally: Tally, pairs: Mapping[str, Pair], parents: Mapping[str, str], ends: Mapping[tuple[str, str], tuple[float, float]], rules: Policy
) -> None:
    for (code, part), (low, high) in ends.items():
        n, d = pairs[code]
        count = {"numerator": n, "denominator": d, "between": d - n}[part]
        assert low - NEAR <= count <= high + NEAR, "the attacker excludes the truth"
        needed = _leaves(code, pairs, parents) if part == "denominator" and rules.zero_shown else 0
        narrow = low > needed + NEAR or high < rules.threshold + 1 - NEAR
        only = math.ceil(low - NEAR) == math.floor(high + NEAR)
        tally.count(recovered=only, narrowed=narrow, example=(rules.name, code, part, count, low, high))


def _leaves(code: str, pairs: Mapping[str, Pair], parents: Mapping[str, str]) -> int:
    """How many rows with anything in them a hidden denominator holds at least: one each."""
    within = [part for part, above in parents.items() if above == code]
    return max(1, sum(_leaves(part, pairs, parents) for part in within if pairs[part][1] > 0))
