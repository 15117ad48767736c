"""farr publish-statements: what readers of the portal are shown of contracts and plans."""

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.contracting.kind import kinds
from farr.lab.desk.desk import Desk
from farr.lab.desk.publication.statements import publish_statements as publish
from farr.lab.model.period import Period

console = Console()


def publish_statements(
    of: Annotated[str | None, typer.Argument(metavar="KIND", help="What of; without it, the kinds are listed.", show_default=False)] = None,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME...", help="Which of it, where it has several; else all.", show_default=False)
    ] = None,
    *,
    organisation: Annotated[
        list[str] | None, typer.Option(help="Of this organisation alone; may be given again.", show_default=False)
    ] = None,
    period: Annotated[str | None, typer.Option(help="Months, such as 2024-04..2025-03; else the latest year.", show_default=False)] = None,
    with_home: Annotated[Path | None, typer.Option(help="Of a kind that compares two homes, the other one.", show_default=False)] = None,
    with_agreement: Annotated[str | None, typer.Option(help="Its agreement; its only one, unless said.", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Release what a kind of statement asks for, and write the signed statements that the portal shows, of every organisation.

    Example: farr publish-statements scenario no_excess_days specialised_to_nation
    """
    if of is None:
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
        table.add_column("Kind", no_wrap=True)
        table.add_column("What it says")
        for name, each in kinds().items():
            table.add_row(name, f"{each.title}. {each.says}")
        console.print(table)
        return
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    beside = None if with_home is None else Desk.open(with_home, agreement=with_agreement, purpose=purpose)
    with progress("Publishing") as said:
        written = publish(
            desk,
            of,
            names or (),
            period=Period.parse(period) if period else None,
            organisations=organisation or (),
            beside=beside,
            said=said,
        )
    for name, count in written.items():
        console.print(f"{name}: {count} statements")
