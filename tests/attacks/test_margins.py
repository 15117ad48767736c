"""Margins: linear programs, and whole numbers, on crosstabs with every total; and the same on cells that only smallness hides."""

import numpy as np
import pytest

from farr.lab.disclosure.gate import known_policies

from .attacker.printed import POLICIES, TOTAL, farr, flat_axes, judge, judge_whole, protected, puzzle_of, random_cells, small_only, summed

SHAPES = ((6, 8), (10, 12), (5, 5, 4))
DENSITIES = ("sparse", "skewed", "busy")
UNROUNDED = ("hes_legacy", "cms11")
AT_MOST = 14  # cells attacked of one table


def tables(shape, seed=7):
    chance = np.random.default_rng(seed)
    return [summed(random_cells(shape, density, chance), flat_axes(shape)) for density in DENSITIES]


def targets(counts, rules, at_most=AT_MOST):
    found = protected(counts, rules)
    return [found[at] for at in np.random.default_rng(1).permutation(len(found))[:at_most]]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_margins_leave_every_protected_cell_its_interval(policy, shape, tally):
    counted, rules = tally(f"margins, {len(shape)} axes"), known_policies()[policy]
    for counts in tables(shape):
        puzzle = puzzle_of(farr(counts, flat_axes(shape), policy), flat_axes(shape), rules)
        counted.tables += 1
        judge(counted, counts, puzzle, puzzle.real(targets(counts, rules)), rules)
    counted.assert_withstood()


@pytest.mark.parametrize("policy", POLICIES)
def test_whole_numbers_give_no_cell_back(policy, tally):
    """With three axes whole numbers may narrow further than real ones. How often they do is reported; the gate does not promise it."""
    counted, rules, shape = tally("margins, 3 axes, whole numbers"), known_policies()[policy], (3, 4, 4)
    for counts in [counts for seed in (3, 4) for counts in tables(shape, seed)]:
        puzzle = puzzle_of(farr(counts, flat_axes(shape), policy), flat_axes(shape), rules)
        counted.tables += 1
        judge_whole(counted, counts, puzzle, targets(counts, rules, 6), rules)
    counted.assert_withstood()


@pytest.mark.parametrize("policy", UNROUNDED)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_margins_give_cells_back_where_only_small_ones_are_hidden(policy, shape, tally):
    """As ACRO does: small cells are hidden, and the margins printed."""
    counted, rules = tally(f"margins, {len(shape)} axes, small hidden only", "control"), known_policies()[policy]
    for counts in tables(shape):
        puzzle = puzzle_of(small_only(counts, policy, exact=[(TOTAL,) * len(shape)]), flat_axes(shape), rules)
        counted.tables += 1
        judge(counted, counts, puzzle, puzzle.real(targets(counts, rules)), rules)
    counted.assert_bites()
