"""farr variation: how much admissions and operations differ between places whose people are alike."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from farr.lab.desk import plain
from farr.lab.desk.aligned import aligned
from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.desk import Desk
from farr.lab.desk.populations.stating import between
from farr.lab.desk.populations.tables import write_sheets
from farr.lab.desk.populations.variation_statement import sheets
from farr.lab.desk.populations.variation_words import cells, headline, index_rows, notes
from farr.lab.desk.populations.varying import Varied, latest_year, varied
from farr.lab.model.period import Period
from farr.lab.planning.variation.interest import ADMITTED, CHAPTER, DIAGNOSIS, PROCEDURE, InterestError, declared, interest, named
from farr.lab.planning.variation.questions import LEVELS

console = Console()


def variation(
    name: Annotated[str | None, typer.Argument(metavar="INTEREST", help="Which; without it, they are listed.", show_default=False)] = None,
    *,
    diagnosis: Annotated[
        str | None, typer.Option(help="Instead: an ICD-10 category such as K80, or a code list of Farr's.", show_default=False)
    ] = None,
    procedure: Annotated[
        str | None, typer.Option(help="Instead: an OPCS-4 category such as W37, or a code list.", show_default=False)
    ] = None,
    chapter: Annotated[str | None, typer.Option(help="Instead: a chapter of ICD-10 such as 09.", show_default=False)] = None,
    admitted: Annotated[str, typer.Option(help=f"With these: {', '.join(ADMITTED)}.")] = "any",
    level: Annotated[str, typer.Option(help=f"By: {', '.join(LEVELS)}.")] = "commissioner",
    direct: Annotated[bool, typer.Option("--direct", help="Directly standardised rates too; asks for places' own ages.")] = False,
    period: Annotated[str | None, typer.Option(help="Months, such as 2024-04..2025-03; else the latest year.", show_default=False)] = None,
    out: Annotated[Path | None, typer.Option(help="Write to this file: .xlsx or .csv.", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Compare admissions or operations with what people's age, sex and deprivation lead one to expect, place by place.

    Observed over expected with 95% intervals, and indices of how much places differ beyond chance.

    Example: farr variation hip_replacement
    Example: farr variation --diagnosis J44 --admitted emergency --level locality --out j44.xlsx
    """
    chosen = {field: codes for field, codes in ((DIAGNOSIS, diagnosis), (PROCEDURE, procedure), (CHAPTER, chapter)) if codes}
    if name is None and not chosen:
        console.print(_interests())
        return
    which = interest(_chosen(name, chosen, admitted))
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    span = Period.parse(period) if period else latest_year(desk)
    with progress("Comparing") as said:
        found = varied(desk, which, level=level, period=span, direct=direct, said=said)
    names = desk.organisations.of_level(level)
    console.print(_places(found, names, direct=direct))
    console.print(_indices(found))
    console.print(f"{headline(found)}.\n{plain.HIDDEN_NOTE}\n" + "\n".join(notes(found)), highlight=False)
    if out is not None:
        for written in write_sheets(sheets(found, names), explained(found), out):
            console.print(f"Wrote {escape(str(written))}")


def explained(found: Varied) -> Sequence[tuple[str, str]]:
    """What travels with the figures, as (label, text)."""
    return [
        ("What", found.interest.title), ("Why", found.interest.why), ("Source", found.interest.source), ("Level", found.level),
        ("Period", str(found.period)), ("Finding", headline(found)), ("Hidden figures", plain.HIDDEN_NOTE),
        *(("Note", note) for note in notes(found)),
        ("Release", f"{found.rows.provenance}; table SHA-256 {found.rows.manifest.table_sha256}"),
    ]  # fmt: skip


def _chosen(name: str | None, chosen: dict[str, str], admitted: str) -> str:
    if name is not None and not chosen:
        return name
    if name is not None or len(chosen) != 1:
        raise InterestError("name one thing: an interest, or one of --diagnosis, --procedure and --chapter")
    ((field, codes),) = chosen.items()
    return named(field, codes, admitted)


def _interests() -> Table:
    table = Table(box=box.SIMPLE)
    table.add_column("Interest", no_wrap=True)
    for heading in ("What is counted", "Why it varies"):
        table.add_column(heading)
    for name, each in declared().items():
        table.add_row(name, each.title, each.varies.value)
    table.add_row("--diagnosis K80", "Any category of ICD-10, or a code list", "")
    table.add_row("--procedure W37", "Any category of OPCS-4, or a code list", "")
    return table


def _places(found: Varied, names: dict[str, str], *, direct: bool) -> Table:
    title = f"{found.interest.title}, {found.period}, lowest first"
    headings = ("Observed", "Expected", "Ratio", "95% interval", "Per 100,000", "Believed", *(("Direct",) if direct else ()))
    lines: list[tuple[str, ...]] = []
    for row in found.rows.table.to_pylist():
        own = [f"{each} (few)" if row["is_small"] and place == 1 else each for place, each in enumerate(cells(row))]
        lines.append((f"{row['code']} {names.get(row['code'], '')}".strip(), *own, *((_direct(row),) if direct else ())))
    return aligned(console, title, (plain.level_title(found.level), *headings), lines)


def _direct(row: Mapping[str, Any]) -> str:
    rate = row["direct_rate"]
    return plain.HIDDEN if rate is None else f"{rate:,.1f} ({between(row['direct_lower'], row['direct_upper'], 1)})"


def _indices(found: Varied) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Index", no_wrap=True)
    table.add_column("Value", justify="right", no_wrap=True)
    table.add_column("What it is")
    for row in index_rows(found):
        table.add_row(row["title"], row["figure"], row["says"])
    return table
