"""A benchmark as files for other programs: CSV, Parquet, Excel and JSON; and as a table on screen. Released figures only."""

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import xlsxwriter

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.figures import records, releases
from farr.lab.disclosure.released import Released
from farr.lab.model.errors import FarrError
from farr.lab.model.showing.inert import inert
from farr.lab.model.showing.page import Column

_SUPPRESSED = "suppressed"
PLAIN_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""Options of a workbook: nothing that came from a file may become a formula or a link."""


class FileError(FarrError):
    """A file that cannot be written; the message says which ending to use."""


_BENCHMARK = (
    Column(field="organisation", title="Code", kind="text", width=10),
    Column(field="name", title="Organisation", kind="text", width=38),
    Column(field="is_selected", title="Selected", kind="flag", width=10),
    Column(field="in_norm", title="In the norm", kind="flag", width=12),
    Column(field="numerator", title="Numerator", kind="count", width=13),
    Column(field="denominator", title="Denominator", kind="count", width=14),
    Column(field="value", title="Value", kind="figure", width=11),
    Column(field="lower", title="95% lower", kind="figure", width=11),
    Column(field="upper", title="95% upper", kind="figure", width=11),
    Column(field="status", title="Status", kind="text", width=12),
    Column(field="norm_value", title="Norm", kind="figure", width=11),
    Column(field="difference", title="Difference", kind="figure", width=12),
    Column(field="rank", title="Rank (1 = lowest)", kind="whole", width=17),
    Column(field="ranked", title="Ranked", kind="whole", width=9),
    Column(field="quartile", title="Quartile (1 = lowest)", kind="whole", width=20),
    Column(field="decile", title="Decile (1 = lowest)", kind="whole", width=18),
    Column(field="expected", title="Expected", kind="count", width=12),
    Column(field="ratio", title="Ratio to expected", kind="ratio", width=17),
    Column(field="funnel_lower_998", title="Funnel 99.8% lower", kind="figure", width=19),
    Column(field="funnel_lower_95", title="Funnel 95% lower", kind="figure", width=17),
    Column(field="funnel_upper_95", title="Funnel 95% upper", kind="figure", width=17),
    Column(field="funnel_upper_998", title="Funnel 99.8% upper", kind="figure", width=19),
    Column(field="verdict", title="Verdict", kind="text", width=14),
)
_TREND = (
    Column(field="month", title="Month", kind="text", width=11),
    Column(field="numerator", title="Numerator", kind="count", width=13),
    Column(field="denominator", title="Denominator", kind="count", width=14),
    Column(field="value", title="Value", kind="figure", width=11),
    Column(field="lower", title="95% lower", kind="figure", width=11),
    Column(field="upper", title="95% upper", kind="figure", width=11),
    Column(field="status", title="Status", kind="text", width=12),
    Column(field="norm_value", title="Norm", kind="figure", width=11),
    Column(field="mean", title="Mean", kind="figure", width=11),
    Column(field="lower_limit", title="Lower limit", kind="figure", width=12),
    Column(field="upper_limit", title="Upper limit", kind="figure", width=12),
    Column(field="point", title="Reading", kind="text", width=28),
)
_COMPLETENESS = (
    Column(field="month", title="Month", kind="text", width=11),
    Column(field="spells", title="Spells held", kind="count", width=13),
    Column(field="expected", title="Spells expected", kind="count", width=16),
    Column(field="completeness", title="Share", kind="share", width=10),
    Column(field="status", title="Status", kind="text", width=12),
)
_BREAKDOWN = (
    Column(field="code", title="Code", kind="text", width=10),
    Column(field="name", title="Name", kind="text", width=38),
    Column(field="numerator", title="Numerator", kind="count", width=13),
    Column(field="denominator", title="Denominator", kind="count", width=14),
    Column(field="value", title="Value", kind="figure", width=11),
    Column(field="lower", title="95% lower", kind="figure", width=11),
    Column(field="upper", title="95% upper", kind="figure", width=11),
    Column(field="status", title="Status", kind="text", width=12),
    Column(field="norm_value", title="Nation's for the code", kind="figure", width=20),
    Column(field="difference", title="Difference", kind="figure", width=12),
    Column(field="share", title="Share of activity", kind="share", width=16),
    Column(field="note", title="Note", kind="text", width=38),
)
_CODES = (("List", 34), ("Version", 22), ("Source", 44), ("Code", 12), ("Name", 60))
NOTES = (("What", 26), ("Text", 120))


def write(benchmark: Benchmark, path: Path) -> Path:
    """Writes the benchmark as the ending of `path` says (.csv, .parquet, .xlsx or .json). Raises FileError for another."""
    writers: dict[str, Callable[[Benchmark, Path], Path]] = {
        ".csv": write_csv,
        ".parquet": write_parquet,
        ".xlsx": write_excel,
        ".json": write_json,
    }
    if path.suffix not in writers:
        raise FileError(f"{path.name}: Farr writes {', '.join(writers)}, not '{path.suffix}'; rename the file")
    path.parent.mkdir(parents=True, exist_ok=True)
    return writers[path.suffix](benchmark, path)


def write_csv(benchmark: Benchmark, path: Path) -> Path:
    """The organisations, data only: a hidden figure is empty and its status says 'suppressed'. Notes go to <path>.notes.txt."""
    rows = records(benchmark.rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=benchmark.rows.table.column_names)
        writer.writeheader()
        writer.writerows({name: inert(value) for name, value in row.items()} for row in rows)
    notes = path.with_name(path.name + ".notes.txt")
    notes.write_text("\n".join(f"{label}: {text}" for label, text in explained(benchmark)) + "\n", encoding="utf-8")
    return path


def write_parquet(benchmark: Benchmark, path: Path) -> Path:
    """The organisations; what `as_json` says besides the figures is in the schema's metadata under 'farr'."""
    records(benchmark.rows)
    about = {key: value for key, value in as_json(benchmark).items() if key not in ("rows", "trend", "completeness", "parts")}
    table = benchmark.rows.table.replace_schema_metadata({"farr": json.dumps(about)})
    pq.write_table(table, path, compression="zstd")
    return path


