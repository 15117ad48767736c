"""Several releases of one country: how they are asked for, and what all of them together leave of a count."""

import hashlib
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.disclosure.gate import Refused, release
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.released import Released
from farr.lab.disclosure.vault import Contents, deposit
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.sus import APC_SPELL

from .printed import TOTAL, may_be
from .puzzle import NEAR, Puzzle
from .tally import Tally

LEVELS = ("provider", "region", "nation")
GROUPINGS = {"provider": ("provider",), "region": ("provider_region",), "nation": ()}
FEW = 8
Months = frozenset[str]
# A code over months; a month counted with some further records is two: itself, and those records.
Key = tuple[str, Months]
Print = Mapping[Key, tuple[Any, str]]


def months(count: int) -> tuple[str, ...]:
    return tuple(f"2024-{at:02}" for at in range(1, count + 1))


@dataclass(frozen=True)
class Country:
    """`parents` says in which region each provider is; `counts` are by provider and month."""

    parents: Mapping[str, str]
    counts: Mapping[tuple[str, str], int]

    def codes(self, level: str) -> list[str]:
        return {"provider": list(self.parents), "region": sorted(set(self.parents.values())), "nation": [TOTAL]}[level]

    def inside(self, code: str) -> list[str]:
        return [provider for provider, region in self.parents.items() if code in (provider, region, TOTAL)]

    def count(self, code: str, over: Iterable[str]) -> int:
        return sum(self.counts.get((provider, month), 0) for provider in self.inside(code) for month in over)


def random_country(seed: int, providers: int = 6, over: int = 4, small: float = 0.3) -> Country:
    """Two or three regions; some providers are small in all, others in a month, and some have nothing in it."""
    chance = np.random.default_rng(seed)
    regions = int(chance.integers(2, 4))
    parents = {f"P{at}": f"R{at % regions}" for at in range(providers)}
    counts: dict[tuple[str, str], int] = {}
    for provider in parents:
        tiny = chance.random() < small / 2
        for month in months(over):
            few = tiny or chance.random() < small
            counts[provider, month] = int(chance.integers(0, 3 if tiny else FEW) if few else chance.integers(12, 90))
    return Country(parents, counts)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A question. `more` are the further records that are counted with each month; `below` is the age of its cohort, and `sent` which of
    the versions of its months it is of."""

    months: tuple[str, ...]
    levels: tuple[str, ...] = LEVELS
    monthly: bool = False
    more: tuple[str, ...] = ()
    below: int = 200
    sent: int = 1

    def over(self, month: str) -> Months:
        return frozenset([month, *(month + each for each in self.more)])

    def spans(self) -> list[tuple[str | None, Months]]:
        """The months that each row is of, by what the table says of them."""
        if self.monthly:
            return [(month, self.over(month)) for month in self.months]
        return [(None, frozenset().union(*(self.over(month) for month in self.months)))]

    def question(self) -> Question:
        cohort, period = APC_SPELL.unbound.Age < self.below, Period.parse(f"{min(self.months)}..{max(self.months)}")
        return Question(
            name="attacked",
            table=APC_SPELL,
            period=period,
            where=cohort,
            aggregates=(Aggregate(name="spells", kind=AggregateKind.COUNT, where=cohort),),
            groupings=tuple(Grouping(dimensions=GROUPINGS[level], monthly=self.monthly) for level in self.levels),
            left_out=tuple(Month.parse(str(month)) for month in period.months() if str(month) not in self.months),
        )


class Desk:
    """Where questions are asked, of a ledger by its name."""

    def __init__(self, folder: Path, policy: str, monkeypatch: Any) -> None:
        self.folder, self.fresh, self.refused = folder, itertools.count(), 0
        monkeypatch.setitem(TABLES, "apc_spell", replace(APC_SPELL, policy=policy, derived_from=()))

    def release(self, country: Country, ask: Ask, ledger: str, agreement: str = "example-2024") -> Released:
        """Raises Refused."""
        asked = ask.question()
        sealed = deposit(
            Contents(
                question=asked,
                agreement=agreement,
                agreement_policy="open_data",
                store_versions={"apc_spell": ask.sent},
                code_version="0.1.0",
                cells=_table(asked, list(_rows(country, ask))),
                months={month: hashlib.sha256(f"{month} {ask.sent}".encode()).hexdigest() for month in ask.months},
            )
        )
        return release(sealed, Ledger(self.folder / f"{ledger}.jsonl"))

    def ask(self, country: Country, ask: Ask, ledger: str, agreement: str = "example-2024") -> Print:
        """What is printed: a code that is not in the table has nothing. Nothing at all where the question is refused."""
        try:
            released = self.release(country, ask, ledger, agreement)
        except Refused:
            self.refused += 1
            return {}
        found: dict[Key, tuple[Any, str]] = {
            (code, over): (0.0, "shown") for level in ask.levels for code in country.codes(level) for _, over in ask.spans()
        }
        spans = dict(ask.spans())
        for row in released.table.to_pylist():
            found[_code_of(row, ask), spans[row["month"]]] = (row["spells"], row["spells__status"])
        return found

    def ask_all(self, country: Country, asks: Iterable[Ask], *, together: bool = True) -> list[Print]:
        """Of one ledger that was empty before; or each of a ledger of its own."""
        one = next(self.fresh)
        return [self.ask(country, each, str(one if together else next(self.fresh))) for each in asks]


def _rows(country: Country, ask: Ask) -> Iterator[dict[str, Any]]:
    for number, level in enumerate(ask.levels):
        for code, (month, over) in itertools.product(country.codes(level), ask.spans()):
            if count := country.count(code, over):
                region = country.parents[code] if level == "provider" else code if level == "region" else None
                keys = {"provider": code if level == "provider" else None, "provider_region": region}
                yield {"grouping": number, "month": month} | keys | {"spells": count, "spells__persons": count}


def _table(asked: Question, rows: list[dict[str, Any]]) -> pa.Table:
    keys = ["provider", "provider_region"] if ("provider",) in {each.dimensions for each in asked.groupings} else ["provider_region"]
    if not any(each.dimensions for each in asked.groupings):
        keys = []
    fields = [("grouping", pa.int64()), *((key, pa.string()) for key in ["month", *keys])]
    return pa.Table.from_pylist(rows, pa.schema([*fields, ("spells", pa.int64()), ("spells__persons", pa.int64())]))


def _code_of(row: Mapping[str, Any], ask: Ask) -> str:
    level = ask.levels[row["grouping"]]
    return TOTAL if level == "nation" else row["provider"] if level == "provider" else row["provider_region"]


def puzzle_of(prints: Sequence[Print], country: Country, rules: Policy, spans: Iterable[Key]) -> Puzzle:
    """All that was printed, figure by figure as sums of providers' months; and the `spans` that are to be attacked."""
    ranges: dict[Key, tuple[float, float]] = {(provider, frozenset([month])): (0.0, math.inf) for provider, month in country.counts}
    cells = set(ranges)
    ranges |= {key: (0.0, math.inf) for key in [(TOTAL, frozenset(month for _, month in country.counts)), *spans]}
    for key, cell in itertools.chain.from_iterable(each.items() for each in prints):
        before, new = ranges.get(key, (0.0, math.inf)), may_be(*cell, rules)
        ranges[key] = max(before[0], new[0]), min(before[1], new[1])
    sums = [(key, _cells(country, key)) for key in ranges if key not in cells]
    return Puzzle(low={key: ends[0] for key, ends in ranges.items()}, high={key: ends[1] for key, ends in ranges.items()}, sums=sums)


