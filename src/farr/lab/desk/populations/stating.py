"""What statements about people have in common: a sheet, a line of a table, a chart with its words, and the frame of it all."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.charts.theme import Spec, darkened
from farr.lab.disclosure.released import Released
from farr.lab.model.period import Period
from farr.lab.model.showing.page import Chart, Column, Figure, Line, Sheet, Table
from farr.lab.model.showing.statement import Part, Statement

Row = dict[str, Any]
Columns = Sequence[tuple[str, str, str, int]]
"""Field, title, kind and width of each column of a sheet."""
MOST_BARS = 60


@dataclass(frozen=True, kw_only=True)
class Said:
    """What one statement says, without what all have in common."""

    kind: str
    name: str
    title: str
    why: str
    source: str
    organisation: str
    level: str
    period: Period
    finding: str
    facts: Sequence[Figure]
    charts: Sequence[tuple[str, Spec]]
    parts: Sequence[Part]
    sheets: Sequence[Sheet]
    notes: Sequence[str]
    releases: Sequence[Released]


def statement(said: Said, names: Mapping[str, str], *, made_at: str, is_synthetic: bool) -> Statement:
    """The statement, with its notes and provenance. `names` are of the level's codes."""
    name = names.get(said.organisation, said.organisation)
    explained = [
        ("Finding", f"{said.finding}."), ("What", f"{said.title} ({said.name})"), ("Organisation", name),
        ("Period", plain.period(said.period)), ("Level", plain.level_title(said.level)), ("Why", said.why), ("Source", said.source),
        ("Hidden figures", plain.HIDDEN_NOTE), *(("Note", each) for each in said.notes),
        *(("Release", f"{each.provenance}; table SHA-256 {each.manifest.table_sha256}") for each in said.releases),
    ]  # fmt: skip
    return Statement(
        made_at=made_at,
        agreement=said.releases[0].manifest.agreement,
        is_synthetic=is_synthetic,
        kind=said.kind,
        name=said.name,
        title=said.title,
        why=said.why,
        source=said.source,
        organisation=said.organisation,
        organisation_name=name,
        level=said.level,
        level_title=plain.level_title(said.level),
        level_plural=plain.plural(said.level),
        period=str(said.period),
        period_title=plain.period(said.period),
        finding=said.finding,
        facts=tuple(said.facts),
        charts=tuple(_chart(name, spec) for name, spec in said.charts),
        parts=tuple(said.parts),
        sheets=tuple(said.sheets),
        notes=tuple(said.notes),
        explained=tuple(explained),
        hidden_note=plain.HIDDEN_NOTE,
        dark=darkened(),
        releases=tuple(json.loads(json.dumps(each.manifest.as_dict())) for each in said.releases),
    )


def part(name: str, title: str, says: str, heading: str, columns: Sequence[str], lines: Sequence[Line], *, is_words: bool = False) -> Part:
    table = Table(columns=tuple(columns), lines=tuple(lines))
    return Part(name=name, title=title, says=says, heading=heading, is_words=is_words, table=table)


def line(code: str, name: str, cells: Sequence[str], *, is_selected: bool = False) -> Line:
    return Line(code=code, name=name, is_selected=is_selected, in_norm=True, cells=tuple(cells))


def sheet(name: str, columns: Columns, rows: Sequence[Row]) -> Sheet:
    """A sheet of these columns; further fields of the rows are left out."""
    made = tuple(Column(field=field, title=title, kind=kind, width=width) for field, title, kind, width in columns)
    return Sheet(name=name, columns=made, rows=tuple(tuple(row[field] for field, *_ in columns) for row in rows))


def fewer(rows: Sequence[Row], organisation: str) -> list[Row]:
    """Both ends and one's own, where there are too many to read."""
    half = MOST_BARS // 2
    if len(rows) <= MOST_BARS:
        return list(rows)
    return [row for at, row in enumerate(rows) if at < half or at >= len(rows) - half or row["code"] == organisation]


def whole(figure: float | None) -> str:
    return plain.HIDDEN if figure is None else f"{figure:,.0f}"


def decimal(figure: float | None, digits: int = 2) -> str:
    return plain.HIDDEN if figure is None else f"{figure:,.{digits}f}"


def between(lower: float | None, upper: float | None, digits: int = 2) -> str:
    """An interval in words, or that there is none."""
    return plain.HIDDEN if lower is None or upper is None else f"{lower:,.{digits}f} to {upper:,.{digits}f}"


def percent(share: float | None, digits: int = 1) -> str:
    return plain.HIDDEN if share is None else f"{share:.{digits}%}"


def _chart(name: str, spec: Spec) -> Chart:
    return Chart(
        name=name, title=" ".join(spec["title"]["text"]), subtitle=" ".join(spec["title"]["subtitle"]),
        description=spec["description"], full=spec,
    )  # fmt: skip
