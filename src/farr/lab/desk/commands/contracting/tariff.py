"""farr tariff: the published price workbook becomes the files that are ingested."""

import csv
import io
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from farr.lab.ingest.formats.annex_a import TABLES, AnnexA, read_annex_a
from farr.lab.model.durable.disk import replace_file
from farr.lab.model.period import FinancialYear

console = Console()


def tariff(
    workbook: Annotated[Path, typer.Argument(help="Annex A of the national tariff, as it was published (.xlsx).")],
    *,
    year: Annotated[str, typer.Option(help="The tariff year it is for, such as 2018/19, for workbooks do not all say it.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files; else tariff_YEAR beside the workbook.", show_default=False)
    ] = None,
) -> None:
    """Read a year's price workbook into the files that `farr ingest` takes: prices, trim points, and rules of short and long stays.

    Example: farr tariff Annex_A_2018-19.xlsx --year 2018/19
    """
    year = str(FinancialYear.parse(year.replace("/", "-"))).replace("-", "/")
    found = read_annex_a(workbook)
    folder = out or workbook.parent / f"tariff_{year.replace('/', '_')}"
    folder.mkdir(parents=True, exist_ok=True)
    files = [_write(folder, name, found, year) for name in TABLES if len(found.table(name)[0]) > 1]
    _print(found)
    console.print(f"{len(found.rows):,} groups of {year}, from the sheet '{found.sheet}'. Next: farr ingest {' '.join(map(str, files))}")


def _write(folder: Path, name: str, found: AnnexA, year: str) -> Path:
    rows, path, text = found.table(name), folder / f"{name}.csv", io.StringIO()
    writer = csv.DictWriter(text, ["Tariff_Year", *rows[0]], lineterminator="\n")
    writer.writeheader()
    writer.writerows({"Tariff_Year": year, **row} for row in rows)
    replace_file(path, text.getvalue().encode())
    return path


def _print(found: AnnexA) -> None:
    table = Table("column", "as the workbook calls it", "groups with it", box=box.SIMPLE)
    for name, words in found.headers.items():
        table.add_row(name, words, f"{sum(row[name] != '' for row in found.rows):,}")
    console.print(table)
