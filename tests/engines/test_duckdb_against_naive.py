"""DuckDB against a naive twin: the session's cells, recounted in plain Python from the same rows."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farr.lab.disclosure.vault import withdraw
from farr.lab.engine import session as session_module
from farr.lab.engine.session import Session
from farr.lab.engine.store import Store
from farr.lab.model.agreement import OptOuts, Terms
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.period import Month, Period
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question
from farr.lab.model.tables.sus import APC_SPELL

SPELL = APC_SPELL.unbound
REGION_OF = {"RA1": "Y1", "RA2": "Y1", "RB1": "Y2", "": "", None: None}
MONTHS = ("2024-01", "2024-02", "2024-03")

TERMS = Terms(
    id="twin", title="t", legal_basis="l", purposes=("benchmark",), datasets=("apc_episode",), period_first="2024-01",
    period_last="2024-12", starts=date(2024, 1, 1), ends=date(2099, 1, 1), retention_years=5, policy="hes_2018",
    opt_outs=OptOuts.APPLIED, opt_outs_reason="r",
)  # fmt: skip

QUESTION = Question(
    name="twin",
    table=APC_SPELL,
    period=Period.parse("2024-01..2024-02"),
    where=SPELL.Age >= 18,
    aggregates=(
        Aggregate(name="denominator", kind=AggregateKind.COUNT, where=SPELL.Sex == "1"),
        Aggregate(name="numerator", kind=AggregateKind.COUNT, where=(SPELL.Sex == "1") & (SPELL.Length_of_Stay > 2)),
        Aggregate(name="again", kind=AggregateKind.COUNT, where=SPELL.Sex == "1"),
        Aggregate(name="days", kind=AggregateKind.SUM, where=SPELL.Sex == "1", value=SPELL.Length_of_Stay),
    ),
    groupings=(
        Grouping(dimensions=("provider",)),
        Grouping(dimensions=("provider_region",)),
        Grouping(),
        Grouping(dimensions=("provider",), monthly=True),
        Grouping(monthly=True),
        Grouping(dimensions=("provider", "postcode_district")),
    ),
)


@dataclass(frozen=True)
class Spell:
    person: str | None
    provider: str | None
    district: str | None
    sex: str | None
    age: int | None
    days: int | None
    month: str

    def columns(self) -> dict[str, Any]:
        return {
            "Der_Pseudo_NHS_Number": self.person,
            "Provider_Code": self.provider,
            "Provider_Region_Code": REGION_OF[self.provider],
            "Postcode_District": self.district,
            "Sex": self.sex,
            "Age": self.age,
            "Length_of_Stay": self.days,
            "Activity_Month": self.month,
        }


spells = st.builds(
    Spell,
    person=st.sampled_from([None, "", "p1", "p2", "p3", "p4"]),
    provider=st.sampled_from(list(REGION_OF)),
    district=st.sampled_from(["LS1", " ", None]),
    sex=st.sampled_from(["1", "2", None]),
    age=st.sampled_from([None, 17, 18, 80]),
    days=st.sampled_from([None, -4, 0, 2, 3, 40]),
    month=st.sampled_from(MONTHS),
)


def load(store: Store, rows: list[Spell]) -> None:
    schema: pa.Schema = APC_SPELL.schema.to_pyarrow()
    with store.staging("apc_spell") as folder:
        staged: dict[Month, list[Path]] = {}
        for month in sorted({row.month for row in rows}):
            held = [row.columns() for row in rows if row.month == month]
            path = folder / f"{month}.parquet"
            pq.write_table(pa.Table.from_pylist(held, schema=schema), path)
            staged[Month.parse(month)] = [path]
        store.replace(APC_SPELL, staged, {}, rows=len(rows), whole=True)


def naive(rows: list[Spell]) -> list[dict[str, Any]]:
    """The definition of Contents.cells, one step at a time."""
    asked = [row for row in rows if row.month in ("2024-01", "2024-02") and row.age is not None and row.age >= 18]
    found = []
    for number, grouping in enumerate(QUESTION.groupings):
        by_cell: dict[tuple, list[Spell]] = defaultdict(list)
        if not grouping.monthly and not grouping.dimensions:
            by_cell[()] = []
        for row in asked:
            codes = tuple((row.columns()[DIMENSIONS[name].column] or "").strip() or "unknown" for name in grouping.dimensions)
            by_cell[(*([row.month] if grouping.monthly else []), *codes)].append(row)
        found += [cell(number, grouping, key, held) for key, held in by_cell.items()]
    return found


def cell(number: int, grouping: Grouping, key: tuple, rows: list[Spell]) -> dict[str, Any]:
    codes = dict(zip((["month"] if grouping.monthly else []) + list(grouping.dimensions), key, strict=True))
    if "provider" in codes:
        codes["provider_region"] = REGION_OF.get(codes["provider"]) or "unknown"
    men = [row for row in rows if row.sex == "1"]
    long = [row for row in men if row.days is not None and row.days > 2]
    valued = [row for row in men if row.days is not None]
    by_person: dict[str | None, float] = defaultdict(float)
    for row in valued:
        by_person[row.person or None] += row.days
    top = [*sorted((abs(total) for total in by_person.values()), reverse=True), 0.0, 0.0]
    return {
        "grouping": number, "month": codes.get("month"), "provider": codes.get("provider"),
        "provider_region": codes.get("provider_region"), "postcode_district": codes.get("postcode_district"),
        "denominator": len(men), "denominator__persons": persons(men),
        "numerator": len(long), "numerator__persons": persons(long),
        "again": len(men), "again__persons": persons(men),
        "days": float(sum(row.days for row in valued)), "days__persons": persons(valued), "days__top1": top[0], "days__top2": top[1],
    }  # fmt: skip


def persons(rows: list[Spell]) -> int:
    return len({row.person for row in rows if row.person})


def in_order(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(
        cells, key=lambda each: [str(each[name]) for name in ("grouping", "month", "provider", "provider_region", "postcode_district")]
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(spells, max_size=60))
def test_the_session_counts_as_a_person_with_a_pencil_would(rows):
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        load(store, rows)
        sealed = Session(store, TERMS, {}, "1").ask(QUESTION)
        assert in_order(withdraw(sealed).cells.to_pylist()) == in_order(naive(rows))


@pytest.mark.parametrize("bound", ["_ROWS_AT_ONCE", "_BYTES_KEPT", "_FIGURES_AT_ONCE"])
@settings(max_examples=5, deadline=None)
@given(rows=st.lists(spells, min_size=1, max_size=60))
def test_what_is_counted_at_once_makes_no_difference(bound, rows):
    """Months one at a time or together, rows held in memory or read anew, questions apart or in one pass."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        load(store, rows)
        other = replace(QUESTION, name="other", where=SPELL.Sex == "1")
        together = Session(store, TERMS, {}, "1").ask_many([QUESTION, other])
        with mock.patch.object(session_module, bound, 1):
            apart = Session(store, TERMS, {}, "1").ask_many([QUESTION, other])
        for one, another in zip(together, apart, strict=True):
            assert withdraw(one).cells.equals(withdraw(another).cells)


@settings(max_examples=5, deadline=None)
@given(st.lists(spells, min_size=1, max_size=30))
def test_figures_beyond_those_that_one_number_holds_are_counted_alike(rows):
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        load(store, rows)
        days = [
            Aggregate(name=f"over_{day}", kind=AggregateKind.COUNT, where=(SPELL.Age > 18 + day % 70) & (SPELL.Length_of_Stay > day // 70))
            for day in range(140)
        ]
        asked = replace(QUESTION, aggregates=tuple(days))
        cells = withdraw(Session(store, TERMS, {}, "1").ask(asked)).cells
        for aggregate in (days[3], days[65], days[-1]):
            alone = withdraw(Session(store, TERMS, {}, "1").ask(replace(asked, aggregates=(aggregate,)))).cells
            for name in (aggregate.name, f"{aggregate.name}__persons"):
                assert cells[name].equals(alone[name])
