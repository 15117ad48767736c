"""farr review: what no registered measure puts, and models; held until an output checker has decided."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from farr.lab.desk.commands.options import AgreementOption, HomeOption
from farr.lab.desk.home import Home, code_version, make_key, read_key
from farr.lab.desk.reviewing.asking import asking
from farr.lab.desk.reviewing.checkers import Checkers
from farr.lab.desk.reviewing.deciding import ROWS, Checking
from farr.lab.desk.reviewing.model_file import read_model
from farr.lab.desk.reviewing.screen import findings, listed, shown
from farr.lab.desk.reviewing.shelves import shelf_of
from farr.lab.disclosure.review.held import Review
from farr.lab.disclosure.review.item import ReviewError
from farr.lab.disclosure.review.model import checked, release_model
from farr.lab.model.agreement import Signatory

app = typer.Typer(help="Look at what is held for review, and decide what comes out.", no_args_is_help=True)
console = Console()

IdArgument = Annotated[str, typer.Argument(help="As farr review list gives it.", show_default=False)]
CheckerOption = Annotated[str, typer.Option(help="Your name, as your key is registered; never who asked.")]
KeyOption = Annotated[Path, typer.Option(help="Your signing key file.")]
ReasonOption = Annotated[str, typer.Option(help="Why; kept and read with your name: in words, without digits.")]


@app.command("list", epilog="Example: farr review list --all")
def list_(
    *,
    every: Annotated[bool, typer.Option("--all", help="Also what was decided, or destroyed with its records.")] = False,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """List what waits for a checker, oldest first."""
    entries = [each for each in _checking(home, agreement).entries() if every or each.state.is_waiting]
    console.print(listed(entries) if entries else "Nothing waits for review.")


@app.command(epilog="Example: farr review show review-1a2b3c4d --rows all")
def show(
    id: IdArgument,
    *,
    rows: Annotated[str, typer.Option(help="How many rows of the table, or all.")] = str(ROWS),
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Show what was asked, by whom and why, the protected table, what the audit did, and earlier releases that lie near."""
    if rows != "all" and not (rows.isdecimal() and int(rows)):
        raise ReviewError(f"--rows takes a number, or all, and was given '{rows}'; type: farr review show {id} --rows all")
    for part in shown(_checking(home, agreement).look(id), None if rows == "all" else int(rows)):
        console.print(part)


@app.command(epilog="Example: farr review approve review-1a2b3c4d --checker 'B. Shah' --key shah.pem --reason 'Large groups, none nested'")
def approve(
    id: IdArgument,
    *,
    checker: CheckerOption,
    key: KeyOption,
    reason: ReasonOption,
    all_rows_seen: Annotated[bool, typer.Option("--all-rows-seen", help="You saw every row: farr review show ID --rows all.")] = False,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Release the very table that is held, where the agreement asks for two checkers with the second approval. Whoever asked gets it by
    asking the same again, from the same data."""
    done = _checking(home, agreement).approve(id, checker=checker, key=read_key(key), reason=reason, all_rows_seen=all_rows_seen)
    if done is None:
        console.print(f"Noted: your approval of {id}; a second checker decides too.")
        return
    released, path = done
    console.print(f"Approved {id}: it is release {released.manifest.release_id}, published at {path}", soft_wrap=True)


@app.command(epilog="Example: farr review refuse review-1a2b3c4d --checker 'B. Shah' --key shah.pem --reason 'Ask by age band instead'")
def refuse(
    id: IdArgument,
    *,
    checker: CheckerOption,
    key: KeyOption,
    reason: ReasonOption,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Refuse what is held, and remove it. Whoever asks the same again reads your reason."""
    _checking(home, agreement).refuse(id, checker=checker, key=read_key(key), reason=reason)
    console.print(f"Refused {id}. The table is removed; whoever asks again reads why.")


@app.command(epilog="Example: farr review checker --name 'B. Shah' --out shah.pem --as guardian --key guardian.pem")
def checker(
    *,
    name: Annotated[str, typer.Option(help="Name of the person who will check.")],
    out: Annotated[Path, typer.Option(help="Where to write their signing key; hand it over and keep no copy.")],
    role: Annotated[Signatory, typer.Option("--as", help="The role in which you vouch for them.")],
    key: Annotated[Path, typer.Option(help="Your own signing key, as guardian or risk owner.")],
    home: HomeOption = None,
) -> None:
    """Make a signing key for an output checker, for whom a guardian or risk owner vouches."""
    place = Home.open(home)
    vouching = read_key(key)
    place.signatory_name(role, vouching)
    Checkers(place).trust(name, make_key(out), role=role, vouching=vouching)
    console.print(f"{name} may now decide with {out}. Hand the file over and keep no copy.")


@app.command(epilog="Example: farr review model readmission.json --why 'Table 2 of the frailty paper'")
def model(
    file: Annotated[Path, typer.Argument(help="The model's output, .json: see docs/review.md.", show_default=False)],
    *,
    why: Annotated[str | None, typer.Option(help="Why it must leave. Without it, it is checked and no more.", show_default=False)] = None,
    asker: Annotated[str | None, typer.Option(help="Who asks; else whoever is logged in.", show_default=False)] = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Check a model's output part by part, and hold it for review: what comes from a file never leaves without a checker."""
    place = Home.open(home)
    terms = place.agreement(agreement or place.only_agreement()).terms
    fitted = read_model(file, terms, code_version())
    console.print(findings(checked(fitted)))
    if why is None:
        console.print("Checked and no more. To have it looked at, and released if a checker approves: --why 'REASON'")
        return
    console.print(str(release_model(fitted, place.ledger(terms.id), Review(shelf=shelf_of(place, terms), asking=asking(why, asker)))))


def _checking(home: Path | None, agreement: str | None) -> Checking:
    place = Home.open(home)
    return Checking(place, agreement or place.only_agreement())
