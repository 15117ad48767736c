"""farr docs: the reference pages, made from the declarations."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from farr.lab.desk.pages import write_pages

console = Console()


def docs(
    *,
    out: Annotated[Path, typer.Option(help="Folder for the pages.")] = Path("site"),
    examples: Annotated[
        Path | None, typer.Option(help="Folder of worked examples, tests/spec/measures in Farr's source.", show_default=False)
    ] = None,
) -> None:
    """Write a page for every measure, feed and disclosure policy, from their declarations.

    Example: farr docs --out site --examples tests/spec/measures
    """
    written = write_pages(out, examples)
    console.print(f"{len(written)} pages in {out}")
