"""Statements put together from what their kind says; notes and provenance are as every statement has them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.charts.theme import Spec, darkened
from farr.lab.disclosure.released import Released
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.period import Period
from farr.lab.model.showing.page import Chart, Column, Figure, Line, Sheet, Table
from farr.lab.model.showing.statement import Also, Part, Statement

Row = Mapping[str, Any]
Columns = Sequence[tuple[str, str, str, int]]
"""Field, title, kind and width of each column of a sheet."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Of whom and what a statement is, and when and of which records it was made; `also` as a statement has it."""

    kind: str
    name: str
    title: str
    why: str
    source: str
    level: str
    organisation: str
    organisation_name: str
    period: Period
    made_at: str
    is_synthetic: bool
    also: tuple[Also, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is said of a subject: `explained` are further (label, text) that travel with its files, before notes and releases."""

    finding: str
    facts: Sequence[Figure]
    charts: Iterable[Chart]
    parts: Iterable[Part]
    sheets: Iterable[Sheet]
    notes: Sequence[str]
    explained: Iterable[tuple[str, str]] = ()


def stated(subject: Subject, said: Said, sources: Sequence[Released]) -> Statement:
    """The statement; `sources` are the releases that it rests on, at least one."""
    return Statement(
        made_at=subject.made_at, agreement=sources[0].manifest.agreement, is_synthetic=subject.is_synthetic, kind=subject.kind,
        name=subject.name, title=subject.title, why=subject.why, source=subject.source, organisation=subject.organisation,
        organisation_name=subject.organisation_name, level=subject.level, level_title=plain.level_title(subject.level),
        level_plural=plain.plural(subject.level), period=str(subject.period), period_title=plain.period(subject.period),
        finding=said.finding, facts=tuple(said.facts), charts=tuple(said.charts), parts=tuple(said.parts), sheets=tuple(said.sheets),
        notes=tuple(said.notes), explained=tuple(_explained(subject, said, sources)), hidden_note=plain.HIDDEN_NOTE, dark=darkened(),
        releases=tuple(json.loads(json.dumps(each.manifest.as_dict())) for each in sources),
        also=subject.also,
    )  # fmt: skip


def _explained(subject: Subject, said: Said, sources: Sequence[Released]) -> list[tuple[str, str]]:
    return [
        ("Finding", f"{said.finding}."), (subject.kind.capitalize(), _titled(subject)), ("Organisation", subject.organisation_name),
        ("Period", plain.period(subject.period)), ("Level", plain.level_title(subject.level)), ("Why", subject.why),
        ("Source", subject.source), *said.explained, ("Hidden figures", plain.HIDDEN_NOTE), *(("Note", each) for each in said.notes),
        *(("Release", f"{each.provenance}; table SHA-256 {each.manifest.table_sha256}") for each in sources),
    ]  # fmt: skip


def _titled(subject: Subject) -> str:
    return subject.title if subject.name == subject.kind else f"{subject.title} ({subject.name})"


def chart(name: str, spec: Spec) -> Chart:
    """A chart of a statement, which says its title itself."""
    title = spec["title"]
    return Chart(
        name=name, title=" ".join(title["text"]), subtitle=" ".join(title["subtitle"]), description=spec["description"], full=spec
    )  # fmt: skip


def part(
    name: str, title: str, says: str, *, heading: str, columns: Sequence[str], rows: Iterable[Row], named: Callable[[Row], str],
    cells: Callable[[Row], tuple[str, ...]], is_selected: Callable[[Row], bool] = lambda _: False,
) -> Part:  # fmt: skip
    """A table of words: a line a row, with the name and the cells that are made of it."""
    lines = tuple(
        Line(code=row.get("code") or "", name=named(row), is_selected=is_selected(row), in_norm=True, cells=cells(row)) for row in rows
    )
    return Part(name=name, title=title, says=says, heading=heading, table=Table(columns=tuple(columns), lines=lines))


def sheet(name: str, columns: Columns, rows: Iterable[Row]) -> Sheet:
    """The same as data for files."""
    made = tuple(Column(field=field, title=title, kind=kind, width=width) for field, title, kind, width in columns)
    return Sheet(name=name, columns=made, rows=tuple(tuple(row[field] for field, *_ in columns) for row in rows))


def heading(by: str) -> str:
    """A breakdown's title within a sentence."""
    title = DIMENSIONS[by].title
    return title if title[:2].isupper() else title.lower()
