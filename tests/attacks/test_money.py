"""Sums of money to which one person contributes most: to outsiders, to the second-largest contributor, to those who contribute to other
rows, and by subtraction."""

import numpy as np
import pytest

from farr.lab.disclosure.gate import Refused, known_policies
from farr.lab.disclosure.suppress import protection
from farr.lab.disclosure.tables import view

from .attacker.gated import MONEY, WHOLE, code_of, place_of, question, through_gate
from .attacker.printed import TOTAL, round_as
from .attacker.puzzle import Puzzle

POLICIES = ("hes_legacy", "cms11", "hes_2018")
UNROUNDED = ("hes_legacy", "cms11")
TABLES = 12
PARENTS = {f"P{region}{at}": f"R{region}" for region in range(2) for at in range(4)} | {"R0": TOTAL, "R1": TOTAL}


def spending(seed, few=0.15):
    """What each person spent, by row: in a share `few` of providers few people have anything, in a fifth one person has nearly all."""
    chance = np.random.default_rng(seed)
    spent = {}
    for code in (code for code in PARENTS if code[0] == "P"):
        kind, people = chance.random(), int(chance.integers(20, 40))
        each = np.round(chance.lognormal(6, 0.5, int(chance.integers(1, 5)) if kind < few else people), 2)
        each[0] = np.round(each.sum() * chance.uniform(20, 40), 2) if few < kind < few + 0.2 else each[0]
        spent[code] = sorted(each, reverse=True)
    for code in ("R0", "R1", TOTAL):
        spent[code] = sorted((amount for part, above in PARENTS.items() if above == code for amount in spent[part]), reverse=True)
    return spent


def rows_of(spent):
    rows = []
    for code, each in spent.items():
        figures = {"numerator": round(sum(each), 2), "numerator__persons": len(each), "denominator": len(each)}
        tops = {"numerator__top1": each[0], "numerator__top2": each[1] if len(each) > 1 else 0.0, "denominator__persons": len(each)}
        rows.append(place_of(code, PARENTS) | figures | tops)
    return rows


def is_unsafe(each, rules):
    """Too few, or the second-largest could work out the largest: the rules as they are published."""
    total, first, second = sum(each), each[0], each[1] if len(each) > 1 else 0.0
    few = len(each) < rules.minimum_contributors or len(each) <= rules.threshold
    return few or total - first - second < rules.p_percent * first or first + second > rules.dominance_k * total


def farr_money(spent, policy, tmp_path, monkeypatch, seed):
    released = through_gate(question(MONEY, WHOLE, name=f"money {seed}"), rows_of(spent), policy, tmp_path, monkeypatch)
    return {code_of(row): (row["numerator"], row["numerator__status"]) for row in released.table.to_pylist()}


def unsafe_only(spent, policy):
    """Unsafe sums hidden, their margins printed."""
    rules = known_policies()[policy]
    return {
        code: (None, "suppressed")
        if is_unsafe(each, rules)
        else (round_as(sum(each), rules) if rules.rounding_base > 1 else round(sum(each), 2), "")
        for code, each in spent.items()
    }


def puzzle_of_money(printed, rules, own=None):
    """`own`: by row what the attackers know that it holds, for they contributed it."""
    half = rules.rounding_base / 2 if rules.rounding_base > 1 else 1e-4
    hidden = {code for code, (_, status) in printed.items() if status == "suppressed"}
    low = {code: 0.0 if code in hidden else max(value - half, 0.0) for code, (value, _) in printed.items()}
    high = {code: np.inf if code in hidden else value + half for code, (value, _) in printed.items()}
    for code, amount in (own or {}).items():
        low[code] = max(low[code], amount)
    sums = [(parent, tuple(code for code, above in PARENTS.items() if above == parent)) for parent in dict.fromkeys(PARENTS.values())]
    return Puzzle(low=low, high=high, sums=sums)


def judge_money(counted, code, each, ends, rules):
    """The largest contribution must stay uncertain by p per cent upwards, also to the second-largest contributor, and so must the sum."""
    total, first, second = sum(each), each[0], each[1] if len(each) > 1 else 0.0
    low, high = ends
    assert low - 0.01 <= total <= high + 0.01, "the attacker excludes the truth"
    width = max((rules.threshold + 1) / 2, rules.p_percent * first)
    narrow = low > max(total - width, 0) + 0.01 or high < total + width - 0.01 or high - second < first * (1 + rules.p_percent) - 0.01
    counted.count(recovered=high - low < 1, narrowed=narrow, example=(rules.name, code, round(total, 2), ends))


def attack(counted, spent, printed, rules):
    counted.tables += 1
    unsafe = [code for code, each in spent.items() if is_unsafe(each, rules)]
    for code, ends in puzzle_of_money(printed, rules).real(unsafe).items():
        judge_money(counted, code, spent[code], ends, rules)


