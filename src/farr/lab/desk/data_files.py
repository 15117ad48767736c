"""Figures with what explains them as files for other programs: CSV, a file a table with notes beside it, or one Excel workbook. Released or
published figures only."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from farr.lab.desk.files import NOTES, PLAIN_TEXT, FileError, cell_formats, figures_sheet, text_sheet
from farr.lab.model.showing.inert import inert
from farr.lab.model.showing.page import Column

Tables = Sequence[tuple[str, Sequence[Column], Sequence[Mapping[str, Any]]]]
"""Name, columns and rows of each; a row has more than the columns where it likes."""
Explained = Sequence[tuple[str, str]]
"""What must travel with the figures, as (label, text)."""


def check_ending(path: Path, what: str) -> None:
    """Makes the folder. Raises FileError for an ending that is not one of a file of these."""
    if path.suffix not in (".csv", ".xlsx"):
        raise FileError(f"{path.name}: Farr writes {what} as .csv and .xlsx, not '{path.suffix}'; rename the file")
    path.parent.mkdir(parents=True, exist_ok=True)


def write_data(path: Path, what: str, tables: Tables, explained: Explained, *, decimals: int) -> list[Path]:
    """Writes what the ending of `path` says; gives the files. `decimals` are those of figures in a workbook. Raises FileError."""
    check_ending(path, what)
    written: Mapping[str, Callable[[], list[Path]]] = {
        ".csv": lambda: write_csv_tables(path, tables, explained),
        ".xlsx": lambda: _write_workbook(path, tables, explained, decimals),
    }
    return written[path.suffix]()


def write_csv_tables(path: Path, tables: Tables, explained: Explained) -> list[Path]:
    """The first table at `path`, the others beside it under their names, and the notes in <path>.notes.txt."""
    written: list[Path] = []
    for name, columns, rows in tables:
        file = path.with_name(f"{path.stem}.{name.lower().replace(' ', '_')}.csv") if written else path
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, [column.field for column in columns], extrasaction="ignore")
            writer.writeheader()
            writer.writerows({field: inert(value) for field, value in row.items()} for row in rows)
        written.append(file)
    notes = path.with_name(path.name + ".notes.txt")
    notes.write_text("\n".join(f"{label}: {text}" for label, text in explained) + "\n", encoding="utf-8")
    return [*written, notes]


def _write_workbook(path: Path, tables: Tables, explained: Explained, decimals: int) -> list[Path]:
    with xlsxwriter.Workbook(str(path), PLAIN_TEXT) as book:
        formats = cell_formats(book, decimals)
        for name, columns, rows in tables:
            figures_sheet(book, name, formats, columns, [{"status": "shown", **row} for row in rows])
        text_sheet(book, "Notes and provenance", formats, NOTES, explained)
    return [path]
