"""farr challenge-pack: the lists of challenges as a folder to send, and the same folder made again."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from farr.lab.desk.commands.contracting.challenge import CommissionerOption, PeriodOption, ProviderOption
from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.contracting.challenge_pack import made_by, make_again, write_pack
from farr.lab.desk.contracting.challenging import Scope, challenged, latest_year
from farr.lab.desk.desk import Desk
from farr.lab.desk.home import Home
from farr.lab.model.period import Period

app = typer.Typer(help="Write the lists of challenges as a folder to send, and make the same folder again.", no_args_is_help=True)
console = Console()


@app.command(epilog="Example: farr challenge-pack make --commissioner 90L --out challenges-90L")
def make(
    *,
    commissioner: CommissionerOption = None,
    provider: ProviderOption = None,
    period: PeriodOption = None,
    out: Annotated[Path, typer.Option(help="Folder to write; it must be empty or new.")],
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Write a pack: lists as CSV, every rule in words, notes, and a manifest. What it rests on is published and signed."""
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    scope = Scope(commissioner=commissioner, provider=provider, period=Period.parse(period) if period else latest_year(desk))
    with progress("Challenges") as said:
        found, answers = challenged(desk, scope, said, monthly=not scope.is_pair)
        written = write_pack(found, answers, desk, out)
    for path in written:
        console.print(escape(str(path)), soft_wrap=True)
    for name, why in found.refused.items():
        console.print(f"Not in the pack: {name}. {escape(why[:1].upper() + why[1:])}", soft_wrap=True)


@app.command(epilog="Example: farr challenge-pack again challenges-90L --out challenges-90L-again")
def again(
    pack: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of a pack.")],
    *,
    out: Annotated[Path, typer.Option(help="Folder to write; it must be empty or new.")],
    home: HomeOption = None,
) -> None:
    """Make a pack again from the releases that it was made of, and say whether every byte is the same."""
    written, differ = make_again(Home.open(home), pack, out)
    for path in written:
        console.print(escape(str(path)), soft_wrap=True)
    if not differ:
        console.print(f"{len(written)} files, byte for byte those of {escape(str(pack))}.", soft_wrap=True)
        return
    version = made_by(pack)
    why = f"the pack was made by farr {version}; make it again with that" if version else "the pack was changed after it was made"
    console.print(f"Not the same: {', '.join(differ)}. Most likely {escape(why)}.", soft_wrap=True)
    raise typer.Exit(1)
