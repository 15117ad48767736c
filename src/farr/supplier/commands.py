"""The supplier's commands: keygen, deidentify, risk, synth. They run where identities are held, apart from the laboratory."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from farr.lab.ingest.feed import Feed
from farr.lab.model.agreement import read_agreement
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.supplier.deidentify import deidentify as deidentify_file
from farr.supplier.deidentify import jobs_of
from farr.supplier.keys import make_master_key, read_master_key
from farr.supplier.manifest import Manifest
from farr.supplier.order import OrderError, order_of
from farr.supplier.report import RiskReport, percent, risk_report, summary, write_report
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
    """Make the supplier's master key, readable by you alone. Keep a copy in a safe: pseudonyms cannot be made again without it.

    Example: `farr keygen --out supplier-key.json`
    """
    key = make_master_key(out)
    _console.print(f"made {out} (key {key.fingerprint}); it never leaves the supplier, and the laboratory needs none")


@app.command()
def deidentify(
    *,
    files: Annotated[list[Path], typer.Argument(help="Raw files: CSV, gzipped CSV or Parquet.", metavar="FILE...")],
    agreement: Annotated[Path, typer.Option(help="The agreement file under which the clean files leave.")],
    key: Annotated[Path, typer.Option(help="The supplier's key file (farr keygen).")],
    out: Annotated[Path, typer.Option(help="Folder for the clean files and manifests.")],
    period: Annotated[str | None, typer.Option(help="Months that may leave, such as 2024-04..2024-06; else the agreement's.")] = None,
    opt_outs: Annotated[Path | None, typer.Option(help="NHS numbers of people who opted out, one a line.")] = None,
    small_areas: Annotated[Path | None, typer.Option(help="CSV: LSOA_Code, Deprivation_Decile, Locality_Code.")] = None,
    feed: Annotated[str | None, typer.Option(help="The feed, where it is not to be recognised.")] = None,
    signatories: Annotated[Path | None, typer.Option(help="Trusted signatories; the agreement's signatures are then checked.")] = None,
    file_format: Annotated[str, typer.Option("--format", help="parquet or csv.gz")] = "parquet",
) -> None:
    """Make clean files of raw ones: pseudonyms, districts and ages instead of people, homes and births.

    Every row read is written, opted out or rejected with a reason, and every value that could not be carried over is counted.

    Example: `farr deidentify june.csv.gz --agreement north.json --key supplier-key.json --out clean --opt-outs optouts.txt`
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
    )
    _console.print(f"agreement {order.terms.id}: {order.approval}")
    jobs = jobs_of(files, order, _feeds(), feed)
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=_console, transient=True) as progress:
        for number, job in enumerate(jobs, start=1):
            task = progress.add_task(job.source.path.name)

            def said(step: str, *, task: object = task, name: str = job.source.path.name, number: int = number) -> None:
                progress.update(task, description=f"{name} ({number} of {len(jobs)}): {step}")  # type: ignore[arg-type]

            manifest = deidentify_file(job, order, said)
            progress.remove_task(task)
            _show_manifest(manifest, job.clean)


@app.command()
def risk(
    *,
    file: Annotated[Path, typer.Argument(help="A clean file, as farr deidentify writes it.")],
    feed: Annotated[str, typer.Option(help="Its feed, such as apc_episode.")],
    out: Annotated[Path, typer.Option(help="Where the report is written: Markdown, and JSON beside it.")],
    quasi: Annotated[list[str] | None, typer.Option(help="Quasi-identifiers instead of the feed's; repeat for each.")] = None,
    sample: Annotated[int, typer.Option(min=1, help="People that the intruder tries to find.")] = 1000,
    seed: Annotated[int, typer.Option(help="The same seed draws the same people.")] = 0,
) -> None:
    """Report how exposed the people in a clean file are: people alike, and a simulated motivated intruder.

    Example: `farr risk clean/june.clean.parquet --feed apc_episode --out june-risk.md`
    """
    feeds = _feeds()
    if feed not in feeds:
        raise OrderError(f"there is no feed '{feed}'; known are {', '.join(feeds)}")
    with _console.status("counting people alike, and trying to single them out"):
        report = risk_report(file, feeds[feed], quasi=tuple(quasi or ()), sample=sample, seed=seed)
    markdown, as_json = write_report(report, out)
    _show_report(report)
    _console.print(f"wrote {markdown} and {as_json}")


def _feeds() -> dict[str, Feed]:
    return discover("farr.lab.ingest.feeds", Feed)


def _as_csv(name: str) -> bool:
    if name not in _FORMATS:
        raise OrderError(f"--format {name} is not known; write parquet or csv.gz")
    return _FORMATS[name]


def _show_manifest(manifest: Manifest, clean: Path) -> None:
    table = Table("rows", "", title=f"{manifest.source_name}: {manifest.feed}", title_justify="left", show_header=False)
    table.columns[0].justify = "right"
    table.add_row(f"{manifest.rows_read:,}", "rows read")
    table.add_row(f"{manifest.rows_written:,}", f"written to {clean}")
    opted = "applied" if manifest.opt_outs.applied else "not applied"
    table.add_row(f"{manifest.opt_outs.rows:,}", f"opted out ({opted}: {manifest.opt_outs.reason})")
    for reason, count in manifest.rows_rejected.items():
        table.add_row(f"{count:,}", f"rejected: {reason}")
    for column, reasons in manifest.values_lost.items():
        for reason, count in reasons.items():
            table.add_row(f"{count:,}", f"written with {column} empty: {reason}")
    _console.print(table)
    _console.print(f"dropped: {', '.join(manifest.columns_dropped) or 'nothing'}")
    if manifest.columns_unknown:
        _console.print(f"not declared, so never passed on: {', '.join(manifest.columns_unknown)}")


def _show_report(report: RiskReport) -> None:
    people = Table("measure", "value", title="people alike", title_justify="left")
    people.columns[1].justify = "right"
    for name, value in summary(report.anonymity):
        people.add_row(name, value)
    tried = Table("intruder", "singled out", "95% interval", title="motivated intruder", title_justify="left")
    for finding in report.findings:
        tried.add_row(finding.scenario.name, percent(finding.singled_out), f"{percent(finding.lower)} to {percent(finding.upper)}")
    _console.print(people)
    _console.print(tried)
