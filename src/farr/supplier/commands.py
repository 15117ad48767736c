"""The supplier's commands: keygen, deidentify, risk, synth. They run where identities are held, apart from the laboratory."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from farr.lab.ingest.feed import Feed
from farr.lab.model.agreement import read_agreement
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.supplier.deidentify import deidentify as deidentify_files
from farr.supplier.jobs import Job, jobs_of
from farr.supplier.keys import make_master_key, read_master_key
from farr.supplier.manifest import Manifest
from farr.supplier.order import Order, OrderError, order_of
from farr.supplier.risk.report import risk_report, write_report
from farr.supplier.screen import Written, show_report, show_written
from farr.supplier.synthetic.command import synth

# An error's frames hold identities: neither locals nor a pretty traceback may ever show them.
app = typer.Typer(
    name="farr",
    help="De-identify records before they leave their holder.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.command()(synth)
_console = Console()

_FORMATS = {"parquet": False, "csv.gz": True}


@app.callback()
def _supplier() -> None:
    """De-identify records before they leave their holder."""


@app.command()
def keygen(out: Annotated[Path, typer.Option("--out", help="Where the key file is made; it must not exist.")]) -> None:
    """Make the supplier's master key, readable by you alone.

    Keep a copy in a safe: without it no pseudonym can be made again, and next month's records cannot be linked to this month's.
    Whoever holds it can find people by their NHS numbers: it never goes to the laboratory, which needs none.

    Example:

    ```
    farr keygen --out supplier-key.json
    ```
    """
    key = make_master_key(out)
    _console.print(f"Made {out} (key {key.fingerprint}). Keep a copy in a safe; it never leaves the supplier.", soft_wrap=True)
    _console.print(f"Next: farr deidentify FILE --agreement AGREEMENT.json --key {out} --out FOLDER", soft_wrap=True)


@app.command()
def deidentify(
    *,
    files: Annotated[list[Path], typer.Argument(help="Raw files: CSV, gzipped CSV or Parquet.", metavar="FILE")],
    agreement: Annotated[Path, typer.Option(help="The agreement file under which the clean files leave.")],
    key: Annotated[Path, typer.Option(help="The supplier's key file (farr keygen).")],
    out: Annotated[Path, typer.Option(help="Folder for the clean files and manifests.")],
    period: Annotated[str | None, typer.Option(help="Months that may leave, such as 2024-04..2024-06; else the agreement's.")] = None,
    opt_outs: Annotated[Path | None, typer.Option(help="NHS numbers of people who opted out, one a line, no header.")] = None,
    small_areas: Annotated[Path | None, typer.Option(help="CSV: LSOA_Code, Deprivation_Decile, Locality_Code.")] = None,
    feed: Annotated[str | None, typer.Option(help="The feed, where it is not to be recognised.")] = None,
    signatories: Annotated[Path | None, typer.Option(help="The laboratory's signatories.json; both signatures are then checked.")] = None,
    file_format: Annotated[str, typer.Option("--format", help="parquet or csv.gz")] = "parquet",
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="Declare the records made up; files of farr synth say so themselves.")
    ] = False,
) -> None:
    """Make clean files of raw ones: pseudonyms, districts and ages instead of people, homes and births.

    Every row read is written, opted out or rejected with a reason, and every value that could not be carried over is counted.

    Examples:

    ```
    farr deidentify june.csv.gz --agreement north.json \\
        --key supplier-key.json --out clean

    farr deidentify raw/*.parquet --agreement north.json \\
        --key supplier-key.json --out clean --opt-outs opt-outs.txt \\
        --small-areas areas.csv --signatories signatories.json
    ```
    """
    order = order_of(
        read_agreement(agreement),
        read_master_key(key),
        out,
        today=datetime.now().astimezone().date(),
        period=Period.parse(period) if period else None,
        opt_outs=opt_outs,
        small_areas=small_areas,
        signatories=signatories,
        as_csv=_as_csv(file_format),
        synthetic=synthetic,
    )
    _console.print(f"Agreement {order.terms.id}: {order.approval}", soft_wrap=True)
    jobs = jobs_of(files, order, _feeds(), feed)
    written: list[Written] = []
    try:
        _run(jobs, order, written)
    finally:  # what was complete before a file that failed is there, and is said to be
        show_written(_console, order, written)


@app.command()
def risk(
    *,
    file: Annotated[Path, typer.Argument(help="A clean file, as farr deidentify writes it.", metavar="FILE")],
    feed: Annotated[str, typer.Option(help="Its feed, such as apc_episode.")],
    out: Annotated[Path, typer.Option(help="Where the report is written: Markdown, and JSON beside it.")],
    quasi: Annotated[list[str] | None, typer.Option(help="Quasi-identifiers instead of the feed's; repeat for each.")] = None,
    sample: Annotated[int, typer.Option(min=1, help="People that the intruder tries to find.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed draws the same people.")] = 0,
) -> None:
    """Report how exposed the people in a clean file are: people alike, and a simulated motivated intruder.

    Example:

    ```
    farr risk clean/june.clean.parquet --feed apc_episode \\
        --out june-risk.md
    ```
    """
    feeds = _feeds()
    if feed not in feeds:
        raise OrderError(f"there is no feed '{feed}'; known are {', '.join(feeds)}")
    with _console.status("counting people alike, and trying to single them out"):
        report = risk_report(file, feeds[feed], quasi=tuple(quasi or ()), sample=sample, seed=seed)
    markdown, as_json = write_report(report, out)
    show_report(_console, report)
    _console.print(f"wrote {markdown} and {as_json}")


def _feeds() -> dict[str, Feed]:
    return discover("farr.lab.ingest.feeds", Feed)


def _as_csv(name: str) -> bool:
    if name not in _FORMATS:
        raise OrderError(f"--format {name} is not known; write parquet or csv.gz")
    return _FORMATS[name]


def _run(jobs: list[Job], order: Order, written: list[Written]) -> None:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_console, transient=True) as progress:
        task = progress.add_task("reading lists", total=len(jobs))

        def done(job: Job, manifest: Manifest) -> None:
            written.append((job, manifest))
            progress.advance(task)

        deidentify_files(jobs, order, lambda job, step: progress.update(task, description=f"{job.name}: {step}"), done)
