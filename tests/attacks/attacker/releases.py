"""Several releases of one country: how they are asked for, and what all of them together leave of a count."""

import hashlib
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.disclosure.gate import Refused
from farr.lab.disclosure.history.nested import count_series
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.released import Released
from farr.lab.disclosure.sealed import Nested
from farr.lab.disclosure.vault import Contents, deposit
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.sus import APC_SPELL
from tests.registered import release

from .printed import TOTAL, may_be
from .puzzle import NEAR, Puzzle
from .tally import Tally

LEVELS = ("provider", "region", "nation")
GROUPINGS = {"provider": ("provider",), "merged": ("provider",), "region": ("provider_region",), "nation": (), "sex": ("sex",)}
FEW = 8
Months = frozenset[str]
# A code over months; a month counted with some further records is two: itself, and those records.
Key = tuple[str, Months]
Print = Mapping[Key, tuple[Any, str]]
# Hidden where rows of nothing were hidden too: Farr does so where a total of an earlier release would else leave too little.
UNSURE = "suppressed, as rows of nothing would be"
HIDDEN = ("suppressed", UNSURE)


def months(count: int) -> tuple[str, ...]:
    return tuple(f"2024-{at:02}" for at in range(1, count + 1))


@dataclass(frozen=True)
class Country:
    """`parents` says in which region each provider is; `counts` are by provider and month. Where sexes are told apart, a provider and a
    sex, such as P0/1, stand for a provider; where providers merge, a provider and what it is part of later, such as P1/M0."""

    parents: Mapping[str, str]
    counts: Mapping[tuple[str, str], int]

    def codes(self, level: str) -> list[str]:
        every = {TOTAL} if level == "nation" else {self.code(unit, level) for unit in self.parents}
        return sorted(every)

    def code(self, unit: str, level: str) -> str:
        if level == "region":
            return self.parents[unit]
        return unit.partition("/")[0 if level == "provider" else 2]

    @property
    def succession(self) -> dict[str, str]:
        """Where providers merge, what each that goes over into another is part of."""
        pairs = (unit.split("/") for unit in self.parents if "/M" in unit)
        return {provider: f"P{into[1:]}" for provider, into in pairs if provider[1:] != into[1:]}

    def inside(self, code: str) -> list[str]:
        return [unit for unit, region in self.parents.items() if code in (unit, *unit.split("/"), region, TOTAL)]

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
    """A question, by `levels` over all its months, and by those `monthly` month by month. `more` are the further records that are counted
    with each month; `below` is the age of its cohort. The months `again` (None: all) are of the delivery `sent`, and have `more`; others
    are as they were at first."""

    months: tuple[str, ...]
    levels: tuple[str, ...] = LEVELS
    monthly: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    below: int = 200
    sent: int = 1
    again: tuple[str, ...] | None = None
    name: str = "attacked"

    def over(self, month: str) -> Months:
        return frozenset([month, *(month + each for each in self.more if self.is_again(month))])

    def is_again(self, month: str) -> bool:
        return self.again is None or month in self.again

    def groupings(self) -> list[tuple[str, dict[str | None, Months]]]:
        """Each level, with the months that its rows are of, by what the table says of them."""
        by_month: dict[str | None, Months] = {month: self.over(month) for month in self.months}
        whole: dict[str | None, Months] = {None: _all(by_month.values())}
        return [*((level, whole) for level in self.levels), *((level, by_month) for level in self.monthly)]

    def question(self) -> Question:
        cohort, period = APC_SPELL.unbound.Age < self.below, Period.parse(f"{min(self.months)}..{max(self.months)}")
        return Question(
            name=self.name,
            table=APC_SPELL,
            period=period,
            where=cohort,
            aggregates=(Aggregate(name="spells", kind=AggregateKind.COUNT, where=cohort),),
            groupings=tuple(Grouping(dimensions=GROUPINGS[level], monthly=None not in spans) for level, spans in self.groupings()),
            left_out=tuple(Month.parse(str(month)) for month in period.months() if str(month) not in self.months),
        )


