"""Opportunities as a file for other programs: CSV and Excel. Figures derived from releases only."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

from farr.lab.desk.files import NOTES, PLAIN_TEXT, FileError, cell_formats, figures_sheet, text_sheet
from farr.lab.desk.opportunity.finding import Found
from farr.lab.desk.opportunity.wording import explained
from farr.lab.model.showing.inert import inert
from farr.lab.model.showing.page import Column

COLUMNS = tuple(
    Column(field=field, title=title, kind=kind, width=width)
    for field, title, kind, width in (
        ("measure", "Measure", "text", 32), ("title", "Title", "text", 44), ("means", "Payment or capacity", "text", 12),
        ("unit", "Unit of the figure", "text", 28), ("own", "Own figure", "figure", 12), ("shrunken", "Own figure, shrunken", "figure", 12),
        ("norm_value", "Norm", "figure", 12), ("members", "Members shown", "whole", 10), ("hidden_members", "Members hidden", "whole", 10),
        ("price", "£ a unit", "figure", 12), ("price_is", "What the price is", "text", 40), ("price_of", "Whose price", "text", 14),
        ("classic", "Classic, £", "count", 14), ("classic_is_significant", "Classic is significant", "flag", 12),
        ("units", "Units gained", "figure", 12), ("units_are", "Units", "text", 20), ("gain", "Gain (median), £", "count", 14),
        ("lower_80", "80% lower, £", "count", 14), ("upper_80", "80% upper, £", "count", 14), ("lower_95", "95% lower, £", "count", 14),
        ("upper_95", "95% upper, £", "count", 14), ("probability", "Share of runs above nothing", "ratio", 12),
        ("is_counted", "Counted", "flag", 10), ("kept", "In the total, £", "count", 14),
    )
)  # fmt: skip


def write_opportunities(found: Found, path: Path) -> Path:
    """Writes them as the ending of `path` says (.csv or .xlsx). Raises FileError for another."""
    writers: dict[str, Callable[[Found, Path], None]] = {".csv": _write_csv, ".xlsx": _write_excel}
    if path.suffix not in writers:
        raise FileError(f"{path.name}: Farr writes opportunities as {' and '.join(writers)}, not '{path.suffix}'; rename the file")
    path.parent.mkdir(parents=True, exist_ok=True)
    writers[path.suffix](found, path)
    return path


def data(found: Found) -> list[dict[str, Any]]:
    return found.table.table.to_pylist()


def _write_csv(found: Found, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.field for column in COLUMNS])
        writer.writeheader()
        writer.writerows({name: inert(value) for name, value in row.items()} for row in data(found))
    lines = "\n".join(f"{label}: {text}" for label, text in explained(found))
    path.with_name(path.name + ".notes.txt").write_text(lines + "\n", encoding="utf-8")


def _write_excel(found: Found, path: Path) -> None:
    with xlsxwriter.Workbook(str(path), PLAIN_TEXT) as book:
        formats = cell_formats(book, 2)
        figures_sheet(book, "Opportunities", formats, COLUMNS, [{**row, "status": "shown"} for row in data(found)])
        text_sheet(book, "Notes and provenance", formats, NOTES, explained(found))
