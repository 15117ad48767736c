"""Patterns: the gate is open, and the same table has the same pattern. So an attacker puts every table that could have printed like
this through it, and leaves out those that would have been printed otherwise. Rounded figures and larger tables leave too many to try.

OPEN. No audit of printed values sees this: what is hidden besides was chosen by the true values. It is known of suppression at large
(Wong and others 2007 call it a minimality attack); docs/disclosure.md does not promise against it, nor name it. These tests say that the
attack succeeds: whoever closes the hole (with patterns that hang on a secret, or on nothing but what is printed) turns them over.
"""

import numpy as np

from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.suppress.optimal import Effort

from .attacker.printed import TOTAL, farr, flat_axes, protected, summed

POLICY = "hes_legacy"
OPEN = "patterns, by trying every table"


def list_of(counts):
    return summed({(f"A{at}",): int(count) for at, count in enumerate(counts)}, flat_axes((len(counts),)))


def through(counts):
    """As the gate prints it, with the gate's own effort."""
    return farr(counts, flat_axes((len(counts) - 1,)), POLICY, Effort())


def hidden_in(printed):
    return [key for key, (_, status) in printed.items() if status == "suppressed"]


def attack(counts):
    """For each of two hidden rows all counts that it may have had, with and without a look at the pattern; None for other tables."""
    printed = through(counts)
    hidden = hidden_in(printed)
    if len(hidden) != 2 or (TOTAL,) in hidden:
        return None
    together = counts[(TOTAL,)] - sum(value for key, (value, _) in printed.items() if value is not None and key != (TOTAL,))
    possible = [int(first) for first in range(1, int(together))]
    cells = [key for key in counts if key != (TOTAL,)]
    tables = [[{hidden[0]: first, hidden[1]: together - first}.get(key, counts[key]) for key in cells] for first in possible]
    kept = [first for first, table in zip(possible, tables, strict=True) if through(list_of(table)) == printed]
    return {hidden[0]: kept, hidden[1]: [int(together) - first for first in kept]}


def test_open_the_pattern_narrows_what_it_hides(tally):
    counted, rules, chance = tally(OPEN, "Farr, open"), known_policies()[POLICY], np.random.default_rng(1)
    while counted.tables < 10:
        shape = int(chance.integers(4, 7))
        counts = list_of(np.where(chance.random(shape) < 0.3, chance.integers(1, 6, shape), chance.integers(6, 25, shape)))
        left = attack(counts)
        if left is None:
            continue
        counted.tables += 1
        for key in protected(counts, rules):
            low, high = min(left[key]), max(left[key])
            assert counts[key] in left[key], "the attacker excludes the truth"
            counted.count(recovered=low == high, narrowed=low > 1 or high < rules.threshold + 1)
    assert counted.attacked > 0  # which of these are narrowed is reported, for it hangs on the pattern; see the least one


def test_open_the_least_table_of_it(tally):
    """Of 5, 7, 11 and 5 the two fives are hidden. Were they 4 and 6, or 3 and 7, another row would have been hidden: they are 5 and 5."""
    counted, counts = tally(OPEN, "Farr, open"), list_of([5, 7, 11, 5])
    left = attack(counts)
    counted.tables += 1
    assert left is not None
    for kept in left.values():
        counted.count(recovered=kept == [5], narrowed=True)
    assert counted.recovered == 2, "the hole is closed, or the pattern another: either may have been 1 to 9"
