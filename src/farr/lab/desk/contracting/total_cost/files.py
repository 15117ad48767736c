"""A total cost of care as a file: CSV with the months beside it, and Excel. Released figures only."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

from farr.lab.desk import plain
from farr.lab.desk.contracting.total_cost.asking import TotalCost
from farr.lab.desk.contracting.total_cost.words import METHOD, finding
from farr.lab.desk.files import NOTES, PLAIN_TEXT, FileError, cell_formats, figures_sheet, text_sheet
from farr.lab.model.showing.inert import inert
from farr.lab.model.showing.page import Column

_FIGURES = (
    ("cost", "Cost, £", "count"), ("share", "Share of all held", "ratio"), ("items", "Items", "count"),
    ("before", "Year before, £", "count"),
    ("growth", "Growth", "ratio"), ("per_head", "£ a head", "figure"), ("peers_per_head", "Peers, £ a head", "figure"),
    ("nation_per_head", "Nation, £ a head", "figure"), ("expected_per_head", "At own ages, £ a head", "figure"),
    ("ratio", "Ratio to own ages", "ratio"), ("months", "Months held", "whole"), ("peers", "Peers who hold it", "whole"),
    ("holders", "Commissioners who hold it", "whole"),
)  # fmt: skip
PART_COLUMNS = (
    Column(field="part", title="Part", kind="text", width=16), Column(field="title", title="Name", kind="text", width=30),
    *(Column(field=field, title=title, kind=kind, width=15) for field, title, kind in _FIGURES),
    Column(field="status", title="Status", kind="text", width=13), Column(field="source", title="Source", kind="text", width=34),
)  # fmt: skip
MONTH_COLUMNS = (
    Column(field="month", title="Month", kind="text", width=11), Column(field="part", title="Part", kind="text", width=16),
    Column(field="title", title="Name", kind="text", width=26), Column(field="cost", title="Cost, £", kind="count", width=14),
)  # fmt: skip


def write_total_cost(found: TotalCost, name: str, path: Path) -> list[Path]:
    """Writes .xlsx, or .csv with months and notes beside it; gives the files. Raises FileError for another ending."""
    writers: dict[str, Callable[[TotalCost, str, Path], list[Path]]] = {".csv": _write_csv, ".xlsx": _write_excel}
    if path.suffix not in writers:
        raise FileError(f"{path.name}: a total cost is written as {' or '.join(writers)}, not '{path.suffix}'; rename the file")
    path.parent.mkdir(parents=True, exist_ok=True)
    return writers[path.suffix](found, name, path)


def part_rows(found: TotalCost) -> list[dict[str, Any]]:
    return [{**row, "source": found.sources.get(row["part"], "")} for row in found.rows.table.to_pylist()]


def month_rows(found: TotalCost) -> list[dict[str, Any]]:
    return found.months.table.to_pylist()


def explained(found: TotalCost, name: str) -> list[tuple[str, str]]:
    """What must travel with the figures."""
    return [
        ("Finding", f"{finding(found, name)}."), ("Commissioner", f"{found.organisation} {name}"), ("Period", str(found.period)),
        *(("Method", each) for each in METHOD), ("Peers", ", ".join(found.peers) or "none"), ("Hidden figures", plain.HIDDEN_NOTE),
        *(("Note", each) for each in found.notes),
        *(("Release", f"{each.provenance}; table SHA-256 {each.manifest.table_sha256}") for each in (found.rows, found.months)),
    ]  # fmt: skip


def _write_csv(found: TotalCost, name: str, path: Path) -> list[Path]:
    months, notes = path.with_name(f"{path.stem}.months.csv"), path.with_name(path.name + ".notes.txt")
    for file, columns, rows in ((path, PART_COLUMNS, part_rows(found)), (months, MONTH_COLUMNS, month_rows(found))):
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, [column.field for column in columns], extrasaction="ignore")
            writer.writeheader()
            writer.writerows({key: inert(value) for key, value in row.items()} for row in rows)
    notes.write_text("\n".join(f"{label}: {text}" for label, text in explained(found, name)) + "\n", encoding="utf-8")
    return [path, months, notes]


def _write_excel(found: TotalCost, name: str, path: Path) -> list[Path]:
    with xlsxwriter.Workbook(str(path), PLAIN_TEXT) as book:
        formats = cell_formats(book, 1)
        figures_sheet(book, "Parts", formats, PART_COLUMNS, part_rows(found))
        figures_sheet(book, "Months", formats, MONTH_COLUMNS, [{**row, "status": ""} for row in month_rows(found)])
        text_sheet(book, "Notes and provenance", formats, NOTES, explained(found, name))
    return [path]
