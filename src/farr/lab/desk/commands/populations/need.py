"""farr need: how many people of a place have long-term conditions, as far as hospitals see them."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from farr.lab.desk import plain
from farr.lab.desk.aligned import aligned
from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.desk import Desk
from farr.lab.desk.populations.need_statement import HEADINGS, SOURCE, WHY, cells, finding, notes, ordered, sheets, title_of
from farr.lab.desk.populations.needs import NeedError, latest_year, needs, of_place, peers_of
from farr.lab.desk.populations.tables import write_sheets
from farr.lab.model.period import Period
from farr.lab.planning.need.questions import LEVELS

console = Console()


def need(
    *,
    organisation: Annotated[str, typer.Option(help="Code of the place whose people are meant.")],
    level: Annotated[str | None, typer.Option(help=f"Where the code is of several: {', '.join(LEVELS)}.", show_default=False)] = None,
    period: Annotated[str | None, typer.Option(help="Months, such as 2024-04..2025-03; else the latest year.", show_default=False)] = None,
    out: Annotated[Path | None, typer.Option(help="Write to this file: .xlsx or .csv.", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """People seen in hospital with each long-term condition: beside the similar ten, the nation, and what is expected of such people.

    As seen in hospital, which is no prevalence: who is never admitted is not counted.

    Example: farr need --organisation 90L
    """
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    at = desk.level(organisation, level)
    span = Period.parse(period) if period else latest_year(desk)
    with progress("Counting people") as said:
        found = needs(desk, level=at, period=span, said=said)
    codes = tuple(next(iter(found.rows.values())).table["code"].to_pylist())
    if organisation not in codes:
        raise NeedError(f"nobody is known to live in '{organisation}'; places of that level: {', '.join(codes[:8])} and others")
    peers, lacking = peers_of(desk, at, codes, organisation)
    rows, name = of_place(found, organisation, peers), desk.organisations.of_level(at).get(organisation, organisation)
    title = f"{name}: people seen in hospital, {found.period}"
    lines = [(title_of(row["condition"]), *cells(row)) for row in ordered(rows)]
    table = aligned(console, title, ("Condition", *HEADINGS), lines)
    told = [f"{finding(rows, name)}.", plain.HIDDEN_NOTE, *notes(found, lacking)]
    console.print(table)
    console.print("\n".join(told), highlight=False)
    if out is not None:
        provenance = [("Release", each.provenance) for each in found.rows.values()]
        explained = [("What", title), ("Why", WHY), ("Source", SOURCE), *(("Note", each) for each in told), *provenance]
        for written in write_sheets(sheets(rows), explained, out):
            console.print(f"Wrote {escape(str(written))}")
