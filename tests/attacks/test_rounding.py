"""Rounded totals beside rounded parts: what a total may have been, less what its parts may have been, over and over; no solver."""

import numpy as np
import pytest

from farr.lab.disclosure.gate import known_policies

from .attacker.printed import TOTAL, farr, flat_axes, judge, protected, puzzle_of, small_only, summed
from .attacker.puzzle import propagated

ROUNDED = ("hes_2018", "nhsd_central", "opensafely")
SHAPES = ((3,), (4,), (2, 3), (3, 3))


def small_tables(count, seed):
    """Few rows, so that little rounding adds up."""
    chance = np.random.default_rng(seed)
    for at in range(count):
        shape = SHAPES[at % len(SHAPES)]
        counts = np.where(chance.random(shape) < 0.4, chance.integers(1, 8, shape), chance.integers(8, 60, shape))
        cells = {tuple(f"{'AB'[axis]}{code}" for axis, code in enumerate(place)): int(counts[place]) for place in np.ndindex(*shape)}
        yield shape, summed(cells, flat_axes(shape))


def attack(counted, shape, counts, printed, rules):
    puzzle = puzzle_of(printed, flat_axes(shape), rules)
    ends = propagated(puzzle)
    counted.tables += 1
    judge(counted, counts, puzzle, {key: ends[key] for key in protected(counts, rules)}, rules)


@pytest.mark.parametrize("policy", ROUNDED)
def test_rounded_totals_and_parts_leave_every_interval(policy, tally):
    counted, rules = tally("rounded totals less rounded parts"), known_policies()[policy]
    for shape, counts in small_tables(40, 11):
        attack(counted, shape, counts, farr(counts, flat_axes(shape), policy), rules)
    counted.assert_withstood()


@pytest.mark.parametrize("policy", ROUNDED)
def test_they_narrow_cells_under_the_published_rule(policy, tally):
    """Small cells hidden, the rest rounded, national counts as they are: the rule of HES from 2018, without secondary suppression."""
    counted, rules = tally("rounded totals, HES 2018 as published", "control"), known_policies()[policy]
    for shape, counts in small_tables(240, 11):
        attack(counted, shape, counts, small_only(counts, policy, exact=[(TOTAL,) * len(shape)]), rules)
    counted.assert_bites()
