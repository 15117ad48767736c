"""People who spent something in several cells of a table of money: what each knows by what they spent themselves, wherever that was."""

from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest

from farr.lab.disclosure.api import audit, protect
from farr.lab.disclosure.attack import AuditError
from farr.lab.disclosure.gate import known_policies
from farr.lab.disclosure.suppress import protection
from farr.lab.disclosure.tables import view
from farr.lab.disclosure.tables.structure import Axis, FigureColumn, Structure
from farr.lab.model.question import AggregateKind

from .attacker.printed import TOTAL
from .attacker.puzzle import Puzzle

POLICIES = ("hes_legacy", "cms11", "hes_2018")
TABLES = 4
REGIONS = tuple((f"R{region}", tuple(f"P{region}{at}" for at in range(3))) for region in range(2))
PLACES = (*REGIONS, (TOTAL, tuple(region for region, _ in REGIONS)))
KINDS = ((TOTAL, ("planned", "emergency", "outpatient")),)
ABOVE = {code: head for head, codes in PLACES for code in codes}
FIGURES = (FigureColumn(column="cost", kind=AggregateKind.SUM, persons="people", largest="first", second="next"),)
STRUCTURE = Structure(axes=(Axis(column="place", sums=PLACES), Axis(column="kind", sums=KINDS)), figures=FIGURES)


def spending(seed):
    """What each person spent, by cell: most in one, some in two or three of them; few in a cell here and there, and here and there one has
    nearly all, in one cell or over several."""
    chance = np.random.default_rng(seed)
    cells = [(place, kind) for _, places in REGIONS for place in places for kind in KINDS[0][1]]
    spent = defaultdict(lambda: defaultdict(float))

    def spend(person, at, amount):
        for where in (at, *(cells[other] for other in chance.permutation(len(cells))[: chance.choice([0, 0, 1, 2])])):
            if where == at or where not in alone:
                spent[where][person] += round(float(amount * chance.uniform(0.5, 1)), 2)

    alone = {cells[at] for at in chance.permutation(len(cells))[:3]}
    for number, cell in enumerate(cells):
        for at in range(int(chance.integers(1, 4)) if cell in alone else int(chance.integers(15, 30))):
            spend((number, at), cell, chance.lognormal(6, 0.5))
    for at in chance.permutation(len(cells))[:3]:
        spend(("rich", int(at)), cells[at], chance.uniform(1e5, 4e5))
    for place, kind in list(spent):
        for head in (place, ABOVE[place], TOTAL):
            for of in (kind, TOTAL):
                if (head, of) != (place, kind):
                    for person, amount in spent[place, kind].items():
                        spent[head, of][person] += amount
    return {key: {person: round(amount, 2) for person, amount in each.items()} for key, each in spent.items()}


def table_of(spent):
    rows = []
    for (place, kind), each in spent.items():
        most = [*sorted(each.values(), reverse=True), 0.0]
        total = round(sum(each.values()), 2)
        rows.append({"place": place, "kind": kind, "cost": total, "people": len(each), "first": most[0], "next": most[1]})
    return pa.Table.from_pylist(rows)


def printed_by(spent, policy):
    shown = protect(table_of(spent), STRUCTURE, known_policies()[policy]).table
    return {(row["place"], row["kind"]): (row["cost"], row["cost__status"]) for row in shown.to_pylist()}


def puzzle_of(printed, rules, own):
    """What print leaves, and what is known of rows by those who spent it there."""
    half = rules.rounding_base / 2 if rules.rounding_base > 1 else 1e-4
    hidden = {key for key, (_, status) in printed.items() if status == "suppressed"}
    low = {key: max(0.0 if key in hidden else value - half, own.get(key, 0.0)) for key, (value, _) in printed.items()}
    high = {key: np.inf if key in hidden else value + half for key, (value, _) in printed.items()}
    sums = [((head, kind), tuple((code, kind) for code in codes)) for head, codes in PLACES for kind in (*KINDS[0][1], TOTAL)]
    sums += [((place, TOTAL), tuple((place, kind) for kind in KINDS[0][1])) for place in (*ABOVE, TOTAL)]
    return Puzzle(low=low, high=high, sums=sums)


