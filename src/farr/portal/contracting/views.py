"""What is published of an organisation's contracts: a list, each statement, and its files."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from farr.lab.model.showing.statement import Statement, Statements
from farr.portal.access.needs import needs
from farr.portal.access.roles import Permission
from farr.portal.agreements.grants import NATIONAL
from farr.portal.benchmarks.downloads import CHARTS, TABLES, as_file, statement_file_name
from farr.portal.benchmarks.published import PUBLISHED, NotPublished
from farr.portal.contracting.reading import granted, may_list, readable
from farr.portal.trail.recording import record
from farr.portal.trail.trail import What


@needs(Permission.SEE_FIGURES)
def statements(request: Any, level: str, organisation: str) -> HttpResponse:
    """The statements of an organisation that one may read, with what each found."""
    grant = granted(request.user, level, organisation)
    try:
        found: Statements | None = PUBLISHED.statements(level, organisation)
    except NotPublished:
        found = None
    if found is not None:
        cards = tuple(each for each in found.cards if may_list(request.user, each, grant, level, organisation))
        found = found.model_copy(update={"cards": cards})
        record(request, What.SAW, f"statements {level} {organisation}", purpose=grant.purpose)
    name = next(
        (each.name for each in PUBLISHED.contents().organisations if (each.level, each.code) == (level, organisation)),
        "the nation" if level == NATIONAL else organisation,
    )
    of_nation = level != NATIONAL and PUBLISHED.has_statements(NATIONAL, NATIONAL)
    return render(
        request, "statements.html",
        {"page": found, "grant": grant, "level": level, "code": organisation, "name": name, "of_nation": of_nation},
    )  # fmt: skip


@needs(Permission.SEE_FIGURES)
def statement(request: Any, level: str, organisation: str, kind: str, name: str) -> HttpResponse:
    """One statement: in words, charts and tables."""
    found, grant = readable(request.user, level, organisation, kind, name)
    record(request, What.SAW, _about(found), purpose=grant.purpose)
    return render(
        request, "statement.html",
        {"page": found, "grant": grant, "level": level, "code": organisation, "specs": {each.name: each.spec for each in found.charts}},
    )  # fmt: skip


@needs(Permission.DOWNLOAD)
def table(request: Any, level: str, organisation: str, kind: str, name: str, suffix: str) -> HttpResponse:
    """Every table of the statement as CSV or Excel."""
    if suffix not in TABLES:
        raise Http404
    found = _downloaded(request, level, organisation, kind, name, suffix)
    media, make = TABLES[suffix]
    return as_file(make(found), media, statement_file_name(found, f".{suffix}"))


@needs(Permission.DOWNLOAD)
def chart(request: Any, level: str, organisation: str, kind: str, name: str, chart: str, suffix: str) -> HttpResponse:
    """One chart of the statement as SVG or PNG."""
    if suffix not in CHARTS:
        raise Http404
    found = _downloaded(request, level, organisation, kind, name, f"{chart}.{suffix}")
    drawn = next((each for each in found.charts if each.name == chart), None)
    if drawn is None:
        raise Http404
    media, make = CHARTS[suffix]
    return as_file(make(found, drawn), media, statement_file_name(found, f"-{chart}.{suffix}"))


def _downloaded(request: Any, level: str, organisation: str, kind: str, name: str, what: str) -> Statement:
    found, grant = readable(request.user, level, organisation, kind, name)
    record(request, What.DOWNLOADED, _about(found), purpose=grant.purpose, detail={"file": what})
    return found


def _about(found: Statement) -> str:
    return f"{found.kind} {found.name} {found.level} {found.organisation}"