def write_json(benchmark: Benchmark, path: Path) -> Path:
    path.write_text(json.dumps(as_json(benchmark), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def as_json(benchmark: Benchmark) -> dict[str, Any]:
    """The whole benchmark as plain data; hidden figures are null, with status 'suppressed'."""
    measure = benchmark.measure
    return {
        "measure": {
            "name": measure.name,
            "title": measure.title,
            "kind": measure.kind.value,
            "unit": measure.unit,
            "direction": measure.direction.value,
            "definition": measure.definition,
            "why": measure.why,
            "source": measure.source,
            "owner": measure.owner,
            "review_date": measure.review_date.isoformat(),
            "signed_off_by": measure.signed_off_by,
        },
        "organisation": benchmark.organisation,
        "organisation_name": benchmark.organisation_name,
        "level": benchmark.level,
        "period": str(benchmark.period),
        "norm": {"name": benchmark.norm, "title": benchmark.norm_title},
        "finding": plain.finding(benchmark),
        "rows": records(benchmark.rows),
        "trend": _optional(benchmark.trend),
        "completeness": _optional(benchmark.completeness),
        "left_out": [{"month": str(each.month), "reason": each.reason} for each in benchmark.left_out],
        "by": benchmark.by,
        "parts": _optional(benchmark.parts),
        "codelists": [
            {"name": codes.name, "title": codes.title, "version": codes.version, "source": codes.source, "codes": dict(codes.codes)}
            for codes in benchmark.codelists
        ],
        "notes": list(benchmark.notes),
        "releases": [released.manifest.as_dict() for released in releases(benchmark)],
    }


def tables(benchmark: Benchmark) -> list[tuple[str, tuple[Column, ...], list[dict[str, Any]]]]:
    """The benchmark's tables by name, each with the columns that go into a file; a breakdown where one was asked for."""
    parts = [] if benchmark.parts is None else [("Breakdown", _BREAKDOWN, records(benchmark.parts))]
    return [
        ("Benchmark", _BENCHMARK, records(benchmark.rows)),
        *parts,
        ("Trend", _TREND, _optional(benchmark.trend) or []),
        ("Completeness", _COMPLETENESS, _optional(benchmark.completeness) or []),
    ]


def explained(benchmark: Benchmark) -> list[tuple[str, str]]:
    """Notes and provenance, as (label, text): what must travel with the figures."""
    measure = benchmark.measure
    lines = [
        ("Finding", f"{benchmark.organisation_name}: {plain.finding(benchmark)}"),
        ("Measure", f"{measure.title} ({plain.unit(measure)})"),
        ("Period", plain.period(benchmark.period)),
        ("Norm", benchmark.norm_title),
        ("Level", plain.level_title(benchmark.level)),
        ("Definition", measure.definition),
        ("Why", f"{measure.why} {plain.direction(measure)}"),
        ("Source", measure.source),
        ("Owner", f"{measure.owner}, review by {measure.review_date.isoformat()}"),
        ("Clinical sign-off", measure.signed_off_by or "not yet signed off by a clinician"),
        ("Hidden figures", plain.HIDDEN_NOTE),
        ("Ranks, quartiles, deciles", "1 is the lowest value."),
    ]
    lines += [("Note", note) for note in benchmark.notes]
    lines += [("Release", f"{released.provenance}; table SHA-256 {released.manifest.table_sha256}") for released in releases(benchmark)]
    return lines


def write_excel(benchmark: Benchmark, path: Path) -> Path:
    """A workbook with the sheets Benchmark, Breakdown (where one was asked for), Trend, Completeness, Codes, and Notes and provenance;
    `*` for a hidden figure."""
    with xlsxwriter.Workbook(str(path), PLAIN_TEXT) as book:
        book.set_properties({"title": f"{benchmark.measure.title}: {benchmark.organisation_name}", "comments": plain.finding(benchmark)})
        formats = cell_formats(book, benchmark.measure.decimals)
        for name, columns, rows in tables(benchmark):
            figures_sheet(book, name, formats, columns, rows)
        text_sheet(book, "Codes", formats, _CODES, _codes(benchmark))
        text_sheet(book, "Notes and provenance", formats, NOTES, explained(benchmark))
    return path


def cell_formats(book: Any, decimals: int) -> dict[str, Any]:
    """Formats of a workbook's cells by kind of column, and those of headers, wrapped text and hidden figures."""
    figure = "#,##0" + ("." + "0" * decimals if decimals else "")
    numbers = {"count": "#,##0", "figure": figure, "ratio": "0.00", "share": "0%", "whole": "0", "text": "@", "flag": "@"}
    formats = {kind: book.add_format({"num_format": code}) for kind, code in numbers.items()}
    formats |= {f"{kind} own": book.add_format({"num_format": code, "bold": True, "bg_color": "#DCEBF5"}) for kind, code in numbers.items()}
    formats["header"] = book.add_format(
        {"bold": True, "bg_color": "#1C2530", "font_color": "#FFFFFF", "valign": "vcenter", "text_wrap": True}
    )
    formats["wrapped"] = book.add_format({"text_wrap": True, "valign": "top"})
    formats["hidden"] = book.add_format({"align": "right", "font_color": "#55616D"})
    return formats


def figures_sheet(book: Any, name: str, formats: dict[str, Any], columns: Sequence[Column], rows: list[dict[str, Any]]) -> None:
    """A sheet of released rows, each of which says its `status`; `*` for a hidden figure."""
    sheet = _sheet(book, name, formats, [(column.title, column.width) for column in columns])
    for line, row in enumerate(rows, start=1):
        own = " own" if row.get("is_selected") else ""
        for place, column in enumerate(columns):
            if row[column.field] is None and row["status"] == _SUPPRESSED:
                sheet.write_string(line, place, plain.HIDDEN, formats["hidden"])
            elif row[column.field] is not None:
                _figure_cell(sheet, (line, place), formats[column.kind + own], row[column.field])
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    if not rows:
        sheet.write_string(1, 0, "Not published for this level.")
    elif any(row["status"] == _SUPPRESSED for row in rows):
        sheet.write_string(len(rows) + 2, 0, plain.HIDDEN_NOTE)


def _figure_cell(sheet: Any, at: tuple[int, int], style: Any, value: Any) -> None:
    if isinstance(value, bool):
        sheet.write_string(*at, "yes" if value else "", style)
    elif isinstance(value, str):
        sheet.write_string(*at, value, style)
    else:
        sheet.write_number(*at, value, style)


def text_sheet(book: Any, name: str, formats: dict[str, Any], columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]]) -> None:
    """A sheet of text, under columns of a heading and a width in characters."""
    sheet = _sheet(book, name, formats, columns)
    for line, row in enumerate(rows, start=1):
        for place, text in enumerate(row):
            sheet.write_string(line, place, text, formats["wrapped"])


def _sheet(book: Any, name: str, formats: dict[str, Any], columns: Sequence[tuple[str, int]]) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 30)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, (title, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, title, formats["header"])
    return sheet


def _codes(benchmark: Benchmark) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [
        (codes.title, codes.version, codes.source, code, meaning) for codes in benchmark.codelists for code, meaning in codes.codes.items()
    ]
    return rows or [("This measure uses no clinical code list.", "", "", "", "")]


def _optional(released: Released | None) -> list[dict[str, Any]] | None:
    return None if released is None else records(released)
