"""Verdicts: which possible tables would have had the verdicts that are printed beside shown rows; every one is tried."""

import itertools

import numpy as np
import pytest

from farr.lab.disclosure.gate import known_policies
from farr.lab.measures.statistics import funnel_verdict

from .attacker.funnels import WORDS, scores, verdicts
from .attacker.gated import PART, WHOLE, pair_rows, printed_pairs, question, through_gate
from .attacker.pairs import leaving_none_or_many, pairs_like, protected_pairs
from .attacker.printed import TOTAL

UNROUNDED = ("hes_legacy", "cms11")
NUMBER = {word: number for number, word in WORDS.items()}


def national(chance, providers, shares, sizes):
    """Providers and the nation: the first is small, and the second lies where one count more or less changes its verdict."""
    share, codes = chance.choice(shares), [f"P{at}" for at in range(providers)]
    pairs = {code: [0, int(chance.integers(*sizes))] for code in codes}
    for code, pair in pairs.items():
        pair[0] = max(int(chance.binomial(pair[1], share)), 8) if code != "P0" else int(chance.integers(1, 6))
    while pairs["P1"][0] < pairs["P1"][1] - 12 and judged(pairs, codes)[1] <= 0:
        pairs["P1"][0] += 1
    pairs["P1"][0] -= int(chance.integers(0, 2))
    return whole({code: tuple(pair) for code, pair in pairs.items()}), codes


def whole(pairs):
    return pairs | {TOTAL: tuple(sum(each) for each in zip(*pairs.values(), strict=True))}


def judged(pairs, codes):
    """The attacker's own verdicts of the true figures."""
    n, d = np.array([pairs[code] for code in codes]).T
    return verdicts(n[None], d[None])[0]


def released(pairs, codes, policy, tmp_path, monkeypatch, name):
    """What Farr prints, with verdicts: made of true values by the session's own estimator. With it the verdicts of shown rows."""
    n, d = np.array([pairs[code] for code in codes]).T
    words = dict(zip(codes, funnel_verdict(n, d, method="proportion").tolist(), strict=True))
    assert [NUMBER[word] for word in words.values()] == judged(pairs, codes).tolist(), "the attacker's funnel is another one"
    parents = dict.fromkeys(codes, "R") | {"R": TOTAL}
    asked = question(PART, WHOLE, name=f"verdicts {name}", verdict=True)
    rows = pair_rows({**pairs, "R": pairs[TOTAL]}, parents, words)
    table = through_gate(asked, rows, policy, tmp_path, monkeypatch)
    told = {row["provider"]: NUMBER[row["verdict"]] for row in table.table.to_pylist() if row["verdict"] is not None}
    return {code: row for code, row in printed_pairs(table).items() if code != "R"}, told


def possible(printed, codes, rules):
    """Every table of whole numbers that prints so, shape (tables, providers, 2); None where there are too many to try."""
    hidden = [code for code in codes if printed[code][2] == "suppressed"]
    shown = [code for code in codes if code not in hidden]
    if len(hidden) not in (1, 2) or printed[TOTAL][2] == "suppressed":
        return None
    pairs = [leaving_none_or_many(pairs_like(printed[code], rules), rules) for code in (*shown, TOTAL)]
    found = np.array(list(itertools.product(*pairs)))
    left = found[:, -1] - found[:, :-1].sum(axis=1)
    if len(hidden) == 2 and len(left) > 1:  # too many to try
        return None
    split = _splits(left, len(hidden))
    tables = np.zeros((len(split), len(codes), 2), dtype=int)
    tables[:, [codes.index(code) for code in shown]] = found[split[:, 0], :-1]
    first = split[:, 1:]
    tables[:, codes.index(hidden[0])] = first
    if len(hidden) == 2:
        tables[:, codes.index(hidden[1])] = left[split[:, 0]] - first
    fits = (tables[:, :, 0] >= 0) & (tables[:, :, 1] >= np.maximum(tables[:, :, 0], 1))
    return tables[fits.all(axis=1)]


def _splits(left, hidden):
    """(which, numerator, denominator) of the first hidden row."""
    if hidden == 1:
        return np.column_stack([np.arange(len(left)), left])
    at = [(which, n, d) for which, (most, highest) in enumerate(left) for n in range(most + 1) for d in range(1, highest)]
    return np.array(at, dtype=int).reshape(-1, 3)


def attack(counted, pairs, codes, printed, told, rules, read=verdicts):
    """`told`: what is printed beside rows, by code, of what `read` makes of a table."""
    tables = possible(printed, codes, rules)
    if tables is None:
        return
    counted.tables += 1
    at = [codes.index(code) for code in told]
    left = tables[np.isclose(read(tables[:, :, 0], tables[:, :, 1])[:, at], list(told.values()), rtol=0, atol=0.0051).all(axis=1)]
    for code, part in [each for each in protected_pairs(pairs, rules) if each[0] in codes]:
        n, d = left[:, codes.index(code)].T
        found = {"numerator": n, "denominator": d, "between": d - n}[part]
        low, high = int(found.min()), int(found.max())
        narrow = low > (part == "denominator") or high < rules.threshold + 1
        counted.count(recovered=low == high, narrowed=narrow, example=(rules.name, code, part, pairs[code], low, high))


