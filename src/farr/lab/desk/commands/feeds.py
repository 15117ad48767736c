"""farr check, ingest and months: what a file is and what is wrong with it; the way into the store; and what was sent so far."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from farr.lab.desk.commands.options import AgreementOption, HomeOption
from farr.lab.desk.holdings.submissions import submissions
from farr.lab.desk.home import Home, code_version, today
from farr.lab.desk.load import LoadReport, Said, check_file, feeds, load_file, side_of
from farr.lab.ingest.feed import FeedError
from farr.lab.ingest.formats.tabular import refuse_json
from farr.lab.ingest.recognise import folded
from farr.lab.ingest.sides import Side, form
from farr.lab.model.period import Period

console = Console()

_SHOWN = 20

SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="COLUMN=VALUE", help="A column that the file lacks and that you know for all of it; as often as needed.",
        show_default=False,
    ),
]  # fmt: skip


def check(
    file: Annotated[Path, typer.Argument(help="The file to look at: CSV, gzip, Parquet or an Excel workbook.")],
    *,
    read_as: Annotated[
        list[str] | None,
        typer.Option(
            "--as",
            metavar="raw|clean|FEED",
            help="raw (as a supplier holds it) or clean (for the lab), and the feed to read it as; else what its columns say.",
            show_default=False,
        ),
    ] = None,
    stated: SetOption = None,
    all_columns: Annotated[bool, typer.Option("--all", help="List every column, not only those that need a look.")] = False,
) -> None:
    """Dry run: say which feed a file is, how its columns map, and what would be set aside. Nothing is kept.

    Example: farr check trim_points.csv --set Tariff_Year=2018/19
    """
    side, feed = _read_as(read_as or [])
    said = Said(feed=feed, columns=_stated(stated))
    report = check_file(file, side or side_of(file, said), said)
    console.print(f"[bold]{file.name}[/bold] is the feed [bold]{report.feed}[/bold], in its {report.side.value} form.")
    _print_mapping(report, all_columns)
    if report.unknown:
        console.print(f"Not declared, and so dropped ({len(report.unknown)}): {_some(report.unknown)}")
    _print_rows(report, "would be loaded")
    console.print(_next_step(report, feed))


def ingest(
    files: Annotated[list[Path], typer.Argument(help="Clean files, or published reference files.")],
    *,
    agreement: AgreementOption = None,
    period: Annotated[
        str | None, typer.Option(help="Month or months the files should hold: 2024-05, or 2024-04..2025-03.", show_default=False)
    ] = None,
    feed: Annotated[str | None, typer.Option("--as", metavar="FEED", help="The feed to read them as, where columns fit several.")] = None,
    stated: SetOption = None,
    freeze: Annotated[bool, typer.Option("--freeze", help="The months loaded are final: they are not sent again.")] = False,
    thaw: Annotated[
        str | None, typer.Option(metavar="REASON", help="Why frozen months are replaced after all.", show_default=False)
    ] = None,
    home: HomeOption = None,
) -> None:
    """Load files. A month that is sent again replaces the month, and a reference file the parts it holds; a file that cannot be trusted
    changes nothing.

    Example: farr ingest clean/2025-03.clean.parquet --freeze
    """
    said = Said(feed=feed, columns=_stated(stated), freeze=freeze, thaw=thaw)
    for file in files:  # before the first is loaded
        refuse_json(file)
    place = Home.open(home)
    name = agreement or place.only_agreement()
    meant = Period.parse(period) if period else None
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
                    period=meant,
                    said=said,
                )
            )
    finally:
        # A file that is refused stops the rest; what was loaded before it stays, and is said.
        _print_loads(reports)


def months(
    *,
    dataset: Annotated[
        str | None, typer.Option(help="One dataset, such as apc_episode; every loaded one, unless said.", show_default=False)
    ] = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """List the months held of each dataset: how often each was sent, when last, and whether it may be sent again (flex) or not (frozen).

    Example: farr months --dataset apc_episode
    """
    place = Home.open(home)
    store = place.store(agreement or place.only_agreement())
    monthly = sorted({feed.table.name for feed in feeds().values() if feed.table.month is not None})
    if dataset is not None and dataset not in monthly:
        raise FeedError(f"there is no dataset '{dataset}' that comes by the month; known: {', '.join(monthly)}")
    # No numbers of rows: they would be national counts of records that no gate has passed (DESIGN.md, The gate).
    table = Table("Dataset", "Month", "Sent", "Last sent", "Status", box=box.SIMPLE_HEAD)
    table.columns[2].justify = "right"
    for name in monthly if dataset is None else [dataset]:
        for month, sent in submissions(store, name).items():
            table.add_row(name, str(month), "once" if sent.number == 1 else f"{sent.number} times", sent.sent[:10], sent.status)
    console.print(table if table.row_count else "No month was loaded yet; type: farr ingest FILE")


def _read_as(words: list[str]) -> tuple[Side | None, str | None]:
    """The side and the feed among the values of --as. Raises FeedError for two of a kind."""
    sides = [Side(word) for word in words if word in {side.value for side in Side}]
    named = [word for word in words if word not in {side.value for side in Side}]
    if len(sides) > 1 or len(named) > 1:
        raise FeedError("a file is read as one side and one feed; give --as raw or --as clean, and --as FEED, once each")
    return next(iter(sides), None), next(iter(named), None)


def _stated(settings: list[str] | None) -> dict[str, str]:
    """Columns and values of --set. Raises FeedError where one is not written COLUMN=VALUE, or stated twice."""
    found: dict[str, str] = {}
    for each in settings or []:
        name, separator, value = (part.strip() for part in each.partition("="))
        if not (name and separator and value):
            raise FeedError("a column is stated as --set COLUMN=VALUE, such as --set Tariff_Year=2018/19")
        if name in found:
            raise FeedError(f"{name} is stated twice; a file has one value of it")
        found[name] = value
    return found


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
    for name, value in report.stated.items():
        console.print(f"Stated for every row: {name} = {value}")
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


def _next_step(report: LoadReport, read_as: str | None) -> str:
    if report.side is Side.RAW and feeds()[report.feed].table.person is not None:
        return f"It points to people, and does not enter the lab. Next, where identities are held: farr deidentify {report.path}"
    stated = "".join(f" --set {name}={value}" for name, value in report.stated.items())
    return f"Next: farr ingest {report.path}{f' --as {read_as}' if read_as else ''}{stated}"


def _months(report: LoadReport) -> str:
    if not report.months:
        return ""
    first, last = report.months[0], report.months[-1]
    return f", month {first}" if first == last else f", {len(report.months)} months from {first} to {last}"


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more
