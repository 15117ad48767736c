"""What earlier releases cost: questions through the gate with an empty ledger, and with a hundred releases of the same table in it.

    python benchmarks/history.py        # some minutes; --earlier, --people and --policies do less

Records are made up: each person has one spell, at a provider in a region, in a month, with an age group, a sex and some of several
conditions; the figures are counts of these. The hundred earlier releases passed the gate themselves, one after another.
"""

import argparse
import hashlib
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from machine import described

from farr.lab.disclosure.gate import Refused, release
from farr.lab.disclosure.history.nested import count_series
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.review.held import Review
from farr.lab.disclosure.sealed import Nested
from farr.lab.disclosure.vault import Contents, deposit
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.table import TableDeclaration
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.sus import APC_SPELL

RESULTS = Path(__file__).with_name("results")
POLICIES = ("hes_2018", "hes_legacy")  # rounds to the nearest five; prints exactly
FIRST, MONTHS = Month(2021, 1), 36
SIZES = {"provider": 40, "provider_region": 7, "age_group": 5, "sex": 2}
RAREST, COMMONEST = 0.01, 0.6  # the shares of the records that have a condition, spread evenly on a log scale
SEED = 1854
TRIES = 3  # of each kind of new question: other conditions, and where they are of a past period another one


def by(*dimensions: str, monthly: bool = False) -> Grouping:
    return Grouping(dimensions=dimensions, monthly=monthly)


