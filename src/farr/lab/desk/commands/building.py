"""farr build. In a module of its own, because it needs nothing of what makes, draws and writes benchmarks."""

from typing import Annotated

import typer
from rich.console import Console

from farr.lab.desk.commands.options import AgreementOption, HomeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.home import Home
from farr.lab.desk.marts import build_marts

console = Console()


def build(
    *,
    whole: Annotated[bool, typer.Option("--whole", help="Build every derived table from scratch, changed or not.")] = False,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Bring the derived tables (spells, populations and the others) up to date with what was ingested.

    Only what a new or re-sent month can change is built again; each line says what was, or why all of it was.

    Example: farr build --agreement leeds
    """
    place = Home.open(home)
    with progress("Building"):
        build_marts(place, agreement or place.only_agreement(), console.print, whole=whole)
