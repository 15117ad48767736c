"""A benchmark as the page that readers are shown: everything that is said of it, in plain data."""

import json
import math
from collections.abc import Mapping
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.charts.theme import darkened
from farr.lab.desk.figures import releases
from farr.lab.desk.files import explained, tables
from farr.lab.desk.showing import parts
from farr.lab.desk.showing.cards import measure_card
from farr.lab.disclosure.manifest import Manifest
from farr.lab.measures.questions import is_monthly
from farr.lab.model.codelist import CodeList
from farr.lab.model.dimension import DIMENSIONS, as_is
from farr.lab.model.request import BenchmarkRequest
from farr.lab.model.showing.page import Cell, CodesShown, Column, Page, Sheet


def page_of(benchmark: Benchmark, request: BenchmarkRequest, *, made_at: str) -> Page:
    """The page of a benchmark that answers `request`. Raises figures.FiguresError."""
    return Page(
        made_at=made_at,
        agreement=benchmark.rows.manifest.agreement,
        is_synthetic=benchmark.is_synthetic,
        request=_settled(benchmark, request),
        measure=measure_card(benchmark.measure),
        organisation=benchmark.organisation,
        organisation_name=benchmark.organisation_name,
        level=benchmark.level,
        level_title=plain.level_title(benchmark.level),
        level_plural=plain.plural(benchmark.level),
        period=str(benchmark.period),
        period_title=plain.period(benchmark.period),
        norm=benchmark.norm,
        norm_title=benchmark.norm_title,
        summary=parts.summary(benchmark),
        facts=parts.facts(benchmark),
        charts=parts.charts(benchmark),
        table=parts.table(benchmark),
        breakdown=parts.breakdown(benchmark),
        drills=_drills(benchmark),
        completeness=parts.completeness(benchmark),
        received=parts.received(benchmark),
        sheets=tuple(_sheet(name, columns, rows) for name, columns, rows in tables(benchmark)),
        codelists=tuple(_codes(each) for each in benchmark.codelists),
        notes=benchmark.notes,
        explained=tuple(explained(benchmark)),
        hidden_note=plain.HIDDEN_NOTE,
        dark=darkened(),
        releases=tuple(_as_json(released.manifest) for released in releases(benchmark)),
    )


def noticed(page: Page, notices: Mapping[str, str]) -> Page:
    """The page with what must be said, by release, of those that it rests on; the same page where that is nothing new."""
    resting = [name for each in page.releases for name in (each["release_id"], *each["derived_from"])]
    said = [notices[name] for name in dict.fromkeys(resting) if name in notices]
    new = [each for each in dict.fromkeys(said) if each not in page.notes]
    if not new:
        return page
    told = tuple(("Note", each) for each in new)
    return page.model_copy(update={"notes": (*new, *page.notes), "explained": (*page.explained, *told)})


def _settled(benchmark: Benchmark, request: BenchmarkRequest) -> BenchmarkRequest:
    """The request with what it left open as it was answered. `why` was for the output checker, and is no part of what is shown."""
    level = as_is(benchmark.level) if request.as_was else benchmark.level
    return request.model_copy(update={"period": str(benchmark.period), "level": level, "norm": benchmark.norm, "why": None})


def _drills(benchmark: Benchmark) -> dict[str, str]:
    """Organisations of small levels are not broken down (answering/askable.check_by)."""
    return {by: DIMENSIONS[by].title for by in benchmark.measure.breakdowns} if is_monthly(benchmark.level) else {}


def _sheet(name: str, columns: tuple[Column, ...], rows: list[dict[str, Any]]) -> Sheet:
    return Sheet(name=name, columns=columns, rows=tuple(tuple(_cell(row[column.field]) for column in columns) for row in rows))


def _cell(value: Any) -> Cell:
    # NaN is how some engines write null, and is no JSON.
    return None if isinstance(value, float) and math.isnan(value) else value


def _as_json(manifest: Manifest) -> dict[str, Any]:
    """JSON knows lists only, and a page read back is the page that was written."""
    return json.loads(json.dumps(manifest.as_dict()))


def _codes(codes: CodeList) -> CodesShown:
    return CodesShown(name=codes.name, title=codes.title, version=codes.version, source=codes.source, codes=dict(codes.codes))