ORGANISATIONS = (by("provider"), by("provider_region"), by())
GROUPINGS = {
    "organisations": ORGANISATIONS,
    "organisations by month": tuple(by(*each.dimensions, monthly=True) for each in ORGANISATIONS),
    "organisations, and by month": (*ORGANISATIONS, *(by(*each.dimensions, monthly=True) for each in ORGANISATIONS)),
    "age and sex": (by("age_group", "sex"), by("age_group"), by("sex"), by()),
    "age and sex by month": (by("age_group", "sex", monthly=True), by(monthly=True)),
    "regions by age": (by("provider_region", "age_group"), by("provider_region"), by("age_group"), by()),
    "440 cells": (by("provider", "age_group", "sex"), by("provider")),  # 40 x 10 + 40
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Records:
    """A column of codes each, shape (people,), and a mask for each condition."""

    month: Any
    codes: dict[str, Any]
    conditions: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What is asked: conditions counted, from `first` for `months`, by a set of groupings."""

    groupings: str
    conditions: tuple[int, ...]
    first: int
    months: int


def made(people: int, conditions: int) -> Records:
    chance = np.random.default_rng(SEED)
    weight = np.exp(chance.normal(0, 0.8, SIZES["provider"]))
    provider = chance.choice(SIZES["provider"], people, p=weight / weight.sum())
    region = np.sort(np.arange(SIZES["provider"]) % SIZES["provider_region"])
    codes = {
        "provider": provider,
        "provider_region": region[provider],
        "age_group": chance.choice(SIZES["age_group"], people, p=(0.12, 0.18, 0.25, 0.3, 0.15)),
        "sex": chance.choice(SIZES["sex"], people),
    }
    shares = np.geomspace(COMMONEST, RAREST, conditions)
    likely = np.exp(chance.normal(0, 0.7, (conditions, SIZES["provider"], SIZES["age_group"])))
    having = tuple(
        chance.random(people) < np.minimum(share * likely[at][provider, codes["age_group"]] / likely[at].mean(), 0.95)
        for at, share in enumerate(shares)
    )
    return Records(month=chance.integers(0, MONTHS, people), codes=codes, conditions=having)


def question_of(table: TableDeclaration, kind: Kind) -> Question:
    age = table.unbound.Age
    aggregates = tuple(Aggregate(name=f"condition_{at}", kind=AggregateKind.COUNT, where=age < 10 + at) for at in kind.conditions)
    groupings = GROUPINGS[kind.groupings]
    if kind.months == 1:
        groupings = tuple(dict.fromkeys(by(*each.dimensions) for each in groupings))
    period = Period(first=FIRST.plus(kind.first), last=FIRST.plus(kind.first + kind.months - 1))
    return Question(
        name=f"{kind.groupings}, {period}", table=table, period=period, where=age < 200, aggregates=aggregates, groupings=groupings
    )


def cells_of(records: Records, question: Question, kind: Kind) -> pa.Table:
    """The cells that an honest session would give: of each combination that has records, how many have each condition."""
    within = (records.month >= kind.first) & (records.month < kind.first + kind.months)
    known = {name for grouping in question.groupings for each in grouping.dimensions for name in (each, DIMENSIONS[each].parent) if name}
    keys = ["month", *(name for name in DIMENSIONS if name in known)]
    parts = [_grouped(records, within, number, grouping, kind) for number, grouping in enumerate(question.groupings)]
    columns: dict[str, Any] = {"grouping": pa.array(np.concatenate([part["grouping"] for part in parts]), type=pa.int64())}
    for key in keys:
        columns[key] = pa.array([code for part in parts for code in part.get(key, [None] * len(part["grouping"]))], type=pa.string())
    for aggregate in question.aggregates:
        counted = pa.array(np.concatenate([part[aggregate.name] for part in parts]), type=pa.int64())
        columns |= {aggregate.name: counted, f"{aggregate.name}__persons": counted}  # each person has one record
    return pa.table(columns)


def _grouped(records: Records, within: Any, number: int, grouping: Grouping, kind: Kind) -> dict[str, Any]:
    names = [*(["month"] if grouping.monthly else []), *grouping.dimensions]
    sizes = [MONTHS if name == "month" else SIZES[name] for name in names]
    each = [(records.month if name == "month" else records.codes[name])[within] for name in names]
    cell = reduce(lambda found, one: found * one[0] + one[1], zip(sizes, each, strict=True), np.zeros(int(within.sum()), dtype=np.int64))
    count = int(np.prod(sizes, dtype=np.int64))
    present = np.flatnonzero(np.bincount(cell, minlength=count))
    part: dict[str, Any] = {"grouping": np.full(len(present), number)}
    for name, places in zip(names, np.unravel_index(present, sizes) if names else (), strict=True):
        part[name] = [str(FIRST.plus(int(at))) if name == "month" else f"{name}_{at:02}" for at in places]
    if "provider" in names:
        region = dict(zip(records.codes["provider"], records.codes["provider_region"], strict=True))
        part["provider_region"] = [f"provider_region_{region[int(code.rpartition('_')[2])]:02}" for code in part["provider"]]
    for at in kind.conditions:
        part[f"condition_{at}"] = np.bincount(cell[records.conditions[at][within]], minlength=count)[present]
    return part


@dataclass(frozen=True, kw_only=True, eq=False)
class Country:
    """Records, and a table of them under one policy."""

    records: Records
    table: TableDeclaration

    def sealed(self, kind: Kind) -> Any:
        question = question_of(self.table, kind)
        contents = Contents(
            question=question, agreement="made-up", agreement_policy=self.table.policy, store_versions={self.table.name: 1},
            code_version="benchmark", cells=cells_of(self.records, question, kind),
            months={str(month): hashlib.sha256(str(month).encode()).hexdigest() for month in question.months},
            nested=tuple(self.nested(kind)),
        )  # fmt: skip
        return deposit(contents)

    def nested(self, kind: Kind) -> Iterator[Nested]:
        """How the records of each condition that is counted lie to those of all conditions that there are."""
        masks = self.records.conditions
        every = question_of(self.table, replace(kind, conditions=tuple(range(len(masks)))))
        series = count_series(every)
        for one in kind.conditions:
            for other, theirs in enumerate(masks):
                within, around = not np.any(masks[one] & ~theirs), not np.any(theirs & ~masks[one])
                yield Nested(figure=f"condition_{one}", series=series[f"condition_{other}"], within=within, around=around)


@dataclass(frozen=True, kw_only=True)
class Declared:
    """The registry: the made-up conditions are declared, and are put as question_of puts them."""

    table: TableDeclaration
    kind: Kind

    def put(self, _: Question) -> Iterator[Question]:
        yield question_of(self.table, self.kind)


def country_of(records: Records, policy: str) -> Country:
    """Every table of Farr about people rounds to five: one that is printed exactly is declared here."""
    table = replace(APC_SPELL, name=f"made_{policy}", policy=policy, derived_from=())
    TABLES[table.name] = table
    return Country(records=records, table=table)


def asked_before(number: int, conditions: int) -> Kind:
    """The numbered one of questions that are asked before: never of the last month, nor of the last condition."""
    chance = np.random.default_rng((SEED, number))
    groupings = list(GROUPINGS)[number % len(GROUPINGS)]
    months = int(chance.choice((1, 3, 12), p=(0.4, 0.3, 0.3)))
    first = int(chance.integers(0, (MONTHS - 1 - months) // months + 1)) * months if months < 12 else int(chance.integers(0, MONTHS - 12))
    chosen = chance.permutation(conditions - 1)[: int(chance.integers(1, 4))]
    return Kind(groupings=groupings, conditions=tuple(sorted(map(int, chosen))), first=first, months=months)


def new_questions(conditions: int) -> dict[str, list[Kind]]:
    """Of each kind some, whose conditions are common, middling and rare; the last condition was never asked of."""
    past, last = range(TRIES), MONTHS - 1
    some = [round(at * (conditions - 4) / (TRIES - 1)) for at in past]
    three = [(at, at + 1, at + 2) for at in some]

    def kinds(groupings: str, chosen: Sequence[tuple[int, ...]], first: int, months: int, step: int = 1) -> list[Kind]:
        return [Kind(groupings=groupings, conditions=chosen[at], first=first + step * at, months=months) for at in past]

    return {
        "440 cells of a year, one count": kinds("440 cells", [each[1:2] for each in three], 20, 12),
        "440 cells of a quarter, two counts": kinds("440 cells", [each[:2] for each in three], 18, 3, 3),
        "organisations, a rolling year, three counts": kinds("organisations", three, last - 13, 12),
        "organisations, the next month, three counts": kinds("organisations", three, last, 1, 0),
        "organisations by month, two years, one count": kinds("organisations by month", [each[1:2] for each in three], last - 25, 24),
        "age and sex, a year, one count": kinds("age and sex", [each[1:2] for each in three], last - 13, 12),
        "440 cells of a year, a count never asked": kinds("440 cells", [(conditions - 1,)] * TRIES, 20, 12),
    }


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Seconds through the gate, the rows hidden for what they are and besides, and why it was refused (or not)."""

    seconds: float
    rows: int
    small: int
    besides: int
    refused: str


def answered(country: Country, kind: Kind, ledger: Ledger) -> Answer:
    sealed = country.sealed(kind)
    begun = time.perf_counter()
    try:
        given = release(sealed, ledger, Review(registry=Declared(table=country.table, kind=kind)))
    except Refused as error:
        return Answer(seconds=time.perf_counter() - begun, rows=0, small=0, besides=0, refused=str(error))
    seconds = time.perf_counter() - begun
    audit = ledger.released_of(country.table.name)[-1].audit
    besides, small = audit["rows_hidden_besides"], audit["rows_hidden_first"]
    return Answer(seconds=seconds, rows=given.table.num_rows, small=small, besides=besides, refused="")


def filled(country: Country, ledger: Ledger, most: int, seconds: float) -> Iterator[dict[str, Any]]:
    """Asks until `most` were released, or the time is up."""
    done, number, until = 0, 0, time.monotonic() + seconds
    while done < most and time.monotonic() < until:
        kind = asked_before(number, len(country.records.conditions))
        found = answered(country, kind, ledger)
        number, done = number + 1, done + (not found.refused)
        print(f"{done:4} {country.table.policy} {question_of(country.table, kind).name}: {found.seconds:.2f} s {found.refused}", flush=True)
        yield vars(found) | {"question": question_of(country.table, kind).name, "conditions": len(kind.conditions)}


def measured_question(country: Country, name: str, kind: Kind, full: Path, folder: Path) -> dict[str, Any]:
    """The question through a gate of an empty ledger, and of a full one that was read before."""
    alone = answered(country, kind, Ledger(folder / "empty.jsonl"))
    (folder / "empty.jsonl").unlink()
    copy = Ledger(folder / "copy.jsonl")
    shutil.copy(full, copy.path)
    copy.released_of(country.table.name)
    beside = answered(country, kind, copy)
    copy.path.unlink()
    found = {"kind": name, "question": question_of(country.table, kind).name, "alone": vars(alone), "beside": vars(beside)}
    found |= {"added": beside.seconds - alone.seconds}
    print(f"{name} {kind}: {alone.seconds:.2f} s, {beside.seconds:.2f} s {alone} {beside}", flush=True)
    return found


def reading_seconds(table: str, path: Path, times: int = 3) -> float:
    """Seconds to read a ledger from nothing, as the first question of a process does."""
    found: list[float] = []
    for _ in range(times):
        begun = time.perf_counter()
        Ledger(path).released_of(table)
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


def measured(records: Records, policy: str, earlier: int, seconds: float) -> Iterator[dict[str, Any]]:
    """What was found so far, after each question."""
    country = country_of(records, policy)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        full = folder / "full.jsonl"
        before = list(filled(country, Ledger(full), earlier, seconds))
        found: dict[str, Any] = {
            "policy": policy,
            "earlier": sum(not each["refused"] for each in before),
            "before": before,
            "reading": reading_seconds(country.table.name, full),
            "megabytes": full.stat().st_size / 1e6,
            "new": [],
        }
        for kind, those in new_questions(len(records.conditions)).items():
            for each in those:
                found["new"].append(measured_question(country, kind, each, full, folder))
                yield found


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--earlier", type=int, default=100)
    parser.add_argument("--conditions", type=int, default=20, help="fewer: more of the earlier releases are of the one asked about")
    parser.add_argument("--seconds", type=float, default=600, help="for the earlier releases of a policy: after it, no more are asked for")
    parser.add_argument("--policies", nargs="+", default=POLICIES)
    parser.add_argument("--results", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    machine, records = described(), made(chosen.people, chosen.conditions)
    found: dict[str, Any] = {}
    chosen.results.mkdir(parents=True, exist_ok=True)
    for policy in chosen.policies:
        for so_far in measured(records, policy, chosen.earlier, chosen.seconds):
            found[policy] = so_far
            about = {"machine": machine, "people": chosen.people, "conditions": chosen.conditions, "policies": list(found.values())}
            text = json.dumps(about, indent=2) + "\n"
            (chosen.results / f"history-{chosen.conditions}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
