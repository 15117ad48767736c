"""Cases from other implementations: NHS Digital's codonPython, and sdcTable's tests (read as numbers only)."""

import csv
import itertools
import json
import os
from pathlib import Path

import numpy as np
import pytest

from farr.lab.disclosure.attack import Knowledge, Relation, Target, failing, interval
from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.policy import PolicyError

DATA = Path(os.environ.get("FARR_SHARED_DATA") or Path(__file__).parents[3].parent / "shared" / "data") / "disclosure"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data at {DATA}; set FARR_SHARED_DATA")


def suppressed(count: float) -> float:
    """One sub-national count as the policy prints it."""
    policy = known_policies()["nhsd_central"]
    if count != int(count):
        raise PolicyError("a count is whole")
    return policy.token if 0 < count <= policy.threshold else policy.rounded(count)


def test_nhs_digital_central_suppression_cases():
    with (DATA / "codonpython_central_suppression_cases.csv").open() as file:
        cases = list(csv.DictReader(file))
    assert len(cases) >= 12
    for case in cases:
        if case["expected"] == "ERROR":
            with pytest.raises(PolicyError):
                suppressed(float(case["input"]))
        else:
            assert suppressed(float(case["input"])) == float(case["expected"]), case


class Frequencies:
    """A table of counts with exact margins, some cells of it hidden."""

    def __init__(self, inner) -> None:
        self.inner = np.array(inner, dtype=float)
        self.numbers = np.arange(self.inner.size).reshape(self.inner.shape)

    def knowledge(self, hidden) -> Knowledge:
        mask = np.zeros(self.inner.shape, dtype=bool)
        for cell in hidden:
            mask[cell] = True
        margins = [*self.inner.sum(1), *self.inner.sum(0)]
        lines = [*self.numbers, *self.numbers.T]
        relations = tuple(
            Relation(figures=tuple(map(int, line)), coefficients=(1.0,) * len(line), low=float(margin), high=float(margin))
            for line, margin in zip(lines, margins, strict=True)
        )
        return Knowledge.of(np.where(mask, 0, self.inner).ravel(), np.where(mask, np.inf, self.inner).ravel(), relations)

    def interval(self, hidden, cell) -> tuple[float, float]:
        return interval(self.knowledge(hidden), int(self.numbers[cell]))


def expected():
    return json.loads((DATA / "expected.json").read_text())


def test_problem_4x4():
    case = expected()["problem4x4"]
    table = Frequencies(case["inner_rows_wxyz_cols_abcd"])
    named = {row + column: (r, c) for (r, row), (c, column) in itertools.product(enumerate("wxyz"), enumerate("abcd"))}
    primary = [named[name] for name in case["primary"]]
    assert list(table.interval(primary, named["wb"])) == case["attack_before"]["wb"]
    after = [*primary, named[case["our_cost_optimal_extra"]]]
    assert list(table.interval(after, named["wb"])) == case["attack_after_wb"]
    # The hidden cells are of any size here: what counts is that none is left with a single value.
    assert all(low < high for low, high in (table.interval(after, cell) for cell in primary))


def test_microdata_1_needs_a_rectangle():
    case = expected()["microdata1"]
    with (DATA / "microdata1.csv").open() as file:
        people = list(csv.DictReader(file))
    regions, genders = list("ABCD"), ["male", "female"]
    counts = [[sum(p["region"] == region and p["gender"] == gender for p in people) for gender in genders] for region in regions]
    table = Frequencies(counts)
    place = {(region, gender): (regions.index(region), genders.index(gender)) for region in regions for gender in genders}
    ((region, gender),) = case["primary"]
    target = place[region, gender]
    assert len(set(table.interval([target], target))) == 1
    pattern = [place[tuple(cell)] for cell in case["pattern_cells"]]
    low, high = table.interval(pattern, target)
    assert low < counts[target[0]][target[1]] < high
    assert 15 - len(pattern) == case["publishable"]


def test_linked_tables_are_safe_apart_and_not_together():
    case = expected()["linked"]
    regions = list(case["regions"])
    counts = np.array([case["regions"][region] for region in regions], dtype=float)
    primary = [at for at, count in enumerate(counts) if count <= case["primary_maxN"]]

    def unsafe(hidden, *hierarchies):
        lines = [[regions.index(region) for region in members] for name in hierarchies for members in case[name].values()]
        relations = tuple(
            Relation(figures=tuple(line), coefficients=(1.0,) * len(line), low=counts[line].sum(), high=counts[line].sum())
            for line in lines
        )
        mask = np.isin(np.arange(len(counts)), hidden)
        knowledge = Knowledge.of(np.where(mask, 0, counts), np.where(mask, np.inf, counts), relations)
        # Safe in the sense of that test: not known exactly.
        targets = [Target(figure=at, low=counts[at] - 0.5, high=counts[at] + 0.5) for at in primary]
        return [regions[target.figure] for target in failing(knowledge, targets)]

    assert unsafe(primary, "h1") == [] and unsafe(primary, "h2") == []
    assert unsafe(primary, "h1", "h2") == ["K"]
    extra = [regions.index(region) for region in case["jointly_needs_extra"]]
    assert unsafe([*primary, *extra], "h1", "h2") == []