@pytest.mark.parametrize("policy", ["hes_2018", "opensafely"])
def test_verdicts_beside_rounded_figures_narrow_no_hidden_one(policy, tally, tmp_path, monkeypatch):
    counted, rules = tally("verdicts beside rounded figures"), known_policies()[policy]
    for seed in range(4):
        pairs, codes = national(np.random.default_rng(seed), 4, [0.15, 0.3], (40, 120))
        printed, told = released(pairs, codes, policy, tmp_path, monkeypatch, seed)
        attack(counted, pairs, codes, printed, told, rules)
    counted.assert_withstood()


@pytest.mark.parametrize("policy", UNROUNDED)
def test_scores_of_true_figures_would_give_hidden_rows_back(policy, tally, tmp_path, monkeypatch):
    """Farr's pattern and figures, with the scores behind the verdicts of shown rows printed to two decimals."""
    counted, rules = tally("funnel scores of true figures", "control"), known_policies()[policy]
    for seed in range(12):
        pairs, codes = national(np.random.default_rng(seed), 6, [0.1, 0.3], (20, 150))
        printed, _ = released(pairs, codes, policy, tmp_path, monkeypatch, seed)
        n, d = np.array([pairs[code] for code in codes]).T
        true = dict(zip(codes, scores(n[None], d[None])[0].round(2).tolist(), strict=True))
        shown = [code for code in codes if printed[code][2] != "suppressed"]
        attack(counted, pairs, codes, printed, {code: true[code] for code in shown}, rules, scores)
    assert counted.narrowed > 0  # the two hidden rows may stand for each other, so that two values are left


# The verdicts of rows that are shown are reached on the true figures of all, hidden ones among them: they move the centre and the spread of
# the funnel. Where figures are exact, an attacker could try every way to share out what two hidden rows have together, and leave out those
# whose verdicts would be others. None is printed beside a hidden row there.

VERDICTS = "verdicts of shown rows, exact figures"


def judgements(pairs, codes):
    """Verdicts of true figures, as if they were printed beside all rows but the hidden."""
    return dict(zip(codes, judged(pairs, codes).tolist(), strict=True))


@pytest.mark.parametrize("policy", UNROUNDED)
def test_verdicts_of_shown_rows_narrow_no_hidden_one(policy, tally, tmp_path, monkeypatch):
    counted, bitten, rules = tally(VERDICTS), tally(VERDICTS, "control"), known_policies()[policy]
    for seed in range(40):
        pairs, codes = national(np.random.default_rng(seed), 6, [0.1], (40, 160))
        printed, told = released(pairs, codes, policy, tmp_path, monkeypatch, seed)
        attack(counted, pairs, codes, printed, told, rules)
        shown = {code: word for code, word in judgements(pairs, codes).items() if printed[code][2] != "suppressed"}
        attack(bitten, pairs, codes, printed, shown, rules)
    counted.assert_withstood()
    assert bitten.attacked == counted.attacked  # which of these are narrowed hangs on the pattern; see the least ones


def test_the_least_tables_of_it(tally, tmp_path, monkeypatch):
    """Who read that P2 alone is high would know the 4 of a hidden row to lie between 2 and 5; of four providers, the 5 to be 2 or more."""
    counted, bitten, rules = tally(VERDICTS), tally(VERDICTS, "control"), known_policies()["hes_legacy"]
    six = {"P0": (4, 57), "P1": (12, 108), "P2": (19, 47), "P3": (20, 139), "P4": (11, 139), "P5": (3, 48)}
    four = {"P0": (5, 51), "P1": (16, 146), "P2": (11, 21), "P3": (7, 110)}
    for pairs in (six, four):
        codes = list(pairs)
        printed, told = released(whole(pairs), codes, "hes_legacy", tmp_path, monkeypatch, len(codes))
        assert not told and printed["P0"][2] == "suppressed"
        attack(counted, pairs, codes, printed, told, rules)
        shown = {code: word for code, word in judgements(pairs, codes).items() if printed[code][2] != "suppressed"}
        assert shown["P2"] == 1
        attack(bitten, pairs, codes, printed, shown, rules)
    counted.assert_withstood()
    assert bitten.narrowed >= 2


def test_where_nothing_is_hidden_verdicts_are_printed(tmp_path, monkeypatch):
    pairs = whole({"P0": (20, 100), "P1": (18, 100), "P2": (21, 100), "P3": (60, 100)})
    codes = [code for code in pairs if code != TOTAL]
    _, told = released(pairs, codes, "hes_legacy", tmp_path, monkeypatch, "open")
    assert told == judgements(pairs, codes)
