"""A pack as a workbook: summary, commentary, a sheet for each measure, and what it rests on."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.figures import Row, rows, selected, trend
from farr.lab.desk.pack import edition as editions
from farr.lab.desk.pack.commentary import BlockKind
from farr.lab.desk.pack.edition import Edition, Section

# Nothing that came from a file or from the author may become a formula, a link or a number.
_INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LONGEST_NAME = 31  # characters that Excel allows in a sheet's name
_FIGURES = (
    ("Code", 10), ("Organisation", 38), ("In the norm", 12), ("Numerator", 13), ("Denominator", 14), ("Value", 12), ("95% lower", 12),
    ("95% upper", 12), ("Difference from norm", 14), ("Rank (1 = lowest)", 12), ("Ranked", 9), ("Verdict", 28),
)  # fmt: skip
_MONTHS = (("Month", 18), ("Numerator", 13), ("Denominator", 14), ("Value", 12), ("95% lower", 12), ("95% upper", 12), ("Reading", 30))


def write_excel(shown: Edition, path: Path) -> Path:
    """Writes the edition to `path`; returns it. A hidden figure is a star."""
    with xlsxwriter.Workbook(str(path), _INERT) as book:
        book.set_properties({"title": shown.title, "author": shown.standing.author, "comments": " ".join(_labels(shown))})
        formats = _formats(book)
        taken: set[str] = set()
        _lines(*_sheet(book, "Summary", taken, shown, formats), formats, _summary(shown), (34, 26, 26, 22, 60))
        _lines(*_sheet(book, "Commentary", taken, shown, formats), formats, _commentary(shown), (30, 120))
        for section in shown.sections:
            if section.benchmark is not None:
                _measure(*_sheet(book, section.title, taken, shown, formats), formats, section.benchmark, book)
        _lines(*_sheet(book, "Provenance", taken, shown, formats), formats, _provenance(shown), (34, 120))
    return path


def _labels(shown: Edition) -> list[str]:
    """What stands at the top of every sheet."""
    found = ["DRAFT: no second person has approved this."] if shown.standing.is_draft else []
    return [*found, "Synthetic data: every person, stay and organisation here is made up."] if shown.is_synthetic else found


def _summary(shown: Edition) -> list[Sequence[str]]:
    standing, first = shown.standing, shown.first
    approved = "nobody yet" if standing.is_draft else f"{standing.approver}, {editions.spoken_date(standing.approved_on)}"
    head: list[Sequence[str]] = [
        ("Pack", shown.title),
        ("Organisation", f"{first.organisation_name} ({first.organisation})"),
        ("Period", shown.period),
        ("Norm", first.norm_title),
        ("Version", f"{standing.pack}, {standing.version}"),
        ("Author", standing.author),
        ("Approved by", approved),
        (),
        ("Measure", "Value", "Norm", "95% interval", "Finding"),
    ]
    return head + [_summed(benchmark) for benchmark in shown.benchmarks]


def _summed(benchmark: Benchmark) -> Sequence[str]:
    own, measure = selected(benchmark), benchmark.measure
    figures = (plain.figure(own.value, measure), plain.figure(own.norm_value, measure), plain.interval(own, measure))
    return (measure.title, *figures, plain.finding(benchmark))


def _commentary(shown: Edition) -> list[Sequence[str]]:
    return [("Section", "Text"), *(line for section in shown.sections for line in _said(section))]


def _said(section: Section) -> Iterable[Sequence[str]]:
    if section.typed:
        yield section.title, f"{editions.TYPED_NOTE} {', '.join(section.typed)}."
    for block in section.blocks:
        for place, text in enumerate(editions.text_of(block), start=1):
            mark = {BlockKind.BULLETS: "• ", BlockKind.NUMBERED: f"{place}. "}.get(block.kind, "")
            yield section.title, mark + text
    if section.has_hidden:
        yield section.title, plain.HIDDEN_NOTE


def _provenance(shown: Edition) -> list[Sequence[str]]:
    known = [(f"{benchmark.measure.title}: {label}", text) for benchmark in shown.benchmarks for label, text in editions.about(benchmark)]
    return [("What", "Text"), *editions.provenance(shown), *known]


def _measure(sheet: Any, at: int, formats: dict[str, Any], benchmark: Benchmark, book: Any) -> None:
    decimals = benchmark.measure.decimals
    figure = book.add_format({"num_format": "#,##0" + ("." + "0" * decimals if decimals else "")})
    sheet.write_string(at, 0, plain.titled(benchmark.measure), formats["bold"])
    sheet.write_string(at + 1, 0, f"{plain.period(benchmark.period)}; norm: {benchmark.norm_title}; {plain.finding(benchmark)}")
    at = _table(sheet, at + 3, formats, figure, _FIGURES, [_row(row, benchmark) for row in _ordered(benchmark)])
    months = [
        (plain.month(each.month), each.numerator, each.denominator, each.value, each.lower, each.upper, each.point)
        for each in trend(benchmark)
    ]
    if months:
        sheet.write_string(at + 1, 0, f"{benchmark.organisation_name} by month", formats["bold"])
        at = _table(sheet, at + 2, formats, figure, _MONTHS, months, widths=False)
    sheet.write_string(at + 1, 0, plain.HIDDEN_NOTE)


def _ordered(benchmark: Benchmark) -> list[Row]:
    return sorted(rows(benchmark), key=lambda row: (row.value is None, -(row.value or 0.0), row.name))


def _row(row: Row, benchmark: Benchmark) -> tuple[Any, ...]:
    who = (row.organisation, row.name, "yes" if row.in_norm else "")
    figures = (row.numerator, row.denominator, row.value, row.lower, row.upper, row.difference, row.rank, row.ranked)
    return (*who, *figures, plain.verdict(row, benchmark.measure.direction))


def _table(
    sheet: Any, at: int, formats: dict[str, Any], figure: Any, columns: Sequence[tuple[str, int]], lines: Sequence[tuple[Any, ...]], *,
    widths: bool = True,
) -> int:  # fmt: skip
    """Writes headings and lines from row `at` on; the row after the last."""
    for place, (heading, width) in enumerate(columns):
        if widths:
            sheet.set_column(place, place, width)
        sheet.write_string(at, place, heading, formats["header"])
    for offset, line in enumerate(lines, start=1):
        for place, value in enumerate(line):
            _cell(sheet, (at + offset, place), value, formats, figure, columns[place][0])
    return at + len(lines) + 1


def _cell(sheet: Any, at: tuple[int, int], value: Any, formats: dict[str, Any], figure: Any, heading: str) -> None:
    if value is None:
        sheet.write_string(*at, plain.HIDDEN, formats["hidden"])
    elif isinstance(value, str):
        sheet.write_string(*at, value)
    else:
        whole = heading in ("Numerator", "Denominator", "Rank (1 = lowest)", "Ranked")
        sheet.write_number(*at, value, formats["whole"] if whole else figure)


def _lines(sheet: Any, start: int, formats: dict[str, Any], lines: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
    headings = {("Measure", "Value"), ("Section", "Text"), ("What", "Text")}
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    for offset, line in enumerate(lines):
        style = formats["header"] if tuple(line[:2]) in headings else formats["wrapped"]
        for place, text in enumerate(line):
            sheet.write_string(start + offset, place, text, style)


def _sheet(book: Any, title: str, taken: set[str], shown: Edition, formats: dict[str, Any]) -> tuple[Any, int]:
    """A sheet with its labels on top, and the first row under them."""
    sheet = book.add_worksheet(_name(title, taken))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    labels = _labels(shown)
    for line, label in enumerate(labels):
        sheet.write_string(line, 0, label, formats["label"])
    return sheet, len(labels) + bool(labels)


def _name(title: str, taken: set[str]) -> str:
    """A name that Excel takes, and no other sheet has."""
    clean = re.sub(r"[\[\]:*?/\\']", " ", title).strip()
    name, number = clean[:_LONGEST_NAME].strip(), 2
    while name.casefold() in taken:
        name, number = f"{clean[: _LONGEST_NAME - 3].strip()} {number}", number + 1
    taken.add(name.casefold())
    return name


def _formats(book: Any) -> dict[str, Any]:
    return {
        "header": book.add_format({"bold": True, "bg_color": "#1C2530", "font_color": "#FFFFFF", "valign": "top", "text_wrap": True}),
        "bold": book.add_format({"bold": True}),
        "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
        "hidden": book.add_format({"align": "right", "font_color": "#55616D"}),
        "label": book.add_format({"bold": True, "font_color": "#8A1F1F"}),
        "whole": book.add_format({"num_format": "#,##0"}),
    }