class Desk:
    """Where questions are asked, of homes with their ledgers."""

    def __init__(self, folder: Path, policy: str, monkeypatch: Any) -> None:
        folder.mkdir()
        self.folder, self.fresh, self.asked, self.refused = folder, itertools.count(), 0, 0
        self.cohorts: dict[int, str] = {}
        monkeypatch.setitem(TABLES, "apc_spell", replace(APC_SPELL, policy=policy, derived_from=()))

    def release(self, country: Country, ask: Ask, ledger: str, agreement: str = "example-2024") -> Released:
        """Raises Refused. `ledger` is the path of one, below the folder: those of one home lie in one folder, and each has files of its own
        of the same records."""
        asked, path = ask.question(), self.folder / f"{ledger}.jsonl"
        self.cohorts[ask.below] = count_series(asked)["spells"]
        sent = {month: ask.sent if ask.is_again(month) else 1 for month in ask.months}
        content = {month: hashlib.sha256(f"{month} {each}".encode()).hexdigest() for month, each in sent.items()}
        # Of providers that merge, records differ in the provider alone.
        columns = dict.fromkeys(("Age", "Provider_Code", "Provider_Code_As_Was", "Provider_Region_Code", "Sex"), content)
        merged = "merged" in (*ask.levels, *ask.monthly)
        if merged:
            columns["Provider_Code"] = {month: f"merged {each}" for month, each in content.items()}
        sealed = deposit(
            Contents(
                question=asked,
                agreement=agreement,
                agreement_policy="open_data",
                store_versions={"apc_spell": ask.sent + merged, "organisation_current": 1 + merged},
                code_version="0.1.0",
                cells=_table(asked, list(_rows(country, ask))),
                months={month: f"{ledger} {each}" for month, each in columns["Provider_Code"].items()},
                content=columns,
                content_scheme="attacked",
                succession=lambda versions: country.succession if versions["organisation_current"] == 2 else {},
                nested=tuple(
                    Nested(figure="spells", series=series, within=ask.below < below, around=ask.below > below)
                    for below, series in self.cohorts.items()
                    if below != ask.below
                ),
            )
        )
        return release(sealed, Ledger(path, beside=path.parent))

    def ask(self, country: Country, ask: Ask, ledger: str, agreement: str = "example-2024") -> Print:
        """What is printed: a code that is not in the table has nothing. Nothing at all where the question is refused."""
        self.asked += 1
        try:
            released = self.release(country, ask, ledger, agreement)
        except Refused:
            self.refused += 1
            return {}
        found: dict[Key, tuple[Any, str]] = {
            (code, over): (0.0, "shown") for level, spans in ask.groupings() for code in country.codes(level) for over in spans.values()
        }
        unsure = self._hides_nothing_too(ledger, released)
        for row in released.table.to_pylist():
            # An earlier figure in the place of a hidden one was printed before, and says no more than that it is hidden.
            status = "suppressed" if row["spells__status"] == "earlier" else row["spells__status"]
            said = UNSURE if unsure and status == "suppressed" else status
            level, spans = ask.groupings()[row["grouping"]]
            found[_code_of(row, level), spans[row["month"]]] = (row["spells"], said)
        return found

    def _hides_nothing_too(self, ledger: str, released: Released) -> bool:
        """Whether zeros were hidden though the policy shows them: this is not printed, but whoever knows Farr may think so."""
        links = [json.loads(line) for line in (self.folder / f"{ledger}.jsonl").read_text().splitlines()]
        found = [link.get("content", link) for link in links]
        same = [one for one in found if one.get("manifest", {}).get("release_id") == released.manifest.release_id]
        return not same[0]["audit"]["zeros_shown"]

    def ask_all(self, country: Country, asks: Sequence[Ask], *, homes: int = 1, ledgers: int = 1, users: int = 1) -> list[Print]:
        """In turn of so many homes, empty before, in each of so many ledgers, and for so many agreements."""
        folders, mine = [str(next(self.fresh)) for _ in range(homes)], [f"example-{at}" for at in range(users)]
        names = [f"{folder}/{at}" for folder in folders for at in range(ledgers)]
        return [self.ask(country, each, names[at % len(names)], mine[at % users]) for at, each in enumerate(asks)]

    def assert_answered(self) -> None:
        """Nothing withstands by being refused."""
        assert 4 * self.refused <= self.asked, f"{self.refused} of {self.asked} questions were refused"


