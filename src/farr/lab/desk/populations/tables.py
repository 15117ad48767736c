"""Tables about people as files: .xlsx, or .csv with further tables and notes beside it. Released figures only."""

import csv
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from farr.lab.desk.files import NOTES, PLAIN_TEXT, FileError, cell_formats, figures_sheet, text_sheet
from farr.lab.model.showing.inert import inert
from farr.lab.model.showing.page import Sheet


def write_sheets(sheets: Sequence[Sheet], explained: Sequence[tuple[str, str]], path: Path) -> list[Path]:
    """Writes the sheets as the ending of `path` says; of .csv the first at the path, the others beside it. Raises FileError."""
    if path.suffix not in (".csv", ".xlsx"):
        raise FileError(f"{path.name}: these tables are written as .csv or .xlsx, not '{path.suffix}'; rename the file")
    path.parent.mkdir(parents=True, exist_ok=True)
    return _write_excel(sheets, explained, path) if path.suffix == ".xlsx" else _write_csv(sheets, explained, path)


def _write_csv(sheets: Sequence[Sheet], explained: Sequence[tuple[str, str]], path: Path) -> list[Path]:
    written: list[Path] = []
    for number, sheet in enumerate(sheets):
        file = path if number == 0 else path.with_name(f"{path.stem}.{sheet.name.lower().replace(' ', '_')}.csv")
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerow([column.field for column in sheet.columns])
            writer.writerows([inert(value) for value in row] for row in sheet.rows)
        written.append(file)
    notes = path.with_name(path.name + ".notes.txt")
    notes.write_text("\n".join(f"{label}: {text}" for label, text in explained) + "\n", encoding="utf-8")
    return [*written, notes]


def _write_excel(sheets: Sequence[Sheet], explained: Sequence[tuple[str, str]], path: Path) -> list[Path]:
    with xlsxwriter.Workbook(str(path), PLAIN_TEXT) as book:
        formats = cell_formats(book, 2)
        for sheet in sheets:
            fields = [column.field for column in sheet.columns]
            figures_sheet(
                book, sheet.name, formats, sheet.columns, [{"status": "", **dict(zip(fields, row, strict=True))} for row in sheet.rows]
            )
        text_sheet(book, "Notes and provenance", formats, NOTES, explained)
    return [path]
