"""Two feeds compared as a file: Excel with a chart of the months, or CSV with the other tables beside it. Released figures only."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from farr.lab.desk import plain
from farr.lab.desk.contracting.feeds_compared.asking import Compared
from farr.lab.desk.data_files import check_ending, write_csv_tables
from farr.lab.desk.files import NOTES, PLAIN_TEXT, cell_formats, figures_sheet, text_sheet
from farr.lab.model.showing.page import Column

CHECKS = (
    Column(field="check", title="Check", kind="text", width=20), Column(field="about", title="About", kind="text", width=12),
    Column(field="verdict", title="Verdict", kind="text", width=15), Column(field="difference", title="Difference", kind="ratio", width=12),
    Column(field="tolerance", title="Tolerance", kind="ratio", width=11), Column(field="measured", title="Measured", kind="text", width=38),
    Column(field="says", title="What was found", kind="text", width=90), Column(field="source", title="Source", kind="text", width=60),
)  # fmt: skip
_SIDES = (
    Column(field="national_spells", title="Spells, national", kind="count", width=15),
    Column(field="client_spells", title="Spells, client's", kind="count", width=15),
    Column(field="spells_change", title="Change", kind="ratio", width=10),
)
_MONEY = (
    ("national_paid", "£, national", "count"), ("client_paid", "£, client's", "count"), ("paid_change", "Change of £", "ratio"),
    ("volume", "Volume, £", "count"), ("casemix", "Casemix, £", "count"), ("price", "Price, £", "count"),
)  # fmt: skip
_POD = Column(field="point_of_delivery", title="Point of delivery", kind="text", width=17)
DELIVERIES = (_POD, *_SIDES, *(Column(field=field, title=title, kind=kind, width=14) for field, title, kind in _MONEY))
MONTHS = (Column(field="month", title="Month", kind="text", width=11), _POD, *_SIDES)


def write_compared(found: Compared, path: Path) -> list[Path]:
    """Writes .xlsx, or .csv with the tables and notes beside it; gives the files. Raises FileError for another ending."""
    check_ending(path, "a comparison of feeds")
    return write_csv_tables(path, _tables(found), explained(found)) if path.suffix == ".csv" else _write_excel(found, path)


def check_rows(found: Compared) -> list[dict[str, Any]]:
    """A row a check."""
    return [
        {
            "check": check.name, "about": check.about.value, "verdict": each.verdict.value, "difference": each.difference,
            "tolerance": check.tolerance, "measured": check.measured, "says": each.says, "source": check.source, "status": "",
        }
        for check, each in found.checks
    ]  # fmt: skip


def explained(found: Compared) -> list[tuple[str, str]]:
    """What must travel with the figures."""
    return [
        ("Compared", f"{found.level} {found.organisation}, {found.period}: {len(found.pair.shared)} months that both hold"),
        *(("Trust", line) for line in found.trust),
        ("Money", "volume + casemix + price are the client's pounds less the national's, of chapters that both show, all months of each"),
        ("Hidden figures", plain.HIDDEN_NOTE), *(("Note", each) for each in found.notes), *found.provenance,
    ]  # fmt: skip


def _tables(found: Compared) -> tuple[tuple[str, Sequence[Column], list[dict[str, Any]]], ...]:
    others = (("Deliveries", DELIVERIES, found.deliveries), ("Months", MONTHS, found.months))
    hidden = ((name, columns, [{**row, "status": "suppressed"} for row in table.to_pylist()]) for name, columns, table in others)
    return ("Checks", CHECKS, check_rows(found)), *hidden


def _write_excel(found: Compared, path: Path) -> list[Path]:
    with xlsxwriter.Workbook(str(path), PLAIN_TEXT) as book:
        formats = cell_formats(book, 1)
        text_sheet(book, "Trust", formats, NOTES, explained(found))
        for name, columns, rows in _tables(found):
            figures_sheet(book, name, formats, columns, rows)
        _chart(book, found)
    return [path]


def _chart(book: Any, found: Compared) -> None:
    months = sum(1 for row in found.months.to_pylist() if row["point_of_delivery"] is None)
    chart = book.add_chart({"type": "column"})
    for column, name, colour in ((2, "National", "#8c98a4"), (3, "Client's", "#0072b2")):
        chart.add_series(
            {
                "name": name, "categories": ["Months", 1, 0, months, 0], "values": ["Months", 1, column, months, column],
                "fill": {"color": colour},
            }
        )  # fmt: skip
    chart.set_title({"name": found.trust[0], "name_font": {"size": 11}})
    chart.set_y_axis({"name": "Spells", "min": 0})
    sheet = book.add_chartsheet("Months, chart")
    sheet.set_chart(chart)