def tables(policy, tmp_path, monkeypatch, count=TABLES, few=0.15):
    """Spending and what Farr prints of it; whole tables that it refuses give nothing to attack."""
    for seed in range(count):
        spent = spending(seed, few)
        try:
            yield spent, farr_money(spent, policy, tmp_path, monkeypatch, seed)
        except Refused:
            continue


@pytest.mark.parametrize("policy", POLICIES)
def test_nobody_works_out_the_largest_contribution(policy, tally, tmp_path, monkeypatch):
    counted, rules = tally("money, the second-largest contributor"), known_policies()[policy]
    for spent, printed in tables(policy, tmp_path, monkeypatch):
        assert all(printed[code][1] == "suppressed" for code, each in spent.items() if is_unsafe(each, rules))
        attack(counted, spent, printed, rules)
    counted.assert_withstood()


@pytest.mark.parametrize("policy", UNROUNDED)
def test_margins_give_sums_back_where_only_unsafe_ones_are_hidden(policy, tally):
    counted, rules = tally("money, unsafe hidden only", "control"), known_policies()[policy]
    for seed in range(TABLES):
        attack(counted, spending(seed), unsafe_only(spending(seed), policy), rules)
    counted.assert_bites()


def beside(spent, printed, rules):
    """Unsafe rows, each with the other hidden rows of its margin."""
    unsafe = [code for code, each in spent.items() if is_unsafe(each, rules) and code in PARENTS]
    hidden = [code for code in PARENTS if printed[code][1] == "suppressed"]
    return [(code, other) for code in unsafe for other in hidden if other != code and PARENTS[other] == PARENTS[code]]


def attack_beside(counted, spent, printed, rules):
    """By whoever contributes most to another hidden row of the same margin, who knows that this row holds no less."""
    counted.tables += 1
    for code, other in beside(spent, printed, rules):
        ends = puzzle_of_money(printed, rules, {other: spent[other][0]}).real([code])[code]
        judge_money(counted, (code, other), spent[code], ends, rules)


def attack_together(counted, spent, printed, rules):
    """By all of them who contribute most to any row, parts and wholes of it among them, but the one whose contribution it is."""
    counted.tables += 1
    for code in (code for code, each in spent.items() if is_unsafe(each, rules)):
        others = {row: next((amount for amount in each if amount != spent[code][0]), 0.0) for row, each in spent.items() if row != code}
        ends = puzzle_of_money(printed, rules, others).real([code])[code]
        judge_money(counted, code, spent[code], ends, rules)


INSIDE = "money, who contributes to another hidden row"
TOGETHER = "money, all who contribute to any row"


def for_outsiders_only(monkeypatch):
    """Farr as it is without what contributors know."""
    for module in (view, protection):
        monkeypatch.setattr(module, "insiders_of", lambda *_: None)


@pytest.mark.parametrize("few", [0.15, 0.5])
@pytest.mark.parametrize("policy", POLICIES)
def test_who_contributes_to_another_hidden_row_does_not_narrow_this_one(policy, few, tally, tmp_path, monkeypatch):
    one, all_of_them, rules = tally(INSIDE), tally(TOGETHER), known_policies()[policy]
    for spent, printed in tables(policy, tmp_path, monkeypatch, 12, few=few):
        attack_beside(one, spent, printed, rules)
        attack_together(all_of_them, spent, printed, rules)
    assert one.tables == 12, "tables were refused"
    one.assert_withstood()
    all_of_them.assert_withstood()


def test_an_audit_for_outsiders_leaves_that_hole(tally, tmp_path, monkeypatch):
    counted, rules = tally(TOGETHER, "control"), known_policies()["hes_legacy"]
    for_outsiders_only(monkeypatch)
    for spent, printed in tables("hes_legacy", tmp_path, monkeypatch, 12, few=0.5):
        attack_together(counted, spent, printed, rules)
    assert counted.narrowed > 0


def least_table():
    spent = {code: [115.0] * 40 for code in PARENTS if code[0] == "P"} | {"P00": [48713.37], "P01": [30291.58]}
    for code in ("R0", "R1", TOTAL):
        spent[code] = sorted((amount for part, above in PARENTS.items() if above == code for amount in spent[part]), reverse=True)
    return spent


@pytest.mark.parametrize("against", ["Farr", "control"])
def test_the_least_table_of_it(against, tally, tmp_path, monkeypatch):
    """Two providers of one person each in a region, hidden with a third: to outsiders alone it is enough that either may be more by ten per
    cent, and then either person knows the other's sum to ten per cent."""
    counted, rules, spent = tally(INSIDE, against), known_policies()["hes_legacy"], least_table()
    if against == "control":
        for_outsiders_only(monkeypatch)
    printed = farr_money(spent, "hes_legacy", tmp_path, monkeypatch, "least")
    ends = puzzle_of_money(printed, rules, {"P01": 30291.58}).real(["P00"])["P00"]
    counted.tables += 1
    judge_money(counted, ("P00", "P01"), spent["P00"], ends, rules)
    if against == "control":
        assert counted.narrowed == 1 and 48713.37 < ends[1] < 1.1 * 48713.37
    else:
        counted.assert_withstood()