def _cells(country: Country, key: Key) -> tuple[Key, ...]:
    found = [(provider, frozenset([month])) for provider in country.inside(key[0]) for month in sorted(key[1])]
    return tuple((provider, month) for provider, month in found if (provider, *month) in country.counts)


def hidden_small(prints: Sequence[Print], country: Country, rules: Policy) -> list[Key]:
    """Small counts that were hidden."""
    hidden = dict.fromkeys(key for each in prints for key, (_, status) in each.items() if status == "suppressed")
    return [key for key in hidden if 1 <= country.count(*key) <= rules.threshold]


def small_differences(prints: Sequence[Print], country: Country, rules: Policy, *, wholes: bool = False) -> list[Key]:
    """Small counts of months that were never asked for by themselves: the pieces that the spans asked for are cut into, of a code that was
    asked for; with `wholes`, several pieces together too."""
    asked: dict[str, set[Months]] = {}
    for code, over in dict.fromkeys(key for each in prints for key in each):
        asked.setdefault(code, set()).add(over)
    found = []
    for code, spans in asked.items():
        inside = {other: spans_of for other, spans_of in asked.items() if set(country.inside(other)) <= set(country.inside(code))}
        cut = pieces(frozenset().union(*inside.values()))
        unions = (_all(some) for size in range(1, len(cut) + 1 if wholes else 2) for some in itertools.combinations(cut, size))
        found += [(code, over) for over in unions if over not in spans and 1 <= country.count(code, over) <= rules.threshold]
    return found


def pieces(spans: Iterable[Months]) -> list[Months]:
    every = list(spans)
    alike: dict[tuple[bool, ...], list[str]] = {}
    for month in sorted(_all(every)):
        alike.setdefault(tuple(month in span for span in every), []).append(month)
    return [frozenset(each) for each in alike.values()]


def _all(spans: Iterable[Months]) -> Months:
    return frozenset(month for span in spans for month in span)


def judge_hidden(tally: Tally, prints: Sequence[Print], country: Country, rules: Policy) -> None:
    """Counts what all releases leave of hidden small counts: less than the policy's interval, which begins at what is known already
    because other hidden figures are not nothing."""
    keys = hidden_small(prints, country, rules)
    puzzle = puzzle_of(prints, country, rules, keys)
    mute = [{key: cell for key, cell in each.items() if cell[1] == "suppressed" or cell[0] == 0} for each in prints]
    lowest = puzzle_of(mute, country, rules, keys).real(keys)
    for key, (low, high) in puzzle.real(keys).items():
        assert low - NEAR <= country.count(*key) <= high + NEAR, "the attacker excludes the truth"
        narrow = low > lowest[key][0] + NEAR or high < rules.threshold + 1 - NEAR
        tally.count(recovered=_only_one(low, high), narrowed=narrow, example=(rules.name, *_said(key), country.count(*key), low, high))


def judge_differences(tally: Tally, prints: Sequence[Print], country: Country, rules: Policy, keys: Sequence[Key]) -> None:
    """Counts those that are certain to be small."""
    for key, (low, high) in puzzle_of(prints, country, rules, keys).real(keys).items():
        assert low - NEAR <= country.count(*key) <= high + NEAR, "the attacker excludes the truth"
        certain = low > NEAR and high < rules.threshold + 1 - NEAR
        example = ("difference", rules.name, *_said(key), country.count(*key), low, high)
        tally.count(recovered=certain and _only_one(low, high), narrowed=certain, example=example)


def judge(tally: Tally, prints: Sequence[Print], country: Country, rules: Policy) -> None:
    tally.tables += len(prints)
    judge_hidden(tally, prints, country, rules)
    judge_differences(tally, prints, country, rules, small_differences(prints, country, rules))


def _only_one(low: float, high: float) -> bool:
    return math.ceil(low - NEAR) == math.floor(high + NEAR)


def _said(key: Key) -> tuple[str, list[str]]:
    return key[0], sorted(key[1])