def _rows(country: Country, ask: Ask) -> Iterator[dict[str, Any]]:
    for number, (level, spans) in enumerate(ask.groupings()):
        for code, (month, over) in itertools.product(country.codes(level), spans.items()):
            if count := country.count(code, over):
                region = country.parents[country.inside(code)[0]] if level in ("provider", "merged", "region") else None
                own = {"provider": code, "merged": code.replace("M", "P"), "sex": code}
                keys = {"provider_region": region} | ({GROUPINGS[level][0]: own[level]} if level in own else {})
                yield {"grouping": number, "month": month} | keys | {"spells": count, "spells__persons": count}


def _table(asked: Question, rows: list[dict[str, Any]]) -> pa.Table:
    used = {name for each in asked.groupings for name in each.dimensions}
    used |= {"provider_region"} if "provider" in used else set()
    keys = [name for name in ("provider", "provider_region", "sex") if name in used]
    fields = [("grouping", pa.int64()), *((key, pa.string()) for key in ["month", *keys])]
    return pa.Table.from_pylist(rows, pa.schema([*fields, ("spells", pa.int64()), ("spells__persons", pa.int64())]))


def _code_of(row: Mapping[str, Any], level: str) -> str:
    return TOTAL if level == "nation" else row[GROUPINGS[level][0]].replace("P", "M" if level == "merged" else "P")


def random_asks(seed: int, over: int, count: int) -> list[Ask]:
    """Random levels, some of them by month, over random months, or months that follow each other."""
    chance, found = np.random.default_rng(1000 + seed), []
    while len(found) < count:
        of = tuple(month for month in months(over) if chance.random() < 0.6)
        if chance.random() < 0.3:
            first, last = sorted(chance.integers(0, over + 1, 2))
            of = months(over)[first:last]
        whole, monthly = (tuple(level for level in LEVELS if chance.random() < share) for share in (0.45, 0.2))
        if of and whole + monthly:
            found.append(Ask(months=of, levels=whole, monthly=monthly))
    return found


