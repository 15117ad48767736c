"""`farr synth`: a synthetic national feed with known outliers, in the folder named."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from farr.lab.model.period import Month, Period, PeriodError
from farr.supplier.synthetic.feed import FEEDS
from farr.supplier.synthetic.writer import LEAD_MONTHS, Settings, write_feed

_KINDS = ("parquet", "csv.gz")


def synth(
    *,
    out: Annotated[Path, typer.Option(help="Folder to write; it must be empty or new.")],
    months: Annotated[int, typer.Option(help="How many months of activity.", min=1, max=120)] = 24,
    scale: Annotated[float, typer.Option(help="People, as a share of England's 56 million.", min=0.0005, max=1.5)] = 0.01,
    seed: Annotated[int, typer.Option(help="The same seed makes the same feed.", min=0)] = 7,
    ending: Annotated[str, typer.Option(help="Last month, as 2025-03.")] = "2025-03",
    kind: Annotated[str, typer.Option(help="Kind of the activity files: parquet or csv.gz.")] = "parquet",
    first: Annotated[str | None, typer.Option("--from", help="First month to write, as 2024-05; else all.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Last month to write.")] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="FEED", help=f"Only this of {', '.join(FEEDS)}; may be repeated.")] = None,
) -> None:
    """Write synthetic feeds of admitted, critical, outpatient and emergency care, their reference files, and truth.json with the
    outliers planted in them.

    With --from and --to only some of the months are written, into a folder that may hold others of them: a country too large for
    the disk is made, used and deleted month by month. Whatever the order, the files are those of the whole. In order it is
    quickest, for the folder `carried` then holds what one month hands to the next.

    Example:

    ```
    farr synth --scale 1 --months 48 --from 2024-05 --to 2024-05 \\
        --out raw
    ```
    """
    if kind not in _KINDS:
        raise typer.BadParameter("write --kind parquet or --kind csv.gz", param_hint="--kind")
    last = _month(ending, "--ending")
    period = Period(last.plus(1 - months), last)
    if unknown := set(only or ()) - set(FEEDS):
        raise typer.BadParameter(f"there is no feed {', '.join(sorted(unknown))}; name one of {', '.join(FEEDS)}", param_hint="--only")
    feeds = tuple(name for name in FEEDS if not only or name in only)
    settings = Settings(period=period, scale=scale, seed=seed, kind=kind, feeds=feeds)
    console = Console()
    try:
        facts = _with_progress(console, settings, out, _part(period, first, to))
    except FileExistsError as error:
        raise typer.BadParameter(str(error), param_hint="--out") from error
    rows = {name: sum(file["rows"] for file in facts["files"] if file["feed"] == name) for name in settings.feeds}
    counted = ", ".join(f"{count:,} {name}" for name, count in rows.items())
    made = sorted({file["month"] for file in facts["files"]})
    console.print(f"[bold]{counted}[/]: synthetic rows of {facts['people']:,} invented people, {_told(made, period)}, in {out}")
    if facts["late"]:
        again = ", ".join([*(each["month"] for each in facts["corrections"]), facts["late"]["month"]])
        console.print(f"{again} are as first sent; {out / 'resent'} holds them whole and right")
    console.print(f"{len(facts['planted'])} planted outliers are listed in {out / 'truth.json'}")


def _month(text: str, option: str) -> Month:
    try:
        return Month.parse(text)
    except PeriodError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error


def _part(period: Period, first: str | None, to: str | None) -> Period | None:
    """The months to write, where not all of them are."""
    if first is None and to is None:
        return None
    start = period.first if first is None else _month(first, "--from")
    end = period.last if to is None else _month(to, "--to")
    if not period.first <= start <= end <= period.last:
        raise typer.BadParameter(f"{start} to {end} is no part of {period}, which --ending and --months say", param_hint="--from")
    return Period(start, end)


def _told(months: list[str], period: Period) -> str:
    return str(period) if len(months) == len(list(period.months())) else f"{len(months)} months of {period}"


def _with_progress(console: Console, settings: Settings, out: Path, part: Period | None) -> dict:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("people", total=None if part else len(settings.months) + LEAD_MONTHS + 1)
        return write_feed(settings, out, lambda step: progress.update(task, advance=1, description=step), part=part)
