"""Questions over spells, and the cells that an honest session would give: counted naively from a list of spells."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pytest

from farr.lab.disclosure.history.nested import conditions_noted
from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.released import Released
from farr.lab.disclosure.review.held import waiting
from farr.lab.disclosure.review.shelf import Shelf
from farr.lab.disclosure.sealed import Nested
from farr.lab.disclosure.vault import Contents, deposit
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Estimate, Grouping, Question
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.sus import APC_SPELL
from tests.registered import release

SPELL = APC_SPELL.unbound
MONTHS = ("2024-01", "2024-02")


@dataclass(frozen=True)
class Spell:
    provider: str
    region: str
    person: str
    counted: bool = False
    month: str = "2024-01"
    value: float = 0.0


def spells(provider: str, region: str, denominator: int, numerator: int = 0, **more) -> list[Spell]:
    """`denominator` spells of as many people, `numerator` of them in the numerator."""
    return [Spell(provider, region, f"{provider}-{number}", number < numerator, **more) for number in range(denominator)]


def proportion(*groupings: Grouping, estimate: bool = False) -> Question:
    groupings = groupings or (Grouping(dimensions=("provider",)), Grouping(dimensions=("provider_region",)), Grouping())
    verdict = Estimate(
        name="verdict",
        estimator="funnel_verdict",
        grouping=groupings[0],
        inputs=(("observed", "numerator"), ("denominators", "denominator")),
    )
    return Question(
        name="example",
        table=APC_SPELL,
        period=Period.parse("2024-01..2024-02"),
        where=SPELL.Age < 200,
        aggregates=(
            Aggregate(name="numerator", kind=AggregateKind.COUNT, where=SPELL.Age < 10, subset_of="denominator"),
            Aggregate(name="denominator", kind=AggregateKind.COUNT, where=SPELL.Age < 200),
        ),
        groupings=groupings,
        estimates=(verdict,) if estimate else (),
    )


def mean() -> Question:
    return Question(
        name="mean",
        table=APC_SPELL,
        period=Period.parse("2024-01..2024-02"),
        where=SPELL.Age < 200,
        aggregates=(
            Aggregate(name="numerator", kind=AggregateKind.SUM, where=SPELL.Age < 200, value=SPELL.Age, subset_of="denominator"),
            Aggregate(name="denominator", kind=AggregateKind.COUNT, where=SPELL.Age < 200),
        ),
        groupings=(Grouping(dimensions=("provider",)), Grouping(dimensions=("provider_region",)), Grouping()),
    )


def cells_of(question: Question, records: Sequence[Spell], verdicts: dict[str, str] | None = None) -> pa.Table:
    keys = ["provider", "provider_region"] if any(g.dimensions for g in question.groupings) else []
    rows = []
    for number, grouping in enumerate(question.groupings):
        for key, within in _grouped(grouping, records).items():
            row = {"grouping": number, "month": key[0]} | dict(zip(keys, key[1:], strict=False))
            for aggregate in question.aggregates:
                row |= _figures(aggregate, within)
            for estimate in question.estimates:
                row[estimate.name] = (verdicts or {}).get(key[1] or "", "as expected") if estimate.grouping == grouping else None
            rows.append(row)
    return pa.Table.from_pylist(rows, schema=_schema(question, keys))


def _grouped(grouping: Grouping, records: Sequence[Spell]) -> dict[tuple, list[Spell]]:
    known = {name for dimension in grouping.dimensions for name in (dimension, DIMENSIONS[dimension].parent)}
    groups: dict[tuple, list[Spell]] = {}
    for spell in records:
        provider = spell.provider if "provider" in known else None
        region = spell.region if "provider_region" in known else None
        groups.setdefault((spell.month if grouping.monthly else None, provider, region), []).append(spell)
    return groups


def _figures(aggregate: Aggregate, within: Sequence[Spell]) -> dict[str, float]:
    chosen = [spell for spell in within if spell.counted or aggregate.subset_of is None or aggregate.kind is AggregateKind.SUM]
    name, people = aggregate.name, {spell.person for spell in chosen}
    if aggregate.kind is AggregateKind.COUNT:
        return {name: len(chosen), f"{name}__persons": len(people)}
    tops = sorted((sum(spell.value for spell in chosen if spell.person == person) for person in people), reverse=True)
    tops = [*tops, 0.0, 0.0]
    total = sum(spell.value for spell in chosen)
    return {name: total, f"{name}__persons": len(people), f"{name}__top1": tops[0], f"{name}__top2": tops[1]}


def _schema(question: Question, keys: list[str]) -> pa.Schema:
    fields = [("grouping", pa.int64()), ("month", pa.string()), *((key, pa.string()) for key in keys)]
    for aggregate in question.aggregates:
        is_sum = aggregate.kind is AggregateKind.SUM
        fields += [(aggregate.name, pa.float64() if is_sum else pa.int64()), (f"{aggregate.name}__persons", pa.int64())]
        if is_sum:
            fields += [(f"{aggregate.name}__top1", pa.float64()), (f"{aggregate.name}__top2", pa.float64())]
    return pa.schema(fields + [(estimate.name, pa.string()) for estimate in question.estimates])


def sealed_of(
    question: Question, cells: pa.Table, *, policy: str = "hes_2018", versions: dict[str, int] | None = None, agreed: int | None = None,
    records: Sequence[Spell] = (), agreement: str = "example-2024", scheme: str = "", delivery: str = "",
    nested: tuple[Nested, ...] = (), secret: bytes = b"",
):  # fmt: skip
    """With a `scheme`, what the records hold is known; another `delivery` has files of its own."""
    digests = {str(month): _digest(records, str(month)) for month in question.months}
    return deposit(
        Contents(
            question=question,
            agreement=agreement,
            agreement_policy=policy,
            store_versions=versions or {"apc_spell": 1},
            code_version="0.1.0",
            cells=cells,
            questions_agreed=agreed,
            months={month: delivery + digest for month, digest in digests.items()},
            content=dict.fromkeys(("Age", "Provider_Code", "Provider_Region_Code"), digests) if scheme else {},
            content_scheme=scheme,
            nested=nested,
            secret=secret,
        )
    )


def _digest(records: Sequence[Spell], month: str) -> str:
    return hashlib.sha256("".join(sorted(repr(each) for each in records if each.month == month)).encode()).hexdigest()


class Rig:
    """What a test needs to pass spells through the gate."""

    def __init__(self, folder: Path) -> None:
        self.ledger = Ledger(folder / "ledger.jsonl")

    spells = staticmethod(spells)
    proportion = staticmethod(proportion)
    mean = staticmethod(mean)
    cells_of = staticmethod(cells_of)
    sealed_of = staticmethod(sealed_of)
    spell = Spell

    def release(self, question: Question, records: Sequence[Spell], verdicts: dict[str, str] | None = None, **more) -> Released:
        nested = more.pop("nested", self.apart(question))
        return release(sealed_of(question, cells_of(question, records, verdicts), records=records, nested=nested, **more), self.ledger)

    def apart(self, question: Question, shelf: Shelf | None = None) -> tuple[Nested, ...]:
        """All that was released before or waits, as of cohorts that lie apart: no condition can be put to the spells of a test."""
        name = question.table.name
        held = [] if shelf is None else waiting(self.ledger, shelf, name)
        known = conditions_noted((each.audit for each in [*self.ledger.released_of(name), *held]), question.table)
        pairs = [(figure, series) for figure in question.conditions() for series in known]
        return tuple(Nested(figure=figure, series=series, within=False, around=False) for figure, series in pairs)


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


@pytest.fixture
def busy(rig: Rig) -> Callable[[], list[Spell]]:
    """Three providers in each of two regions, with nothing small."""

    def make() -> list[Spell]:
        return [s for r in "NS" for p in range(3) for s in spells(f"{r}{p}", r, 103 + 10 * p, 31 + p)]

    return make


@pytest.fixture
def legacy(monkeypatch):
    """Spells that came under the policy before 2018, with exact counts."""
    monkeypatch.setitem(TABLES, "apc_spell", replace(APC_SPELL, policy="hes_legacy", derived_from=()))