def by_sex(country: Country, seed: int) -> Country:
    """With everybody told apart by sex, few of them of the third."""
    chance, counts = np.random.default_rng(seed), {}
    for (provider, month), count in country.counts.items():
        few = min(count, int(chance.random() < 0.2))
        for sex, part in zip("123", ((count - few) // 2, count - few - (count - few) // 2, few), strict=True):
            counts[f"{provider}/{sex}", month] = part
    return Country({f"{provider}/{sex}": region for provider, region in country.parents.items() for sex in "123"}, counts)


def merging(country: Country) -> Country:
    """In which the last provider of each region later is part of the first."""
    of = {region: sorted(each for each, other in country.parents.items() if other == region) for region in country.parents.values()}
    into = {each: f"M{(mine[0] if each == mine[-1] else each)[1:]}" for mine in of.values() for each in mine}
    return Country(
        {f"{provider}/{into[provider]}": region for provider, region in country.parents.items()},
        {(f"{provider}/{into[provider]}", month): count for (provider, month), count in country.counts.items()},
    )


def with_more(country: Country, seed: int, *, of: float = 1.0) -> Country:
    """With nought to three records more in each month of each provider, or of a part `of` them, where there are any; the attacker is not
    told where."""
    chance = np.random.default_rng(seed)
    more = {
        (provider, month + "+"): int(chance.integers(0, 4)) if count and (of == 1 or chance.random() < of) else 0
        for (provider, month), count in country.counts.items()
    }
    return Country(country.parents, {**country.counts, **more})


def puzzle_of(prints: Sequence[Print], country: Country, rules: Policy, spans: Iterable[Key]) -> Puzzle:
    """All that was printed, figure by figure as sums of providers' months; and the `spans` that are to be attacked."""
    ranges: dict[Key, tuple[float, float]] = {(provider, frozenset([month])): (0.0, math.inf) for provider, month in country.counts}
    cells = set(ranges)
    ranges |= dict.fromkeys([(TOTAL, frozenset(month for _, month in country.counts)), *spans], (0.0, math.inf))
    for key, cell in itertools.chain.from_iterable(each.items() for each in prints):
        before, new = ranges.get(key, (0.0, math.inf)), left_of(cell, rules)
        ranges[key] = max(before[0], new[0]), min(before[1], new[1])
    sums = [(key, _cells(country, key)) for key in ranges if key not in cells]
    return Puzzle(low={key: ends[0] for key, ends in ranges.items()}, high={key: ends[1] for key, ends in ranges.items()}, sums=sums)


def left_of(cell: tuple[Any, str], rules: Policy) -> tuple[float, float]:
    """What print leaves of a figure by itself."""
    value, status = cell
    return (0.0, math.inf) if status == UNSURE else may_be(value, status, rules)


def _cells(country: Country, key: Key) -> tuple[Key, ...]:
    found = [(provider, frozenset([month])) for provider in country.inside(key[0]) for month in sorted(key[1])]
    return tuple((provider, month) for provider, month in found if (provider, *month) in country.counts)


def hidden_small(prints: Sequence[Print], country: Country, rules: Policy) -> list[Key]:
    """Small counts that were hidden."""
    hidden = dict.fromkeys(key for each in prints for key, (_, status) in each.items() if status in HIDDEN)
    return [key for key in hidden if 1 <= country.count(*key) <= rules.threshold]


def small_differences(prints: Sequence[Print], country: Country, rules: Policy, *, wholes: bool = False) -> list[Key]:
    """Small counts of months that were never asked for by themselves: the pieces that the spans asked for are cut into, of a code that was
    asked for, and the further records of all months of such a span; with `wholes`, several pieces together too."""
    asked: dict[str, set[Months]] = {}
    for code, over in dict.fromkeys(key for each in prints for key in each):
        asked.setdefault(code, set()).add(over)
    found = []
    for code, spans in asked.items():
        inside = {other: spans_of for other, spans_of in asked.items() if set(country.inside(other)) <= set(country.inside(code))}
        cut = pieces(frozenset().union(*inside.values()))
        unions = (_all(some) for size in range(1, len(cut) + 1 if wholes else 2) for some in itertools.combinations(cut, size))
        unions = dict.fromkeys([*unions, *(_further(span, inside.values()) for span in spans)])
        found += [(code, over) for over in unions if over not in spans and 1 <= country.count(code, over) <= rules.threshold]
    return found


def _further(span: Months, asked: Iterable[Iterable[Months]]) -> Months:
    """The further records of the months of a span, as far as any were counted."""
    return frozenset(f"{month[:7]}+" for month in span) & _all(each for spans in asked for each in spans)


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
    because other hidden figures are not nothing; or less than was left before a figure was first asked for, if that was less."""
    keys = hidden_small(prints, country, rules)
    mute = [{key: cell for key, cell in each.items() if cell[1] in HIDDEN or cell[0] == 0} for each in prints]
    lowest = puzzle_of(mute, country, rules, keys).real(keys)
    for key, (low, high) in puzzle_of(prints, country, rules, keys).real(keys).items():
        assert low - NEAR <= country.count(*key) <= high + NEAR, "the attacker excludes the truth"
        narrow = low > lowest[key][0] + NEAR or high < rules.threshold + 1 - NEAR
        if narrow:
            first = next(at for at, each in enumerate(prints) if each.get(key, (None, ""))[1] in HIDDEN)
            ((least, most),) = puzzle_of(prints[:first], country, rules, [key]).real([key]).values()
            narrow = low > max(least, lowest[key][0]) + NEAR or high < min(most, rules.threshold + 1) - NEAR
        tally.count(recovered=_only_one(low, high), narrowed=narrow, example=(rules.name, *_said(key), country.count(*key), low, high))


def judge_differences(tally: Tally, prints: Sequence[Print], country: Country, rules: Policy, *, wholes: bool = False) -> None:
    """Counts those that are certain to be small."""
    keys = small_differences(prints, country, rules, wholes=wholes)
    for key, (low, high) in puzzle_of(prints, country, rules, keys).real(keys).items():
        assert low - NEAR <= country.count(*key) <= high + NEAR, "the attacker excludes the truth"
        certain = low > NEAR and high < rules.threshold + 1 - NEAR
        example = ("difference", rules.name, *_said(key), country.count(*key), low, high)
        tally.count(recovered=certain and _only_one(low, high), narrowed=certain, example=example)


def judge(tally: Tally, prints: Sequence[Print], country: Country, rules: Policy) -> None:
    tally.tables += len(prints)
    judge_hidden(tally, prints, country, rules)
    judge_differences(tally, prints, country, rules)


def _only_one(low: float, high: float) -> bool:
    return math.ceil(low - NEAR) == math.floor(high + NEAR)


def _said(key: Key) -> tuple[str, list[str]]:
    return key[0], sorted(key[1])
