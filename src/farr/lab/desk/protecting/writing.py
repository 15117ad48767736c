"""A protected table as a file, with what must travel with it: the policy, what a star means, and what was not looked at."""

import csv
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import xlsxwriter

from farr.lab.desk import plain
from farr.lab.desk.protecting.errors import ProtectError
from farr.lab.disclosure.policy import Policy
from farr.lab.model.showing.inert import inert

ALONE = "It protects this table by itself only: other tables about the same people are not looked at."
_SUPPRESSED, _STATUS = "suppressed", "__status"
_ENDINGS = (".csv", ".xlsx", ".parquet")


def check_new(path: Path, source: Path, endings: Sequence[str] = _ENDINGS) -> Path:
    """The path, where nothing is yet. Raises ProtectError for the file that is read, one that is there, and other endings."""
    if path.suffix.lower() not in endings:
        raise ProtectError(f"{path.name}: Farr writes {', '.join(endings)} here, not '{path.suffix}'; rename the file")
    if path.resolve() == source.resolve():
        raise ProtectError(f"{path} is the table itself, which is never written over; choose another name")
    for each in (path, notes_beside(path)):
        if each.exists():
            raise ProtectError(f"{each} is there already; choose another name or move it away")
    if not path.parent.is_dir():
        raise ProtectError(f"there is no folder {path.parent} to write {path.name} in; make it first")
    return path


def write(table: pa.Table, notes: Sequence[tuple[str, str]], path: Path) -> None:
    """Writes it as the ending says, whole or not at all. Notes: beside a CSV, in a sheet of a workbook, in the metadata of Parquet."""
    writers: dict[str, Callable[[pa.Table, Sequence[tuple[str, str]], Path], None]] = {
        ".csv": _write_csv, ".xlsx": _write_excel, ".parquet": _write_parquet,
    }  # fmt: skip
    with_whole = _whole_numbers(table)
    _at_once(path, lambda draft: writers[path.suffix.lower()](with_whole, notes, draft))
    if path.suffix.lower() == ".csv":
        text = "".join(f"{label}: {said}\n" for label, said in notes)
        _at_once(notes_beside(path), lambda draft: draft.write_text(text, encoding="utf-8"))


def write_rows(table: pa.Table, path: Path) -> None:
    """A CSV of a table, whole or not at all."""
    _at_once(path, lambda draft: _write_csv(table, (), draft))


def notes_beside(path: Path) -> Path:
    return path.with_name(path.name + ".notes.txt")


def notes_of(policy: Policy) -> list[tuple[str, str]]:
    """What must travel with the figures. How many rows are hidden, and which for what they are, is not said."""
    instead = "empty, in a workbook a star" if policy.token is None else f"printed as {policy.token}"
    return [
        ("Policy", f"{policy.title} ({policy.name}): {policy.why}"),
        ("Source", policy.source),
        ("Unverified", policy.unverified),
        ("Hidden figures", f"{instead}, with the status 'suppressed'; {plain.HIDDEN_NOTE[2:]} Hidden rows look alike."),
        ("Rounding", rounding_of(policy)),
        ("Alone", ALONE),
    ]


def rounding_of(policy: Policy) -> str:
    if policy.rounding_base == 1:
        return "none: shown figures are as they are"
    return f"to the {policy.rounding.value} {policy.rounding_base}, each figure by itself"


def _at_once(path: Path, writes: Callable[[Path], object]) -> None:
    draft = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    try:
        writes(draft)
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)


def _whole_numbers(table: pa.Table) -> pa.Table:
    """Columns of figures that are whole throughout become integers: 15, not 15.0."""
    for at, name in enumerate(table.column_names):
        column = table[name]
        if pa.types.is_floating(column.type) and pc.all(pc.equal(pc.floor(column), column)).as_py() is not False:
            table = table.set_column(at, name, column.cast(pa.int64()))
    return table


def _write_csv(table: pa.Table, _: Sequence[tuple[str, str]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([inert(name) for name in table.column_names])
        writer.writerows([inert(value) for value in row.values()] for row in table.to_pylist())


def _write_parquet(table: pa.Table, notes: Sequence[tuple[str, str]], path: Path) -> None:
    pq.write_table(table.replace_schema_metadata({"farr": json.dumps(dict(notes))}), path, compression="zstd")


def _write_excel(table: pa.Table, notes: Sequence[tuple[str, str]], path: Path) -> None:
    # Nothing that came from a file may become a formula or a link.
    kept = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), kept) as book:
        header = book.add_format({"bold": True, "bg_color": "#1C2530", "font_color": "#FFFFFF"})
        styles = {"hidden": book.add_format({"align": "right"}), "figure": book.add_format({"num_format": "#,##0.##"}),
                  "count": book.add_format({"num_format": "#,##0"})}  # fmt: skip
        sheet = book.add_worksheet("Table")
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(table.column_names):
            sheet.set_column(place, place, max(12, min(len(name) + 2, 40)))
            sheet.write_string(0, place, name, header)
        for line, row in enumerate(table.to_pylist(), start=1):
            _excel_row(sheet, line, row, styles)
        about = book.add_worksheet("Notes")
        about.set_column(0, 0, 18)
        about.set_column(1, 1, 120, book.add_format({"text_wrap": True}))
        for line, (label, text) in enumerate(notes):
            about.write_string(line, 0, label)
            about.write_string(line, 1, text)


def _excel_row(sheet: Any, line: int, row: dict[str, Any], styles: dict[str, Any]) -> None:
    for place, (name, value) in enumerate(row.items()):
        if value is None and row.get(name + _STATUS) == _SUPPRESSED:
            sheet.write_string(line, place, plain.HIDDEN, styles["hidden"])
        elif isinstance(value, str):
            sheet.write_string(line, place, value)
        elif value is not None:
            sheet.write_number(line, place, value, styles["count" if isinstance(value, int) else "figure"])
