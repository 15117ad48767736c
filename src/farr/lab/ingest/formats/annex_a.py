"""Annex A of the national tariff: the published workbook of prices by healthcare resource group, read as Farr's own layouts.

The workbook of a tariff year has one sheet of admitted and outpatient procedure prices, a row a group below a header whose words differ
a little from year to year; above, between and after them stand titles, chapter names and notes. Columns are found by what their
headers say, never by their place. A cell of '-' or nothing means that there is no price; so does 0.

Source: National tariff payment system, Annex A (NHS England and NHS Improvement), sheet of admitted patient care and outpatient
procedure prices. Header words are from the workbooks of 2014/15 to 2018/19 as they are known generally: not verified against a copy.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from farr.lab.ingest.feed import FeedError

GROUP = re.compile(r"^[A-Z]{2}[0-9]{2}[A-Z]$")
_HEADER_WITHIN = 40  # rows
# What a header says: every word of the first kind, none of the second.
_COLUMNS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "HRG_Code": (("hrg", "code"), ()),
    "HRG_Name": (("hrg", "name"), ()),
    "Outpatient_Price": (("outpatient", "procedure"), ()),
    "Combined_Price": (("combined", "day case", "elective"), ()),
    "Day_Case_Price": (("day case", "tariff"), ("combined", "elective")),
    "Elective_Price": (("ordinary elective", "tariff"), ("combined", "day case", "trim")),
    "Elective_Trim_Point": (("elective", "trim"), ("non-elective",)),
    "Non_Elective_Price": (("non-elective", "tariff"), ("trim", "short")),
    "Non_Elective_Trim_Point": (("non-elective", "trim"), ()),
    "Per_Day_Rate": (("per day", "long stay"), ()),
    "Short_Stay_Share": (("%", "short stay"), ()),
}
_NEEDED = ("HRG_Code", "HRG_Name", "Combined_Price", "Non_Elective_Price")
# Which of Farr's tables each column goes to, and what it is called there.
TABLES: Mapping[str, Mapping[str, str]] = {
    "national_price": {
        name: name
        for name in ("HRG_Code", "HRG_Name", "Outpatient_Price", "Combined_Price", "Day_Case_Price", "Elective_Price", "Non_Elective_Price")
    },
    "hrg_trim_point": {
        "HRG_Code": "Spell_Core_HRG",
        "Elective_Trim_Point": "Elective_Trim_Point",
        "Non_Elective_Trim_Point": "Non_Elective_Trim_Point",
    },
    "hrg_tariff_rule": {"HRG_Code": "HRG_Code", "Per_Day_Rate": "Per_Day_Rate", "Short_Stay_Share": "Short_Stay_Share"},
}


@dataclass(frozen=True, kw_only=True)
class AnnexA:
    """What a workbook says. `rows` has a mapping a group, values as text ('' where there is none), with every column of `headers`,
    which maps Farr's names to the workbook's own words; `sheet` is where they stood."""

    sheet: str
    headers: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...]

    def table(self, name: str) -> list[dict[str, str]]:
        """The rows of one of TABLES, with its columns as far as the workbook has them."""
        columns = {mine: theirs for mine, theirs in TABLES[name].items() if mine in self.headers}
        return [{theirs: row[mine] for mine, theirs in columns.items()} for row in self.rows]


def read_annex_a(path: Path) -> AnnexA:
    """Raises FeedError where the file is no workbook, has no such sheet, lacks a needed column, or names a group twice."""
    try:
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError) as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else "is no Excel workbook (.xlsx)"
        raise FeedError(f"{path.name} {reason}; give the tariff's Annex A as it was published") from None
    try:
        for sheet in workbook.worksheets:
            found = _read_sheet(path, sheet.title, sheet.iter_rows(values_only=True))
            if found is not None:
                return found
    finally:
        workbook.close()
    raise FeedError(f"{path.name} has no sheet with the columns 'HRG code' and 'HRG name' above rows of groups; is it Annex A?")


def _read_sheet(path: Path, title: str, cells: Iterator[Sequence[object]]) -> AnnexA | None:
    header: dict[str, int] = {}
    written: tuple[str, ...] = ()
    for number, row in enumerate(cells):
        if {"HRG_Code", "HRG_Name"} <= (found := _columns(words := tuple(_words(cell) for cell in row))).keys():
            header, written = found, words
            break
        if number >= _HEADER_WITHIN:
            return None
    if not header:
        return None
    if missing := [name for name in _NEEDED if name not in header]:
        raise FeedError(f"{path.name}, sheet '{title}': no column is known as {', '.join(missing)}; its headers may be of another year")
    rows = tuple(
        {name: _value(name, row[place] if place < len(row) else None) for name, place in header.items()}
        for row in cells
        if header["HRG_Code"] < len(row) and GROUP.match(str(row[header["HRG_Code"]] or "").strip())
    )
    _check_once(path, title, rows)
    return AnnexA(sheet=title, headers={name: written[place] for name, place in header.items()}, rows=rows) if rows else None


def _columns(words: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, (every, none) in _COLUMNS.items():
        for place, text in enumerate(words):
            if all(each in text for each in every) and not any(each in text for each in none):
                found.setdefault(name, place)
    return found


def _words(cell: object) -> str:
    text = re.sub(r"\s+", " ", str(cell or "")).strip().lower()
    return text.replace("daycase", "day case").replace("non elective", "non-elective").replace("trimpoint", "trim point")


def _value(name: str, cell: object) -> str:
    text = "" if cell is None else str(cell).strip()
    return text if name in ("HRG_Code", "HRG_Name") else _figure(name, text.replace(",", ""))


def _figure(name: str, text: str) -> str:
    is_percent = text.endswith("%")
    try:
        number = float(text.removesuffix("%")) / (100 if is_percent else 1)
    except ValueError:
        return "" if text in ("", "-", "–", "n/a", "N/A") else text  # the feed refuses what is no number, and says in which row
    if name.endswith("Trim_Point"):
        return f"{number:.0f}"
    if number == 0:
        return ""
    return f"{number:.6g}" if name == "Short_Stay_Share" else f"{number:.2f}"


def _check_once(path: Path, title: str, rows: Sequence[Mapping[str, str]]) -> None:
    codes = [row["HRG_Code"] for row in rows]
    twice = sorted({code for code in codes if codes.count(code) > 1}) if len(set(codes)) < len(codes) else []
    if twice:
        raise FeedError(f"{path.name}, sheet '{title}' names {', '.join(twice[:5])} twice; which price is right cannot be known")
