"""A contract's position as a file for other programs: CSV and Excel. Released figures only."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter

from farr.lab.desk import plain
from farr.lab.desk.contracting.plan_against_actual import PlanAgainstActual
from farr.lab.desk.files import NOTES, PLAIN_TEXT, FileError, cell_formats, figures_sheet, text_sheet
from farr.lab.model.showing.inert import inert
from farr.lab.model.showing.page import Column

_POUNDS = (
    ("planned", "Planned to date, £"), ("paid", "Paid to date, £"), ("variance", "Variance, £"), ("volume", "Volume, £"),
    ("casemix", "Casemix, £"), ("price", "Price, £"), ("year_planned", "Planned for the year, £"), ("forecast", "Forecast, £"),
    ("lower", "Forecast, 95% lower, £"), ("upper", "Forecast, 95% upper, £"), ("forecast_variance", "Forecast variance, £"),
)  # fmt: skip
COLUMNS = (
    Column(field="line", title="Line", kind="text", width=10),
    Column(field="name", title="Name", kind="text", width=38),
    Column(field="planned_activity", title="Planned spells", kind="figure", width=13),
    Column(field="activity", title="Spells", kind="count", width=11),
    *(Column(field=field, title=title, kind="count", width=15) for field, title in _POUNDS),
    Column(field="status", title="Status", kind="text", width=12),
)


def write_contract(found: PlanAgainstActual, names: dict[str, str], path: Path) -> Path:
    """Writes the lines as the ending of `path` says (.csv or .xlsx); `names` are those of its lines. Raises FileError for another."""
    writers: dict[str, Callable[[PlanAgainstActual, dict[str, str], Path], None]] = {".csv": _write_csv, ".xlsx": _write_excel}
    if path.suffix not in writers:
        raise FileError(f"{path.name}: Farr writes contracts as {' and '.join(writers)}, not '{path.suffix}'; rename the file")
    path.parent.mkdir(parents=True, exist_ok=True)
    writers[path.suffix](found, names, path)
    return path


def explained(found: PlanAgainstActual) -> list[tuple[str, str]]:
    """What must travel with the figures, as (label, text)."""
    return [
        ("Contracts of", f"{found.contract.level} {found.contract.organisation}"),
        ("Year", str(found.year)),
        ("Months to date", ", ".join(map(str, found.contract.months))),
        ("Volume", "(spells - planned spells) × planned average price"),
        ("Casemix", "spells × (average tariff price of these spells - planned average price)"),
        ("Price", "paid - what these spells come to by the tariff's rules"),
        ("Hidden figures", plain.HIDDEN_NOTE),
        *(("Note", note) for note in found.notes),
        ("Plan", f"contract_plan v{found.plan_version}, as provider and commissioner agreed on it"),
        ("Release", f"{found.rows.provenance}; table SHA-256 {found.rows.manifest.table_sha256}"),
    ]


def _rows(found: PlanAgainstActual, names: dict[str, str]) -> list[dict[str, Any]]:
    return [_row(row, names) for row in found.rows.table.to_pylist()]


def _row(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    line = row["line"]
    status = "suppressed" if row["paid"] is None else row["status"]
    return {**row, "line": line or "whole", "name": "The whole" if line is None else names.get(line, ""), "status": status}


def _write_csv(found: PlanAgainstActual, names: dict[str, str], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.field for column in COLUMNS], extrasaction="ignore")
        writer.writeheader()
        writer.writerows({name: inert(value) for name, value in row.items()} for row in _rows(found, names))
    notes = path.with_name(path.name + ".notes.txt")
    notes.write_text("\n".join(f"{label}: {text}" for label, text in explained(found)) + "\n", encoding="utf-8")


def _write_excel(found: PlanAgainstActual, names: dict[str, str], path: Path) -> None:
    with xlsxwriter.Workbook(str(path), PLAIN_TEXT) as book:
        formats = cell_formats(book, 1)
        figures_sheet(book, "Plan against actual", formats, COLUMNS, _rows(found, names))
        text_sheet(book, "Notes and provenance", formats, NOTES, explained(found))
