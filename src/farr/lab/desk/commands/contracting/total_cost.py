"""farr total-cost: what all care of a commissioner's people costs, in hospital and outside."""

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from farr.lab.desk.aligned import aligned
from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.contracting.total_cost.asking import TotalCost, ask, latest_year, total_cost_of
from farr.lab.desk.contracting.total_cost.files import write_total_cost
from farr.lab.desk.contracting.total_cost.words import COLUMNS, METHOD, cells, finding
from farr.lab.desk.desk import Desk
from farr.lab.model.period import Period
from farr.lab.planning.total_cost.costs import DELIVERIES
from farr.lab.planning.total_cost.questions import LEVEL
from farr.lab.planning.total_cost.rows import WHOLES

console = Console()


def total_cost(
    organisation: Annotated[str, typer.Option(help="Whose people: a commissioner.")],
    *,
    period: Annotated[str | None, typer.Option(help="Months, such as 2024-04..2025-03; else the latest year.", show_default=False)] = None,
    months: Annotated[bool, typer.Option("--months", help="Also print the pounds of each month.")] = False,
    out: Annotated[Path | None, typer.Option(help="Also write everything to this file (.csv or .xlsx).", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Add up what all care of a commissioner's people costs, part by part, for each person, beside peers and the nation.

    Care outside hospital comes from local feeds (farr ingest local_activity.csv); a part without one is not held, and in no sum.

    Example: farr total-cost --organisation 90L --out 90L-total.xlsx
    """
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    span = Period.parse(period) if period else latest_year(desk)
    with progress("Adding up") as said:
        found = total_cost_of(desk, ask(desk, span, said), organisation)
    name = desk.organisations.of_level(LEVEL).get(organisation, organisation)
    console.print(f"[bold]{finding(found, name)}.[/bold]", soft_wrap=True)
    console.print(_parts(found))
    if months:
        console.print(_months(found))
    console.print("\n".join((_sources(found), *METHOD, *found.notes)), soft_wrap=True)
    if out is not None:
        console.print(f"Written: {', '.join(map(str, write_total_cost(found, name, out)))}", soft_wrap=True)


def _parts(found: TotalCost) -> Table:
    rows = found.rows.table.to_pylist()
    lines = [(f"  {row['title']}" if row["part"] in DELIVERIES else row["title"], *cells(row)) for row in rows]
    styles = ["bold" if row["part"] in WHOLES else "" for row in rows]
    return aligned(console, f"Total cost of care, {found.period}", ("Part", *COLUMNS), lines, styles)


def _sources(found: TotalCost) -> str:
    titles = {row["part"]: row["title"] for row in found.rows.table.to_pylist()}
    return "Sources: " + "; ".join(f"{titles.get(part, part)}: {source}" for part, source in found.sources.items()) + "."


def _months(found: TotalCost) -> Table:
    rows = found.months.table.to_pylist()
    parts, held = dict.fromkeys((row["part"], row["title"]) for row in rows), {(row["month"], row["part"]): row["cost"] for row in rows}
    table = Table(title="By month, £000", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Month", no_wrap=True)
    for _, title in parts:
        table.add_column(title, justify="right")
    for month in dict.fromkeys(row["month"] for row in rows):
        figures = [held[month, part] for part, _ in parts]
        table.add_row(month, *("–" if figure is None else f"{figure / 1000:,.1f}" for figure in figures))
    return table
