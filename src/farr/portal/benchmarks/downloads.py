"""Tables and charts as files, each with the notes and the provenance that must travel with it inside."""

import copy
import csv
import io
import re
from collections.abc import Callable
from typing import Any

import vl_convert
import xlsxwriter
from django.http import HttpResponse

from farr.lab.model.showing.inert import inert
from farr.lab.model.showing.page import Cell, Chart, Column, Page, Sheet
from farr.lab.model.showing.statement import Statement

_SUPPRESSED, _HIDDEN = "suppressed", "*"
_SCALE = 2.0
_NARROWEST_NOTE = 110  # characters of a line under a chart


def file_name(page: Page, suffix: str) -> str:
    """A name that says what is in the file."""
    return _safe(page.measure.name, page.organisation, page.period, page.norm) + suffix


def statement_file_name(page: Statement, suffix: str) -> str:
    return _safe(page.kind, page.name, page.organisation, page.period) + suffix


def _safe(*parts: str) -> str:
    return "-".join(re.sub(r"[^A-Za-z0-9_]+", "-", part).strip("-") for part in parts)


def as_csv(page: Page | Statement) -> bytes:
    """Every table, each under its name; then the notes and the provenance. A hidden figure is empty and its status says 'suppressed'."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for sheet in page.sheets:
        writer.writerow([inert(sheet.name)])
        writer.writerow([inert(column.field) for column in sheet.columns])
        writer.writerows([inert(cell) for cell in row] for row in sheet.rows)
        writer.writerow([])
    writer.writerow(["Notes and provenance"])
    writer.writerows([inert(label), inert(text)] for label, text in page.explained)
    return out.getvalue().encode("utf-8-sig")


def as_excel(page: Page | Statement) -> bytes:
    """A workbook: a sheet a table, the codes, and notes and provenance."""
    out = io.BytesIO()
    # Nothing that came from a file may become a formula or a link.
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, plain) as book:
        is_page = isinstance(page, Page)
        title, finding = (page.measure.title, page.summary.finding) if is_page else (page.title, page.finding)
        book.set_properties({"title": f"{title}: {page.organisation_name}", "comments": finding})
        head = book.add_format({"bold": True, "bg_color": "#1C2530", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"})
        formats = {
            kind: book.add_format({"num_format": code}) for kind, code in _number_formats(page.measure.decimals if is_page else 0).items()
        }
        for sheet in page.sheets:
            _write_sheet(book, sheet, head, formats, page.hidden_note)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        if is_page:
            _write_text(book, "Codes", ("List", "Version", "Code", "Meaning"), _codes(page), head, wrapped)
        _write_text(book, "Notes and provenance", ("What", "Text"), page.explained, head, wrapped)
    return out.getvalue()


def as_svg(page: Page | Statement, chart: Chart) -> bytes:
    svg: str = vl_convert.vegalite_to_svg(_annotated(page, chart))
    return svg.encode()


def as_png(page: Page | Statement, chart: Chart) -> bytes:
    return vl_convert.vegalite_to_png(_annotated(page, chart), scale=_SCALE)


TABLES: dict[str, tuple[str, Callable[[Page | Statement], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_excel),
}
CHARTS: dict[str, tuple[str, Callable[[Page | Statement, Chart], bytes]]] = {"svg": ("image/svg+xml", as_svg), "png": ("image/png", as_png)}


def as_file(content: bytes, media: str, name: str) -> HttpResponse:
    """An answer that a browser stores as a file of that name, and keeps no copy of."""
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _annotated(page: Page | Statement, chart: Chart) -> dict[str, Any]:
    """The chart with what hidden figures mean and what it rests on under its title."""
    spec = copy.deepcopy(chart.full)
    ids = ", ".join(str(each.get("release_id", "")) for each in page.releases)
    synthetic = "Synthetic data. " if page.is_synthetic else ""
    note = f"{synthetic}{page.hidden_note} Agreement {page.agreement}; releases {ids}."
    title = spec.setdefault("title", {"text": chart.title})
    said = title.get("subtitle", [])
    title["subtitle"] = [*(said if isinstance(said, list) else [said]), *_lines(note)]
    return spec


def _lines(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > _NARROWEST_NOTE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _number_formats(decimals: int) -> dict[str, str]:
    figure = "#,##0" + ("." + "0" * decimals if decimals else "")
    return {"count": "#,##0", "figure": figure, "ratio": "0.00", "share": "0%", "whole": "0", "text": "@", "flag": "@"}


def _write_sheet(book: Any, sheet: Sheet, head: Any, formats: dict[str, Any], hidden_note: str) -> None:
    page = book.add_worksheet(sheet.name[:31])
    page.freeze_panes(1, 0)
    status = next((at for at, column in enumerate(sheet.columns) if column.field == "status"), None)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        page.write_string(0, at, column.title, head)
    for line, row in enumerate(sheet.rows, start=1):
        is_hidden = status is not None and row[status] == _SUPPRESSED
        for at, column in enumerate(sheet.columns):
            _write_cell(page, (line, at), column, row[at], formats, is_hidden=is_hidden)
    page.write_string(len(sheet.rows) + 2, 0, hidden_note)


def _write_cell(page: Any, at: tuple[int, int], column: Column, value: Cell, formats: dict[str, Any], *, is_hidden: bool) -> None:
    style = formats.get(column.kind, formats["text"])
    if value is None:
        if is_hidden:
            page.write_string(*at, _HIDDEN)
    elif isinstance(value, bool):
        page.write_string(*at, "yes" if value else "", style)
    elif isinstance(value, str):
        page.write_string(*at, value, style)
    else:
        page.write_number(*at, value, style)


def _write_text(book: Any, name: str, titles: tuple[str, ...], rows: Any, head: Any, wrapped: Any) -> None:
    page = book.add_worksheet(name)
    page.set_column(0, 0, 28)
    page.set_column(1, len(titles) - 1, 90 if len(titles) == 2 else 40)
    for at, title in enumerate(titles):
        page.write_string(0, at, title, head)
    for line, row in enumerate(rows, start=1):
        for at, text in enumerate(row):
            page.write_string(line, at, str(text), wrapped)


def _codes(page: Page) -> list[tuple[str, ...]]:
    return [(each.title, each.version, code, meaning) for each in page.codelists for code, meaning in each.codes.items()]
