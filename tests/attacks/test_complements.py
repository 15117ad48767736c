"""Complements, and percentages: what numerators leave of their denominators, by every pair of whole numbers that prints alike."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.released import derive

from .attacker.gated import PART, WHOLE, code_of, pair_rows, printed_pairs, question, through_gate
from .attacker.pairs import (
    farr_pairs,
    judge_pairs,
    leaving_many_if_any,
    leaving_none_or_many,
    pairs_like,
    protected_pairs,
    providers,
    puzzle_of_pairs,
    small_pairs_only,
)
from .attacker.printed import POLICIES, TOTAL

TABLES = 15


def attack(counted, printed, pairs, parents, rules, known):
    """`known` cuts the pairs of a shown row, of its code, down."""
    shown = {code: known(code, pairs_like(row, rules)) for code, row in printed.items() if row[2] != "suppressed"}
    puzzle = puzzle_of_pairs(printed, parents, rules, shown)
    counted.tables += 1
    judge_pairs(counted, pairs, parents, puzzle.real(protected_pairs(pairs, rules)), rules)


@pytest.mark.parametrize("policy", POLICIES)
def test_complements_leave_every_interval(policy, tally):
    """Where figures are not rounded, to the sharpest attacker; where they are, to one who does not think of what cannot be few."""
    rules = known_policies()[policy]
    counted, sharpest = tally("numerators within denominators"), rules.rounding_base == 1
    know = leaving_none_or_many if sharpest else leaving_many_if_any
    for seed in range(TABLES):
        pairs, parents = providers(np.random.default_rng(seed))
        attack(counted, farr_pairs(pairs, parents, policy), pairs, parents, rules, lambda _, found: know(found, rules))
    counted.assert_withstood()


@pytest.mark.parametrize("policy", POLICIES)
def test_complements_give_cells_back_where_only_small_ones_are_hidden(policy, tally):
    counted, rules = tally("numerators in denominators, small hidden only", "control"), known_policies()[policy]
    for seed in range(TABLES):
        pairs, parents = providers(np.random.default_rng(seed))
        attack(counted, small_pairs_only(pairs, policy), pairs, parents, rules, lambda _, found: found)
    assert counted.narrowed > 0
    assert counted.recovered > 0 or rules.rounding_base > 1


def with_percentage(table):
    """As an analyst would have it: 1 decimal, of released values."""
    share = pc.round(pc.multiply(pc.divide(table["numerator"], table["denominator"]), 100.0), 1)
    return table.append_column("percentage", share)


@pytest.mark.parametrize("policy", ["hes_2018", "hes_legacy", "opensafely"])
def test_a_percentage_beside_the_counts_tells_no_more_than_they_do(policy, tally, tmp_path, monkeypatch):
    """The attacker takes a percentage for that of the true pair wherever it could not be had from the printed one."""
    counted, rules = tally("percentages, one decimal"), known_policies()[policy]
    for seed in range(12):
        pairs, parents = providers(np.random.default_rng(seed))
        asked = question(PART, WHOLE, name=f"percentages {seed}")
        released = through_gate(asked, pair_rows(pairs, parents), policy, tmp_path, monkeypatch)
        rows = {code_of(row): row for row in derive("share", with_percentage, released).table.to_pylist()}

        def known(code, found, rows=rows):
            row = rows[code]
            of_printed = row["denominator"] and abs(100 * row["numerator"] / row["denominator"] - row["percentage"]) < 0.051
            return leaving_many_if_any(found if of_printed else alike(found, row["percentage"]), rules)

        attack(counted, printed_pairs(released), pairs, parents, rules, known)
        assert all(row["percentage"] is None for row in rows.values() if row["numerator__status"] == "suppressed")
    counted.assert_withstood()


def alike(found, percentage):
    return [(n, d) for n, d in found if d and abs(100 * n / d - percentage) < 0.051]


@pytest.mark.parametrize("policy", ["hes_2018", "opensafely"])
def test_a_percentage_of_true_counts_would_give_them_back(policy, tally):
    """Rounded counts, with Farr's own pattern, beside percentages of the true ones."""
    counted, rules = tally("percentages of true counts", "control"), known_policies()[policy]
    for seed in range(TABLES):
        pairs, parents = providers(np.random.default_rng(seed))
        true = {code: round(100 * n / d, 1) for code, (n, d) in pairs.items() if d}
        printed = farr_pairs(pairs, parents, policy)
        attack(counted, printed, pairs, parents, rules, lambda code, found, true=true: leaving_many_if_any(alike(found, true[code]), rules))
    counted.assert_bites()


# A row that is shown leaves nothing or more than the threshold between, so that where rounding cannot have left more, it leaves nothing:
# an attacker who adds that up beside a hidden row must come no nearer.


@pytest.mark.parametrize("policy", ["hes_2018", "opensafely"])
def test_shown_rows_that_leave_nothing_narrow_what_others_leave(policy, tally):
    counted, rules = tally("shown rows that can leave nothing only", "Farr"), known_policies()[policy]
    for seed in range(40):
        pairs, parents = providers(np.random.default_rng(seed))
        attack(counted, farr_pairs(pairs, parents, policy), pairs, parents, rules, lambda _, found: leaving_none_or_many(found, rules))
    counted.assert_withstood()


def test_the_least_table_of_it(tally):
    """9 of 9 is printed as 10 of 10, and can leave none only: printed beside a hidden row that leaves 6, 2 of them would be certain."""
    pairs = {"P0": (47, 53), "P1": (9, 9), "P2": (29, 57), TOTAL: (85, 119)}
    parents, rules = {"P0": TOTAL, "P1": TOTAL, "P2": TOTAL}, known_policies()["hes_2018"]
    printed = farr_pairs(pairs, parents, "hes_2018")
    shown = {code: leaving_none_or_many(pairs_like(row, rules), rules) for code, row in printed.items() if row[2] != "suppressed"}
    left = puzzle_of_pairs(printed, parents, rules, shown).real([("P0", "between")])["P0", "between"]
    assert left[0] <= 0 and left[1] >= rules.threshold + 1


def test_what_is_derived_is_a_table_of_released_values(tmp_path, monkeypatch):
    pairs, parents = providers(np.random.default_rng(3))
    released = through_gate(question(PART, WHOLE), pair_rows(pairs, parents), "hes_2018", tmp_path, monkeypatch)
    given: list[pa.Table] = []
    derive("seen", lambda *tables: given.extend(tables) or tables[0], released)
    assert [table.equals(released.table) for table in given] == [True]
