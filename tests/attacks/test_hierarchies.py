"""Linked tables: places within places, codes within chapters by provider, and two groupings of the same regions."""

import numpy as np
import pytest

from farr.lab.disclosure.gate import known_policies

from .attacker.printed import POLICIES, TOTAL, farr, judge, judge_whole, protected, puzzle_of, small_only, summed

AT_MOST = 14


def places(chance):
    """Practices in localities in commissioners in regions, by sex."""
    within: dict[str, list[str]] = {}
    cells = {}
    for practice in range(24):
        locality, commissioner, region = practice // 3, practice // 6, practice // 12
        for part, whole in ((f"P{practice}", f"L{locality}"), (f"L{locality}", f"C{commissioner}"), (f"C{commissioner}", f"R{region}")):
            within.setdefault(whole, [])
            within[whole] += [] if part in within[whole] else [part]
        for sex in "12":
            cells[f"P{practice}", sex] = int(chance.poisson(chance.choice([3, 25])))
    within[TOTAL] = ["R0", "R1"]
    upwards = sorted(within.items(), key=lambda each: "LCRT".index(each[0][0]))
    return cells, [tuple((whole, tuple(parts)) for whole, parts in upwards), ((TOTAL, ("1", "2")),)]


def codes(chance):
    """Codes in chapters, by provider: most are rare."""
    chapters = tuple((f"CH{at}", tuple(f"K{at}{code}" for code in range(4))) for at in range(3))
    providers = tuple(f"P{at}" for at in range(5))
    cells = {
        (code, provider): int(chance.poisson(chance.choice([1, 6, 40], p=[0.4, 0.3, 0.3])))
        for _, within in chapters
        for code in within
        for provider in providers
    }
    return cells, [(*chapters, (TOTAL, tuple(chapter for chapter, _ in chapters))), ((TOTAL, providers),)]


def groupings(chance):
    """Nine regions, grouped by country and by kind of place, and crossed with months."""
    regions, months = tuple(f"R{at}" for at in range(9)), tuple(f"M{at}" for at in range(4))
    by_country = tuple((f"N{at}", regions[at * 3 : at * 3 + 3]) for at in range(3))
    by_kind = tuple((f"U{at}", regions[at::3]) for at in range(3))
    both = ((TOTAL, tuple(code for code, _ in by_country)), (TOTAL, tuple(code for code, _ in by_kind)))
    cells = {(region, month): int(chance.poisson(chance.choice([4, 30]))) for region in regions for month in months}
    return cells, [(*by_country, *by_kind, *both), ((TOTAL, months),)]


LINKED = {"places in places": places, "codes in chapters": codes, "two groupings": groupings}


def made(kind, seed):
    cells, axes = LINKED[kind](np.random.default_rng(seed))
    return summed(cells, axes), axes


def targets(counts, rules, at_most=AT_MOST):
    found = protected(counts, rules)
    return [found[at] for at in np.random.default_rng(2).permutation(len(found))[:at_most]]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("kind", LINKED)
def test_linked_tables_leave_every_protected_cell_its_interval(policy, kind, tally):
    counted, rules = tally(f"linked, {kind}"), known_policies()[policy]
    for seed in (1, 2):
        counts, axes = made(kind, seed)
        puzzle = puzzle_of(farr(counts, axes, policy), axes, rules)
        counted.tables += 1
        judge(counted, counts, puzzle, puzzle.real(targets(counts, rules)), rules)
    counted.assert_withstood()


@pytest.mark.parametrize("policy", POLICIES)
def test_whole_numbers_give_no_cell_of_linked_tables_back(policy, tally):
    """Two groupings of the same regions are no network: whole numbers may narrow further."""
    counted, rules = tally("linked, two groupings, whole numbers"), known_policies()[policy]
    for seed in (3, 4):
        counts, axes = made("two groupings", seed)
        puzzle = puzzle_of(farr(counts, axes, policy), axes, rules)
        counted.tables += 1
        judge_whole(counted, counts, puzzle, targets(counts, rules, 6), rules)
    counted.assert_withstood()


@pytest.mark.parametrize("kind", LINKED)
def test_linked_tables_give_cells_back_where_only_small_ones_are_hidden(kind, tally):
    counted, rules = tally(f"linked, {kind}, small hidden only", "control"), known_policies()["hes_legacy"]
    counts, axes = made(kind, 1)
    puzzle = puzzle_of(small_only(counts, "hes_legacy"), axes, rules)
    counted.tables += 1
    judge(counted, counts, puzzle, puzzle.real(targets(counts, rules)), rules)
    counted.assert_bites()
