"""farr check and farr ingest: what a file is and what is wrong with it; and the way into the store."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from farr.lab.desk.commands.options import AgreementOption, HomeOption
from farr.lab.desk.home import Home, code_version, today
from farr.lab.desk.load import LoadReport, check_file, feeds, load_file, side_of
from farr.lab.ingest.formats.tabular import refuse_json
from farr.lab.ingest.recognise import folded
from farr.lab.ingest.sides import Side, form
from farr.lab.model.period import Period

console = Console()

_SHOWN = 20


def check(
    file: Annotated[Path, typer.Argument(help="The file to look at: CSV, gzip, Parquet or an Excel workbook.")],
    *,
    side: Annotated[
        Side | None,
        typer.Option("--as", help="raw (as a supplier holds it) or clean (for the lab); else what its columns say.", show_default=False),
    ] = None,
    all_columns: Annotated[bool, typer.Option("--all", help="List every column, not only those that need a look.")] = False,
) -> None:
    """Dry run: say which feed a file is, how its columns map, and what would be set aside. Nothing is kept."""
    report = check_file(file, side or side_of(file))
    console.print(f"[bold]{file.name}[/bold] is the feed [bold]{report.feed}[/bold], in its {report.side.value} form.")
    _print_mapping(report, all_columns)
    if report.unknown:
        console.print(f"Not declared, and so dropped ({len(report.unknown)}): {_some(report.unknown)}")
    _print_rows(report, "would be loaded")
    console.print(_next_step(report))


def ingest(
    files: Annotated[list[Path], typer.Argument(help="Clean files, or published reference files.")],
    *,
    agreement: AgreementOption = None,
    period: Annotated[
        str | None, typer.Option(help="Month or months the files should hold: 2024-05, or 2024-04..2025-03.", show_default=False)
    ] = None,
    home: HomeOption = None,
) -> None:
    """Load files. A month that is sent again replaces the month; a file that cannot be trusted changes nothing."""
    for file in files:  # before the first is loaded
        refuse_json(file)
    place = Home.open(home)
    name = agreement or place.only_agreement()
    stated = Period.parse(period) if period else None
    store, terms = place.store(name), place.agreement(name)
    reports: list[LoadReport] = []
    try:
        for file in track(files, description="Loading", console=Console(stderr=True), transient=True):
            reports.append(
                load_file(
                    file,
                    agreement=terms,
                    store=store,
                    quarantine=place.quarantine(name),
                    code_version=code_version(),
                    today=today(),
                    period=stated,
                )
            )
    finally:
        # A file that is refused stops the rest; what was loaded before it stays, and is said.
        _print_loads(reports)


def _print_loads(reports: list[LoadReport]) -> None:
    if len(reports) == 1:
        report = reports[0]
        console.print(f"[bold]{report.path.name}[/bold]: {report.feed}, version {report.version}{_months(report)}")
        _print_rows(report, "loaded")
    elif reports:
        console.print(_loads_table(reports))
        read, loaded = sum(report.rows_read for report in reports), sum(report.rows_loaded for report in reports)
        console.print(f"{read:,} rows read = {loaded:,} loaded + {read - loaded:,} set aside")
        folders = sorted({str(report.quarantine.parent) for report in reports if report.quarantine is not None})
        if folders:
            console.print(f"Row by row, with column, rule and reason: {', '.join(folders)}")


def _loads_table(reports: list[LoadReport]) -> Table:
    table = Table("File", "Feed", "Months", "Read", "Loaded", "Set aside", "Version", box=box.SIMPLE_HEAD)
    for column in table.columns[3:]:
        column.justify = "right"
        column.no_wrap = True
    for report in reports:
        rows = (f"{number:,}" for number in (report.rows_read, report.rows_loaded, report.rows_quarantined))
        table.add_row(report.path.name, report.feed, _months(report).removeprefix(", ").removeprefix("month "), *rows, str(report.version))
    return table


def _print_mapping(report: LoadReport, all_columns: bool) -> None:
    alike = sum(1 for name, sent in report.mapping.items() if folded(sent) == folded(name))
    table = _mapping_table(report, all_columns)
    if table.row_count:
        console.print(table)
    if alike and not all_columns:
        console.print(f"{alike} columns go by their own names (list them with --all).")


def _mapping_table(report: LoadReport, all_columns: bool) -> Table:
    table = Table("Column", "Sent as", "Type", "Rule", title="Columns", title_justify="left")
    for column in form(feeds()[report.feed], report.side).columns:
        sent = report.mapping.get(column.name)
        alike = sent is not None and folded(sent) == folded(column.name)
        if all_columns or (sent is not None and not alike) or (sent is None and column.needed):
            table.add_row(column.name, "same" if alike else sent or "[dim]not sent[/dim]", column.type, type(column.rule).__name__)
    return table


def _print_rows(report: LoadReport, loaded: str) -> None:
    console.print(f"  {report.rows_read:,} rows read = {report.rows_loaded:,} {loaded} + {report.rows_quarantined:,} set aside")
    if not report.failures:
        return
    table = Table("Column", "Rule", "Why", "Rows")
    table.columns[-1].justify = "right"
    for failure in report.failures[:_SHOWN]:
        table.add_row(failure.column or "(row)", failure.rule, failure.reason, f"{failure.rows:,}")
    console.print(table)
    if len(report.failures) > _SHOWN:
        console.print(f"  and {len(report.failures) - _SHOWN} more reasons")
    if report.quarantine is not None:
        console.print(f"  Row by row: {report.quarantine}")


def _next_step(report: LoadReport) -> str:
    if report.side is Side.RAW and feeds()[report.feed].table.person is not None:
        return f"It points to people, and does not enter the lab. Next, where identities are held: farr deidentify {report.path}"
    return f"Next: farr ingest {report.path}"


def _months(report: LoadReport) -> str:
    if not report.months:
        return ""
    first, last = report.months[0], report.months[-1]
    return f", month {first}" if first == last else f", {len(report.months)} months from {first} to {last}"


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more
