"""Money of the same months asked for twice: what those who contributed to rows of the new table make of both tables."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from farr.lab.disclosure.gate import Refused, known_policies
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.suppress import protection
from farr.lab.disclosure.tables import view
from farr.lab.disclosure.vault import Contents, deposit
from farr.lab.model.period import Period
from farr.lab.model.question import Grouping, Question
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.sus import APC_SPELL
from tests.registered import release

from .attacker.gated import MONEY, SPELL, WHOLE, place_of
from .attacker.printed import TOTAL
from .attacker.puzzle import Puzzle

POLICIES = ("hes_legacy", "hes_2018")
SEEDS = range(12)
MONTHS = ("2024-01", "2024-02", "2024-03")
YEAR = None  # the month of a row of all months
PARENTS = {f"P{region}{at}": f"R{region}" for region in range(2) for at in range(4)} | {"R0": TOTAL, "R1": TOTAL}
LEVELS = (("provider",), ("provider_region",), ())
DIMENSIONS = ("provider", "provider_region")


def spending(seed):
    """What each person spent, by provider and month, in one month or in all; then by region, nation and all months."""
    chance = np.random.default_rng(seed)
    spent = defaultdict(lambda: defaultdict(float))
    for provider in (code for code in PARENTS if code[0] == "P"):
        kind = chance.random()
        for at in range(int(chance.integers(1, 4)) if kind < 0.25 else int(chance.integers(20, 40))):
            rich = 60.0 if at == 0 and 0.25 < kind < 0.5 else 1.0
            for month in MONTHS if chance.random() < 0.3 else [str(chance.choice(MONTHS))]:
                spent[provider, month][provider, at] += round(float(rich * chance.lognormal(6, 0.5)), 2)
    found = {key: dict(each) for key, each in spent.items()}
    for (provider, month), each in found.items():
        for code in (provider, PARENTS[provider], TOTAL):
            for over in (month, YEAR):
                if (code, over) != (provider, month):
                    for person, amount in each.items():
                        spent[code, over][person] += amount
    return {key: {person: round(amount, 2) for person, amount in each.items()} for key, each in spent.items()}


def answered(spent, ledger, *, monthly):
    """What the gate prints, by code and month. Raises Refused."""
    asked = Question(
        name="months" if monthly else "all of them",
        table=APC_SPELL,
        period=Period.parse(f"{MONTHS[0]}..{MONTHS[-1]}"),
        where=SPELL.Age < 200,
        aggregates=(MONEY, WHOLE),
        groupings=tuple(Grouping(dimensions=dimensions, monthly=monthly) for dimensions in LEVELS),
    )
    rows = [
        _row(code, month, each, _records(spent, code, month)) for (code, month), each in spent.items() if (month is not YEAR) is monthly
    ]
    sums = [(f"numerator__top{at}", pa.float64()) for at in (1, 2)]
    schema = pa.schema(
        [("grouping", pa.int64()), *((key, pa.string()) for key in ("month", *DIMENSIONS)), ("numerator", pa.float64()),
         ("numerator__persons", pa.int64()), ("denominator", pa.int64()), ("denominator__persons", pa.int64()), *sums]
    )  # fmt: skip
    contents = Contents(
        question=asked, agreement="example-2024", agreement_policy="open_data", store_versions={"apc_spell": 1}, code_version="0.1.0",
        cells=pa.Table.from_pylist(rows, schema), months={month: f"file {month}" for month in MONTHS},
    )  # fmt: skip
    released = release(deposit(contents), ledger)
    return {
        (row["provider"] or row["provider_region"] or TOTAL, row["month"]): (row["numerator"], row["numerator__status"])
        for row in released.table.to_pylist()
    }


def _records(spent, code, over):
    """A person has one in each month with each provider."""
    return sum(
        len(each) for (at, month), each in spent.items() if at[0] == "P" and month in ([over] if over else MONTHS)
        and code in (at, PARENTS[at], TOTAL)
    )  # fmt: skip


def _row(code, month, each, records):
    most = [*sorted(each.values(), reverse=True), 0.0]
    figures = {"numerator": round(sum(each.values()), 2), "numerator__persons": len(each), "denominator": records}
    tops = {"numerator__top1": most[0], "numerator__top2": most[1], "denominator__persons": len(each)}
    return place_of(code, PARENTS) | {"month": month} | figures | tops


def puzzle_of(prints, spent, rules, own):
    """Both tables, figure by figure, and what is known of rows by those who spent it there."""
    half = rules.rounding_base / 2 if rules.rounding_base > 1 else 1e-4
    low, high = {key: own.get(key, 0.0) for key in spent}, dict.fromkeys(spent, np.inf)
    for key, (value, status) in (cell for each in prints for cell in each.items()):
        if status != "suppressed" and key in spent:
            low[key], high[key] = max(low[key], value - half), min(high[key], value + half)
    inside = {code: [part for part, above in PARENTS.items() if above == code] for code in {*PARENTS.values()}}
    sums = [((code, over), [(part, over) for part in inside[code] if (part, over) in spent]) for code, over in spent if code in inside]
    sums += [((code, YEAR), [(code, month) for month in MONTHS if (code, month) in spent]) for code, over in spent if over is YEAR]
    return Puzzle(low=low, high=high, sums=[(whole, tuple(parts)) for whole, parts in sums])


def unsafe(spent, keys, rules):
    for key in keys:
        total, (first, second) = sum(spent[key].values()), [*sorted(spent[key].values(), reverse=True), 0.0][:2]
        few = len(spent[key]) < rules.minimum_contributors or len(spent[key]) <= rules.threshold
        if few or total - first - second < rules.p_percent * first or first + second > rules.dominance_k * total:
            yield key, total, first


def attack(counted, spent, prints, rules):
    """Every unsafe sum of the last table, by all together who contributed most to any row of it, but whoever did to this one. What
    the tables before had left them is not to become less than it must be."""
    counted.tables += 1
    last = [key for key in prints[-1] if key in spent]
    hidden = [key for key in last if prints[-1][key][1] == "suppressed"]
    for key, total, first in unsafe(spent, hidden, rules):
        victim, width = max(spent[key], key=spent[key].get), max((rules.threshold + 1) / 2, rules.p_percent * first)
        own = {row: max((amount for person, amount in spent[row].items() if person != victim), default=0.0) for row in last if row != key}
        low, high = puzzle_of(prints, spent, rules, own).real([key])[key]
        assert low - 0.01 <= total <= high + 0.01, "the attacker excludes the truth"
        least, most = puzzle_of(prints[:-1], spent, rules, own).real([key])[key]
        narrow = low > max(total - width, least, 0) + 0.01 or high < min(total + width, most) - 0.01
        counted.count(recovered=high - low < 1, narrowed=narrow, example=(rules.name, key, round(total, 2), low, high))


def attacked(counted, policy, tmp_path, *, first, seeds=SEEDS):
    """`first`: whether months come before all of them, or the other way about. A table that is refused gives nothing to attack."""
    for seed in seeds:
        spent, ledger, prints = spending(seed), Ledger(tmp_path / f"{seed}.jsonl"), []
        for monthly in (first == "months", first != "months"):
            try:
                prints.append(answered(spent, ledger, monthly=monthly))
            except Refused:
                break
            attack(counted, spent, prints, known_policies()[policy])


@pytest.fixture
def governed(monkeypatch):
    return lambda policy: monkeypatch.setitem(TABLES, "apc_spell", replace(APC_SPELL, policy=policy, derived_from=()))


NAME = "money, from inside, of months and of all of them"


@pytest.mark.parametrize("first", ["months", "all of them"])
@pytest.mark.parametrize("policy", POLICIES)
def test_who_contributes_works_out_nobody_by_two_tables(policy, first, tally, tmp_path, governed):
    counted = tally(NAME)
    governed(policy)
    attacked(counted, policy, tmp_path, first=first)
    assert counted.tables >= 3 * len(SEEDS) / 2, "most were refused"
    counted.assert_withstood()


def test_an_audit_for_outsiders_lets_some_of_them(tally, tmp_path, governed, monkeypatch):
    counted = tally(NAME, "control")
    governed("hes_legacy")
    for module in (view, protection):
        monkeypatch.setattr(module, "insiders_of", lambda *_: None)
    attacked(counted, "hes_legacy", tmp_path, first="months", seeds=range(24))
    assert counted.narrowed > 0
