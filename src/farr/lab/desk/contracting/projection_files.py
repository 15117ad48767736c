"""A projection as files: CSV, one for each table, and Excel, with what it rests on and assumes."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from farr.lab.desk.contracting.projecting import Projected
from farr.lab.desk.files import FileError
from farr.lab.disclosure.released import Released
from farr.lab.model.showing.inert import inert
from farr.lab.planning.projection.assumptions import assumptions

_WIDTH = 16


def write_projection(found: Projected, path: Path) -> list[Path]:
    """Writes .xlsx, or .csv with the waterfall, the breakdown, months, sites and notes beside it; gives the files. Raises FileError for
    another ending."""
    writers: dict[str, Callable[[Projected, Path], list[Path]]] = {".csv": _write_csv, ".xlsx": _write_excel}
    if path.suffix not in writers:
        raise FileError(f"{path.name}: a projection is written as {' or '.join(writers)}, not '{path.suffix}'; rename the file")
    path.parent.mkdir(parents=True, exist_ok=True)
    return writers[path.suffix](found, path)


def explained(found: Projected) -> list[tuple[str, str]]:
    """What must travel with the figures: what it is of, assumptions, notes and the releases it is derived from."""
    return [
        ("Organisation", f"{found.organisation} ({found.level})"),
        ("Baseline", str(found.period)),
        ("Runs", f"{found.runs}, seed {found.seed}: the same again give the same figures"),
        *assumptions(found.settings, found.mitigations),
        *(("Note", note) for note in found.notes),
        ("Hidden figures", "Counts that were not released were estimated from released totals; see docs/projection.md."),
        ("Provenance", found.years.provenance),
    ]


def _tables(found: Projected) -> Mapping[str, Released]:
    tables = {"years": found.years, "waterfall": found.waterfall, "breakdown": found.breakdown, "months": found.months}
    return tables if found.sites is None else {**tables, "sites": found.sites}


def _write_csv(found: Projected, path: Path) -> list[Path]:
    written: list[Path] = []
    for name, released in _tables(found).items():
        file = path if name == "years" else path.with_name(f"{path.stem}.{name}.csv")
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, fieldnames=released.table.column_names)
            writer.writeheader()
            writer.writerows({key: inert(_plain(value)) for key, value in row.items()} for row in released.table.to_pylist())
        written.append(file)
    notes = path.with_name(path.name + ".notes.txt")
    notes.write_text("\n".join(f"{label}: {text}" for label, text in explained(found)) + "\n", encoding="utf-8")
    return [*written, notes]


def _write_excel(found: Projected, path: Path) -> list[Path]:
    # Nothing that came from a file may become a formula or a link.
    plain_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), plain_text) as book:
        for name, released in _tables(found).items():
            _sheet(book, name.capitalize(), released.table.column_names, released.table.to_pylist())
        lines = [{"What": label, "Text": text} for label, text in explained(found)]
        _sheet(book, "Assumptions and provenance", ["What", "Text"], lines)
    return [path]


def _sheet(book: Any, name: str, columns: list[str], rows: list[dict[str, Any]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, _WIDTH)
    heading, figures = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.0"})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.replace("_", " "), heading)
    for line, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            value = row[column]
            if isinstance(value, str):
                sheet.write_string(line, place, value)
            else:
                sheet.write_number(line, place, value, figures if isinstance(value, float) else None)


def _plain(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value
