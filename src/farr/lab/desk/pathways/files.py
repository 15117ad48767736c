"""A pathway as a file for other programs: CSV and Excel. Figures derived from releases only."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

from farr.lab.desk.files import NOTES, PLAIN_TEXT, FileError, cell_formats, figures_sheet, text_sheet
from farr.lab.desk.pathways.comparing import Compared
from farr.lab.desk.pathways.wording import explained
from farr.lab.model.showing.inert import inert
from farr.lab.model.showing.page import Column

COLUMNS = tuple(
    Column(field=field, title=title, kind=kind, width=width)
    for field, title, kind, width in (
        ("organisation", "Code", "text", 10), ("name", "Name", "text", 34), ("title", "Item", "text", 34), ("months", "Months", "text", 18),
        ("means", "Payment or capacity", "text", 12), ("spells", "Spells", "count", 10), ("total", "Of all spells", "count", 12),
        ("mean", "A spell", "figure", 10), ("lower", "95% lower", "figure", 10), ("upper", "95% upper", "figure", 10),
        ("standard", "Standard", "figure", 10), ("basis", "Whose standard", "text", 22), ("unit", "£ of one", "figure", 12),
        ("unit_is", "What the price is", "text", 40), ("gap", "Gap on average, £", "count", 14), ("gap_sure", "Sure, £", "count", 14),
        ("gap_by_spell", "Spell by spell, £", "count", 14),
    )
)  # fmt: skip


def write_pathway(compared: Compared, path: Path, organisation: str | None = None) -> Path:
    """Writes it as the ending of `path` says (.csv or .xlsx), of one organisation or of all. Raises FileError for another."""
    writers: dict[str, Callable[[Compared, Path, str | None], None]] = {".csv": _write_csv, ".xlsx": _write_excel}
    if path.suffix not in writers:
        raise FileError(f"{path.name}: Farr writes pathways as {' and '.join(writers)}, not '{path.suffix}'; rename the file")
    path.parent.mkdir(parents=True, exist_ok=True)
    writers[path.suffix](compared, path, organisation)
    return path


def data(compared: Compared, organisation: str | None = None) -> list[dict[str, Any]]:
    """The rows of one organisation, or of all, named."""
    rows = compared.table.table.to_pylist()
    return [{**row, "name": compared.names.get(row["organisation"], "")} for row in rows if organisation in (None, row["organisation"])]


def _write_csv(compared: Compared, path: Path, organisation: str | None) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.field for column in COLUMNS], extrasaction="ignore")
        writer.writeheader()
        writer.writerows({name: inert(value) for name, value in row.items()} for row in data(compared, organisation))
    lines = "\n".join(f"{label}: {text}" for label, text in explained(compared))
    path.with_name(path.name + ".notes.txt").write_text(lines + "\n", encoding="utf-8")


def _write_excel(compared: Compared, path: Path, organisation: str | None) -> None:
    with xlsxwriter.Workbook(str(path), PLAIN_TEXT) as book:
        formats = cell_formats(book, 2)
        figures_sheet(book, "Pathway", formats, COLUMNS, [{**row, "status": "shown"} for row in data(compared, organisation)])
        text_sheet(book, "Notes and provenance", formats, NOTES, explained(compared))
