"""Providers, regions and the nation through the whole gate: what is released, refused and written to the ledger."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from farr.lab.disclosure.ledger import Ledger
from farr.lab.disclosure.released import Released
from farr.lab.disclosure.vault import Contents, deposit
from farr.lab.model.period import Period
from farr.lab.model.question import Aggregate, AggregateKind, Estimate, Grouping, Question
from farr.lab.model.tables import TABLES
from farr.lab.model.tables.sus import APC_SPELL
from tests.registered import release

from .pairs import Pair
from .printed import TOTAL

SPELL = APC_SPELL.unbound
LEVELS = (Grouping(dimensions=("provider",)), Grouping(dimensions=("provider_region",)), Grouping())
PART = Aggregate(name="numerator", kind=AggregateKind.COUNT, where=SPELL.Age < 10, subset_of="denominator")
WHOLE = Aggregate(name="denominator", kind=AggregateKind.COUNT, where=SPELL.Age < 200)
MONEY = Aggregate(name="numerator", kind=AggregateKind.SUM, where=SPELL.Age < 200, value=SPELL.Age.cast("float64"), subset_of="denominator")
COUNTED = Aggregate(name="numerator", kind=AggregateKind.COUNT, where=SPELL.Age < 200)
VERDICT = Estimate(
    name="verdict",
    estimator="funnel_verdict",
    grouping=LEVELS[0],
    inputs=(("numerator", "numerator"), ("denominator", "denominator")),
    parameters=(("method", "proportion"), ("confidence", 0.998)),
)


def question(*aggregates: Aggregate, name: str = "attacked", verdict: bool = False) -> Question:
    return Question(
        name=name,
        table=APC_SPELL,
        period=Period.parse("2024-01..2024-12"),
        where=SPELL.Age < 200,
        aggregates=aggregates,
        groupings=LEVELS,
        estimates=(VERDICT,) if verdict else (),
    )


def place_of(code: str, parents: Mapping[str, str]) -> dict[str, Any]:
    """The keys of a row, by its code: a provider, a region or the nation."""
    level = 2 if code == TOTAL else 1 if parents[code] == TOTAL else 0
    return {
        "grouping": level,
        "month": None,
        "provider": code if level == 0 else None,
        "provider_region": None if level == 2 else code if level == 1 else parents[code],
    }


def code_of(row: Mapping[str, Any]) -> str:
    return row["provider"] or row["provider_region"] or TOTAL


def pair_rows(pairs: Mapping[str, Pair], parents: Mapping[str, str], verdicts: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    rows = []
    for code, (n, d) in pairs.items():
        row = {"numerator": n, "numerator__persons": n, "denominator": d, "denominator__persons": d}
        rows.append(place_of(code, parents) | row | ({} if verdicts is None else {"verdict": verdicts.get(code)}))
    return rows


def through_gate(asked: Question, rows: list[dict[str, Any]], policy: str, folder: Path, monkeypatch: Any) -> Released:
    """The release of the rows under a policy. Raises Refused. Every question has a ledger of its own (`ledger_of`), so that what was
    released for another is not known: each release is attacked alone."""
    monkeypatch.setitem(TABLES, "apc_spell", replace(APC_SPELL, policy=policy, derived_from=()))
    sealed = deposit(
        Contents(
            question=asked,
            agreement="example-2024",
            agreement_policy="open_data",
            store_versions={"apc_spell": 1},
            code_version="0.1.0",
            cells=pa.Table.from_pylist(rows, _schema(asked)),
        )
    )
    return release(sealed, Ledger(ledger_of(folder, asked)))


def ledger_of(folder: Path, asked: Question) -> Path:
    """Where `through_gate` keeps the ledger."""
    place = folder / asked.name.replace(" ", "-")
    place.mkdir(exist_ok=True)
    return place / "ledger.jsonl"


def _schema(asked: Question) -> pa.Schema:
    fields = [("grouping", pa.int64()), ("month", pa.string()), ("provider", pa.string()), ("provider_region", pa.string())]
    for aggregate in asked.aggregates:
        is_sum = aggregate.kind is AggregateKind.SUM
        fields += [(aggregate.name, pa.float64() if is_sum else pa.int64()), (f"{aggregate.name}__persons", pa.int64())]
        fields += [(f"{aggregate.name}__top{at}", pa.float64()) for at in (1, 2) if is_sum]
    return pa.schema(fields + [(estimate.name, pa.string()) for estimate in asked.estimates])


def printed_pairs(released: Released) -> dict[str, tuple[Any, Any, str]]:
    rows = released.table.to_pylist()
    return {code_of(row): (row["numerator"], row["denominator"], row["numerator__status"]) for row in rows}
