"""Benchmarks of released figures, as the desk makes them: rows with rates, intervals, funnel limits, ranks and verdicts."""

from dataclasses import replace
from typing import Any

import pyarrow as pa

from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.shapes import ROWS_SCHEMA, shaped
from farr.lab.disclosure.released import Released, derive
from farr.lab.measures.benchmark import compare
from farr.lab.measures.definitions import day_case_rate, emergency_admissions
from farr.lab.measures.figures import read_figures
from farr.lab.measures.measure import Measure
from farr.lab.measures.norms import national
from farr.lab.model.period import Period

RATE = replace(emergency_admissions.MEASURE, name="emergency_admissions")
SHARE = replace(day_case_rate.MEASURE, name="day_case_rate")
NATIONAL = replace(national.NORM, name="national")


def compared(measure: Measure, table: pa.Table, selected: str, people: pa.Table | None = None) -> pa.Table:
    """The rows of all providers beside the nation, of a table as the gate releases it."""

    def read(grouping: int, code: str | None, region: str | None) -> Any:
        return read_figures(measure, table, grouping=grouping, code_column=code, region_column=region, population=people)

    figures, total = read(0, "provider", "provider_region"), replace(read(2, None, None), codes=("national",))
    columns = compare(measure, figures, selected=selected, norm=NATIONAL, level="provider", names={}, total=total)
    return shaped(columns, ROWS_SCHEMA)


def benchmark_of(measure: Measure, released: Released, selected: str, people: pa.Table | None = None) -> Benchmark:
    rows = derive(f"{measure.name}.provider", lambda table: compared(measure, table, selected, people), released)
    return Benchmark(
        measure=measure,
        level="provider",
        norm=NATIONAL.name,
        norm_title=NATIONAL.title,
        period=Period.parse("2024-01..2024-12"),
        organisation=selected,
        organisation_name=selected,
        rows=rows,
        trend=None,
        completeness=None,
        codelists=(),
        notes=(),
    )
