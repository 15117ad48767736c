"""Rates per head beside list sizes that everybody knows: which count gives this rate, these limits, this rank?"""

import numpy as np
import pyarrow as pa
import pytest
from scipy.special import chdtri

from farr.lab.disclosure.gate import known_policies

from .attacker.benchmarked import RATE, compared
from .attacker.gated import COUNTED, code_of, place_of, question, through_gate
from .attacker.printed import POLICIES, TOTAL, judge, may_be, protected
from .attacker.puzzle import Puzzle

PARENTS = {f"P{region}{at}": f"R{region}" for region in range(3) for at in range(4)} | dict.fromkeys(("R0", "R1", "R2"), TOTAL)
SUMS = [(parent, tuple(code for code, above in PARENTS.items() if above == parent)) for parent in ("R0", "R1", "R2", TOTAL)]
TABLES = 6
Z = 1.959963984540054


def events(seed):
    """Events and list sizes by row: a third of the providers has few events."""
    chance = np.random.default_rng(seed)
    counts, lists = {}, {}
    for code in (code for code in PARENTS if code[0] == "P"):
        counts[code], lists[code] = int(chance.poisson(chance.choice([4, 40, 60]))), int(chance.integers(2000, 15000))
    for parent, within in SUMS:
        counts[parent], lists[parent] = (sum(each[code] for code in within) for each in (counts, lists))
    return counts, lists


def people_table(lists):
    """The published list sizes, as person-months of a year."""
    rows = [place_of(code, PARENTS) | {"denominator": 12.0 * size, "denominator__status": "shown"} for code, size in lists.items()]
    return pa.Table.from_pylist(rows)


def true_table(table, counts):
    """The table as it would be with true counts in the place of all that are shown."""
    rows = table.to_pylist()
    true = [row["numerator"] if row["numerator__status"] == "suppressed" else float(counts[code_of(row)]) for row in rows]
    return table.set_column(table.column_names.index("numerator"), "numerator", pa.array(true))


def counts_behind(row, size):
    """Every whole count that fits all figures of a row: the rate, and Byar's limits (exact below 10), by the attacker's own formulas."""
    candidates = np.arange(round(2 * row["value"] * size / 1000) + 20)
    with np.errstate(divide="ignore", invalid="ignore"):
        byar = candidates * (1 - 1 / (9 * candidates) - Z / (3 * np.sqrt(candidates))) ** 3
        lower = np.where(candidates == 0, 0.0, np.where(candidates < 10, chdtri(2 * candidates, 0.975) / 2, byar))
    fits = np.isclose(1000 * candidates / size, row["value"]) & np.isclose(1000 * lower / size, row["lower"], atol=1e-9)
    return candidates[fits].tolist()


def puzzle_of_rates(printed, rates, lists, rules):
    """Counts as printed, but where the rate gives another one: what a rate gives is taken to be the true count."""
    low, high, given = {}, {}, {}
    for code, (value, status) in printed.items():
        low[code], high[code] = may_be(value, status, rules)
        found = counts_behind(rates[code], lists[code]) if code in rates and rates[code]["value"] is not None else []
        if len(found) == 1 and (value is None or found[0] != value):
            given[code] = low[code] = high[code] = float(found[0])
    return Puzzle(low=low, high=high, sums=SUMS), given


def attack(counted, counts, lists, released, table, rules):
    """`released`: the counts that are printed; `table`: what the rates beside them are made of."""
    printed = {code_of(row): (row["numerator"], row["numerator__status"]) for row in released.to_pylist()}
    rates = {row["organisation"]: row for row in compared(RATE, table, "P00", people_table(lists)).to_pylist()}
    puzzle, given = puzzle_of_rates(printed, rates, lists, rules)
    counted.tables += 1
    for code, row in rates.items():
        if printed[code][1] == "suppressed":
            told = [
                name for name in ("numerator", "value", "lower", "upper", "rank", "quartile", "decile", "ratio") if row[name] is not None
            ]
            counted.count(recovered=bool(told), narrowed=row["verdict"] in ("high", "low", "as expected"), example=(code, told))
        elif rules.rounding_base > 1:
            counted.count(recovered=given.get(code) == counts[code], narrowed=code in given, example=(code, given.get(code)))
    judge(counted, counts, puzzle, puzzle.real(protected(counts, rules)), rules)
    return rates


def is_ranked_by_what_is_printed(rates):
    """Rows of the same value share a rank: another order would tell of the true values."""
    shown = [(row["value"], row["rank"]) for row in rates.values() if row["value"] is not None]
    return all((one[0] < other[0]) == (one[1] < other[1]) for one in shown for other in shown)


@pytest.mark.parametrize("policy", POLICIES)
def test_rates_give_no_count_back_that_is_not_printed(policy, tally, tmp_path, monkeypatch):
    counted, rules = tally("rates, limits and ranks beside list sizes"), known_policies()[policy]
    for seed in range(TABLES):
        counts, lists = events(seed)
        rows = [place_of(code, PARENTS) | {"numerator": count, "numerator__persons": count} for code, count in counts.items()]
        released = through_gate(question(COUNTED, name=f"rates {seed}"), rows, policy, tmp_path, monkeypatch).table
        assert is_ranked_by_what_is_printed(attack(counted, counts, lists, released, released, rules))
    counted.assert_withstood()


@pytest.mark.parametrize("policy", ["hes_2018", "nhsd_central", "opensafely"])
def test_rates_of_true_counts_would_give_them_back(policy, tally, tmp_path, monkeypatch):
    """Farr's pattern and rounded counts beside rates of the true ones."""
    counted, rules = tally("rates of true counts beside list sizes", "control"), known_policies()[policy]
    for seed in range(TABLES):
        counts, lists = events(seed)
        rows = [place_of(code, PARENTS) | {"numerator": count, "numerator__persons": count} for code, count in counts.items()]
        released = through_gate(question(COUNTED, name=f"rates {seed}"), rows, policy, tmp_path, monkeypatch).table
        attack(counted, counts, lists, released, true_table(released, counts), rules)
    counted.assert_bites()
