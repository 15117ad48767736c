"""Benchmarks to draw, write and describe: ten commissioners, one hidden, the last an outlier; and commands to type."""

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from farr.lab.desk.benchmark import Benchmark
from farr.lab.disclosure.manifest import Manifest
from farr.lab.disclosure.mint import MINT
from farr.lab.disclosure.released import Released, table_sha256
from farr.lab.measures.measure import Direction, Measure, MeasureKind, Theme
from farr.lab.model.codelist import CodeList
from farr.lab.model.period import Period
from farr.lab.model.table import Column, TableDeclaration, TableKind
from farr.launcher import main

SPELL = TableDeclaration(
    name="spell",
    title="Spell",
    description="A spell",
    kind=TableKind.MART,
    policy="open_data",
    columns=(Column(name="is_emergency", type="boolean", meaning="whether it is", source="made up"),),
    key=(),
)


@pytest.fixture
def typed(monkeypatch, capsys) -> Callable[..., tuple[int, str]]:
    """Types a command; how it ended, and what it printed."""

    def command(*arguments: str) -> tuple[int, str]:
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setattr(sys, "argv", ["farr", *arguments])
        code = 0
        try:
            main()
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        said = capsys.readouterr()
        return code, said.out + said.err

    return command


def released(name: str, rows: list[dict[str, Any]], schema: pa.Schema | None = None) -> Released:
    table = pa.Table.from_pylist(rows, schema=schema)
    manifest = Manifest(
        release_id="0123456789abcdef",
        name=name,
        question={},
        question_identity="",
        agreement="test",
        policy="hes_2018",
        checks=(("attacker audit", "passed"),),
        store_versions={"apc_spell": 2},
        code_version="0.1.0",
        released_at="2025-05-01T09:00:00+00:00",
        table_sha256=table_sha256(table),
    )
    return Released(manifest=manifest, table=table, mint=MINT)


def organisation_row(at: int, selected: int, hidden: set[int]) -> dict[str, Any]:
    shown = at not in hidden
    value = 10.0 + at if at < 9 else 40.0
    figures = {
        "numerator": value * 10,
        "denominator": 1000.0 + 50 * at,
        "value": value,
        "lower": value - 1,
        "upper": value + 1,
        "rank": at + 1 - sum(other < at for other in hidden),
        "quartile": at * 4 // 10 + 1,
        "decile": at + 1,
        "expected": 150.0,
        "ratio": value / 15,
        "funnel_lower_95": 9.0,
        "funnel_upper_95": 21.0,
        "funnel_lower_998": 6.0,
        "funnel_upper_998": 24.0,
        "difference": value - 15,
        "verdict": "high" if value > 24 else "as expected",
    }
    fixed = {
        "organisation": f"C{at:02d}",
        "name": f"Place {at}",
        "is_selected": at == selected,
        "in_norm": True,
        "is_complete": True,
        "ranked": 9,
        "norm_value": 15.0,
        "compared_with": "the nation",
    }
    return {**fixed, **{name: figure if shown else None for name, figure in figures.items()}, "status": "shown" if shown else "suppressed"}


def month_row(at: int, hidden: bool, point: str) -> dict[str, Any]:
    figures = {"numerator": 30.0, "denominator": 100.0, "value": 30.0 + at, "lower": 28.0, "upper": 32.0}
    fixed = {
        "norm_value": 15.0,
        "mean": 31.0,
        "lower_limit": 25.0,
        "upper_limit": 37.0,
        "point": "not assessed" if hidden else point,
        "rule": "",
    }
    shown = {name: None if hidden else figure for name, figure in figures.items()}
    return {"month": f"2024-{at + 1:02d}", **shown, **fixed, "status": "suppressed" if hidden else "shown"}


def make_benchmark(
    *,
    selected: int = 9,
    hidden: tuple[int, ...] = (3,),
    direction: Direction = Direction.HIGHER_IS_WORSE,
    unit: str = "% of spells",
    with_months: bool = True,
    notes: tuple[str, ...] = ("Synthetic data: made up.",),
    name: str = "Place 9",
) -> Benchmark:
    measure = Measure(
        name="made_up",
        title="Made-up share",
        why="To try the page.",
        definition="Spells that are emergencies.",
        source="Made up for the tests",
        owner="The tests",
        review_date=date(2026, 3, 31),
        signed_off_by=None,
        theme=Theme.EMERGENCY_CARE,
        kind=MeasureKind.PROPORTION,
        table=SPELL,
        denominator=SPELL.unbound.is_emergency.notnull(),
        numerator=SPELL.unbound.is_emergency,
        per=100,
        unit=unit,
        direction=direction,
        levels=("commissioner",),
    )
    rows = [organisation_row(at, selected, set(hidden)) for at in range(10)]
    rows[selected]["name"] = name
    points = [month_row(at, at == 4, "special cause concern" if at == 7 else "common cause") for at in range(12)]
    held = [
        {"month": f"2024-{at:02d}", "spells": 90.0, "expected": 100.0, "completeness": 0.6, "status": "may be incomplete"}
        for at in (11, 12)
    ]
    return Benchmark(
        measure=measure,
        level="commissioner",
        norm="national",
        norm_title="National",
        period=Period.parse("2024-01..2024-12"),
        organisation=f"C{selected:02d}",
        organisation_name=name,
        rows=released("rows", rows),
        trend=released("trend", points) if with_months else None,
        completeness=released("completeness", held),
        codelists=(CodeList(name="l", title="A list", version="1", source="S", licence="OGL", match="prefix", codes={"K40": "Hernia"}),),
        notes=notes,
    )


@pytest.fixture
def make() -> Callable[..., Benchmark]:
    return make_benchmark


@pytest.fixture
def benchmark_of_outlier() -> Benchmark:
    return make_benchmark()
