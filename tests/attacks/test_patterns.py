"""Patterns: the gate is open, and the same table has the same pattern. So an attacker puts every table that could have printed like
this through it, and leaves out those that would have been printed otherwise. Rounded figures and larger tables leave too many to try.

What is hidden besides was chosen by the true values, which no audit of printed values sees. It is known of suppression at large as a
minimality attack (Wong and others 2007). Which of several rows is hidden therefore hangs on a secret of the installation
(disclosure/tables/leaning.py): the attacker has to try secrets of his own, and keeps a table that any of them prints like this. Some stay
likelier than others, which docs/disclosure.md says.
"""

import numpy as np

from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.suppress.optimal import Effort

from .attacker.printed import TOTAL, farr, flat_axes, protected, summed

POLICY = "hes_legacy"
PATTERNS = "patterns, by trying every table"
SECRET = b"the installation's"
TRIED = [number.to_bytes(2) for number in range(1, 61)]


def list_of(counts):
    return summed({(f"A{at}",): int(count) for at, count in enumerate(counts)}, flat_axes((len(counts),)))


def through(counts, secret):
    """As the gate prints it, with the gate's own effort."""
    return farr(counts, flat_axes((len(counts) - 1,)), POLICY, Effort(), secret=secret)


def hidden_in(printed):
    return [key for key, (_, status) in printed.items() if status == "suppressed"]


def attack(counts, secret, tried):
    """For each of two hidden rows the least and greatest count that it may have had, by a look at the pattern; None for other tables."""
    printed = through(counts, secret)
    hidden = hidden_in(printed)
    if len(hidden) != 2 or (TOTAL,) in hidden:
        return None
    together = int(counts[(TOTAL,)] - sum(value for key, (value, _) in printed.items() if value is not None and key != (TOTAL,)))
    cells = [key for key in counts if key != (TOTAL,)]

    def is_possible(first):
        table = list_of([{hidden[0]: first, hidden[1]: together - first}.get(key, counts[key]) for key in cells])
        return any(through(table, each) == printed for each in tried)

    least, greatest = (next(first for first in order if is_possible(first)) for order in (range(1, together), range(together - 1, 0, -1)))
    return {hidden[0]: (least, greatest), hidden[1]: (together - greatest, together - least)}


def count_all(counted, secret, tried):
    rules, chance = known_policies()[POLICY], np.random.default_rng(1)
    tables = [list_of([5, 7, 11, 5])]  # 5 and 5 are hidden; were they 4 and 6, another row could be hidden as well
    while counted.tables < 11:
        if not tables:
            shape = int(chance.integers(4, 7))
            tables.append(list_of(np.where(chance.random(shape) < 0.3, chance.integers(1, 6, shape), chance.integers(6, 25, shape))))
        counts = tables.pop()
        left = attack(counts, secret, tried)
        if left is None:
            continue
        counted.tables += 1
        for key in protected(counts, rules):
            low, high = left[key]
            assert low <= counts[key] <= high, "the attacker excludes the truth"
            counted.count(recovered=low == high, narrowed=low > 1 or high < rules.threshold + 1)


def test_the_pattern_narrows_nothing_that_it_hides(tally):
    counted = tally(PATTERNS)
    count_all(counted, SECRET, TRIED)
    assert counted.attacked >= 11
    assert (counted.recovered, counted.narrowed) == (0, 0)


def test_without_a_secret_it_does(tally):
    counted = tally(PATTERNS, "control")
    count_all(counted, b"", [b""])
    assert counted.recovered >= 2
    assert counted.narrowed > counted.attacked // 2


def test_the_same_secret_hides_the_same():
    counts = list_of([2, 14, 15, 24])
    assert through(counts, SECRET) == through(counts, SECRET)
    assert len({str(through(counts, secret)) for secret in TRIED}) == 3  # any of the three others may be hidden with the two