def unsafe(spent, rules):
    """The cells and totals in which too few spent something, or the second-largest could work out the largest, by who they are."""
    for key, each in spent.items():
        total, (first, second) = sum(each.values()), [*sorted(each.values(), reverse=True), 0.0][:2]
        few = len(each) < rules.minimum_contributors or len(each) <= rules.threshold
        if few or total - first - second < rules.p_percent * first or first + second > rules.dominance_k * total:
            yield key, total, first, second


def attackers(spent, printed, key):
    """Everybody who spent most in a hidden row, but who did in this one, with what they spent in every row but this."""
    victim = max(spent[key], key=spent[key].get)
    hidden = [row for row, (_, status) in printed.items() if status == "suppressed"]
    persons = {person for row in hidden for person in sorted(spent[row], key=spent[row].get)[-2:]} - {victim}
    return [{row: each[person] for row, each in spent.items() if person in each and row != key} for person in sorted(persons, key=str)]


def attack(counted, spent, printed, rules):
    counted.tables += 1
    for key, total, first, second in unsafe(spent, rules):
        width = max((rules.threshold + 1) / 2, rules.p_percent * first)
        for own in attackers(spent, printed, key):
            low, high = puzzle_of(printed, rules, own).real([key])[key]
            assert low - 0.01 <= total <= high + 0.01, "the attacker excludes the truth"
            most = max(total + width, second + first * (1 + rules.p_percent))
            narrow = low > max(total - width, 0) + 0.01 or high < most - 0.01
            counted.count(recovered=high - low < 1, narrowed=narrow, example=(rules.name, key, round(total, 2), low, high))


NAME = "money, one person's parts of several rows"


@pytest.mark.parametrize("policy", POLICIES)
def test_nobody_works_out_another_by_what_they_spent_in_several_rows(policy, tally):
    counted, rules = tally(NAME), known_policies()[policy]
    for seed in range(TABLES):
        spent = spending(seed)
        attack(counted, spent, printed_by(spent, policy), rules)
    counted.assert_withstood()


@pytest.mark.parametrize("policy", ["hes_legacy", "hes_2018"])
def test_an_audit_for_outsiders_lets_some_of_them(policy, tally, monkeypatch):
    counted, rules = tally(NAME, "control"), known_policies()[policy]
    for module in (view, protection):
        monkeypatch.setattr(module, "insiders_of", lambda *_: None)
    for seed in range(TABLES):
        spent = spending(seed)
        attack(counted, spent, printed_by(spent, policy), rules)
    assert counted.narrowed > 0


def test_what_unsafe_rows_alone_leave_is_worked_out(tally):
    counted, rules = tally("money, unsafe hidden only, from inside", "control"), known_policies()["hes_legacy"]
    for seed in range(TABLES):
        spent = spending(seed)
        hidden = {key for key, *_ in unsafe(spent, rules)}
        printed = {key: (None, "suppressed") if key in hidden else (round(sum(each.values()), 2), "") for key, each in spent.items()}
        attack(counted, spent, printed, rules)
    counted.assert_bites()


@pytest.mark.parametrize("policy", POLICIES)
def test_the_audit_says_what_contributors_are_left_with(policy):
    """Of the same printed table: no more than outsiders are, and of every unsafe sum enough."""
    rules, spent = known_policies()[policy], spending(1)
    table = table_of(spent)
    shown = protect(table, STRUCTURE, rules).table
    outside, inside = (audit(shown, STRUCTURE, rules, contributed=of).to_pylist() for of in (None, table))
    for one, other in zip(inside, outside, strict=True):
        assert one["low"] >= other["low"] - 0.01 and one["high"] <= other["high"] + 0.01
    assert inside != outside
    ends = {(row["place"], row["kind"]): (row["low"], row["high"]) for row in inside}
    for key, total, first, _ in unsafe(spent, rules):
        width = max((rules.threshold + 1) / 2, rules.p_percent * first)
        assert ends[key][0] <= max(total - width, 0) + 0.01 and ends[key][1] >= total + width - 0.01


def test_where_nothing_may_be_shown_nothing_safe_is_refused():
    """A person alone in all there is: nothing is shown, and that is safe."""
    spent = {(place, kind): {"a": 900.0} for place in ("P00", "R0", TOTAL) for kind in ("planned", TOTAL)}
    try:
        printed = printed_by(spent, "hes_legacy")
    except AuditError:
        pytest.fail("that nothing is shown was refused")
    assert all(status == "suppressed" for _, status in printed.values())
