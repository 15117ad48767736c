"""farr measures, benchmark, report and verify."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

from farr.lab.desk import plain
from farr.lab.desk.answering.assemble import NotHeld
from farr.lab.desk.benchmark import Benchmark, by_reason
from farr.lab.desk.charts.render import render, specs
from farr.lab.desk.commands.asking import (
    AllMonthsOption,
    AsWasOption,
    ByOption,
    ChooseOption,
    CountOption,
    LevelOption,
    NormOption,
    OrganisationOption,
    PeersOption,
    PeriodOption,
    WhyOption,
    asked,
)
from farr.lab.desk.commands.options import AgreementOption, HomeOption, MeasuresOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.desk import Desk
from farr.lab.desk.figures import releases, selected
from farr.lab.desk.files import as_json, write
from farr.lab.desk.home import Home
from farr.lab.desk.pages import one_measure
from farr.lab.desk.publication.changed import what_changed
from farr.lab.desk.publication.notices import notice
from farr.lab.desk.report.html import render_report
from farr.lab.desk.screen import parts_screen, screen
from farr.lab.disclosure.released import publish, read_published
from farr.lab.measures.measure import Measure
from farr.lab.model.discover import discover
from farr.lab.model.period import Period

console = Console()


def measures(
    name: Annotated[str | None, typer.Argument(help="One measure, to read its page.", show_default=False)] = None,
    *,
    as_data: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
) -> None:
    """List the measures, or show the page of one: what it counts, why, by which codes, and who says so.

    Example: farr measures emergency_admissions
    """
    if name is not None:
        console.print(Markdown(one_measure(name)))
        return
    known = discover("farr.lab.measures.definitions", Measure)
    if as_data:
        listed = [{"name": name, "title": m.title, "unit": m.unit, "levels": m.levels, "source": m.source} for name, m in known.items()]
        sys.stdout.write(json.dumps(listed, indent=2) + "\n")
        return
    table = Table(title="Measures", title_justify="left")
    for heading in ("name", "title", "unit", "levels"):
        table.add_column(heading, overflow="fold")
    for each, measure in known.items():
        table.add_row(each, measure.title, measure.unit, ", ".join(measure.levels))
    console.print(table)


def benchmark(
    *,
    organisation: OrganisationOption,
    measure: Annotated[str, typer.Option(help="Name of the measure; type: farr measures")],
    norm: NormOption = "national",
    period: PeriodOption = None,
    level: LevelOption = None,
    by: ByOption = None,
    choose: ChooseOption = None,
    peers: PeersOption = None,
    count: CountOption = None,
    as_was: AsWasOption = False,
    all_months: AllMonthsOption = False,
    why: WhyOption = None,
    asker: Annotated[str | None, typer.Option(help="With --why: who asks; else whoever is logged in.", show_default=False)] = None,
    out: Annotated[
        list[Path] | None, typer.Option(help="Also write a .csv, .xlsx, .parquet, .json, .svg or .png; as often as needed.")
    ] = None,
    as_data: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Set an organisation beside its norm for one measure.

    Example: farr benchmark --organisation 90L --measure emergency_admissions --norm similar_ten --period 2024-04..2025-03
    """
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    request = asked(
        organisation, measure, norm, period, level, by=by, choose=choose, peers=peers, count=count, as_was=as_was,
        all_months=all_months, why=why,
    )  # fmt: skip
    with progress(f"Asking {measure}"):
        found = desk.answer(request, asker)
    _publish(desk.home, [found])
    for path in out or []:
        _write(found, path)
    if as_data:
        sys.stdout.write(json.dumps(as_json(found), indent=2, ensure_ascii=False) + "\n")
    else:
        console.print(screen(found, width=console.width))
        if found.parts is not None:
            console.print(parts_screen(found, width=console.width))


def report(
    *,
    organisation: OrganisationOption,
    norm: NormOption = "national",
    period: PeriodOption = None,
    level: LevelOption = None,
    measure: MeasuresOption = None,
    out: Annotated[Path, typer.Option(help="Folder for the report, its charts and workbooks.")] = Path("report"),
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Write one self-contained HTML report of every measure for an organisation, with each chart as SVG and PNG and each table as Excel.

    Example: farr report --organisation 90L --norm similar_ten --out report/

    Example of a short one: farr report --organisation 90L --measure day_case_rate --measure length_of_stay --out short/
    """
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    at = desk.level(organisation, level)
    with progress("Asking") as asking:
        found, left_out = desk.report(organisation=organisation, norm=norm, period=period, level=at, measures=measure or (), asking=asking)
        if not found:
            reasons = "; ".join(reason for reason, _ in by_reason(left_out))
            raise NotHeld(f"no measure can be made for '{organisation}', so there is no report: {reasons}")
        found = desk.broken_down(found, asking=asking)
        changed = what_changed(desk, found, asking=asking)
    with progress("Drawing and writing"):
        _publish(desk.home, found)
        page = render_report(
            found, organisation=organisation, level=at, period=_span(found), generated_by=desk.agreement, folder=out,
            left_out=left_out, changed=changed,
        )  # fmt: skip
        for each in found:
            write(each, out / f"{each.measure.name}.xlsx")
    console.print(_summary(found))
    for reason, titles in by_reason(left_out):
        console.print(f"Not in the report: {', '.join(titles)}: {reason}")
    console.print(f"Report: {page}")


def verify(path: Annotated[Path, typer.Argument(help="A release folder under published/.")], home: HomeOption = None) -> None:
    """Check a published release: signed by this installation, and unchanged.

    Example: farr verify farr-home/published/1f0c…
    """
    place = Home.open(home)
    released = read_published(path, {place.public_key()})
    console.print(f"{released.name}: signed and unchanged. {released.provenance}", soft_wrap=True)
    if said := notice(path, place.public_key()):
        console.print(said, soft_wrap=True)


def _publish(home: Home, found: list[Benchmark]) -> None:
    key = home.release_key()
    for each in found:
        for released in releases(each):
            publish(released, home.published, key)


def _write(found: Benchmark, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix in {".svg", ".png"}:
        for name, spec in specs(found).items():
            render(spec, path.with_stem(f"{path.stem}-{name}"))
    else:
        write(found, path)


def _summary(found: list[Benchmark]) -> Table:
    title = f"{found[0].organisation_name}, against {found[0].norm_title.lower()}, {plain.period(_span(found))}"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for heading in ("Measure", "Value", "Norm", "Unit", "Standing"):
        table.add_column(heading, justify="right" if heading in {"Value", "Norm"} else "left", overflow="fold")
    for each in found:
        own = selected(each)
        value, norm = plain.number(own.value, each.measure), plain.number(own.norm_value, each.measure)
        standing = f"{plain.verdict(own, each.measure.direction)}; {plain.rank(own)}"
        loud = "bold" if own.verdict in {"high", "low"} else ""
        table.add_row(each.measure.title, value, norm, plain.unit(each.measure), standing, style=loud)
    return table


def _span(found: list[Benchmark]) -> Period:
    """From the first month of any measure to the last: measures that are followed up end earlier."""
    return Period(min(each.period.first for each in found), max(each.period.last for each in found))
