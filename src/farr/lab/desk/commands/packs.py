"""farr pack: an analyst's interpretation of released figures, written, signed, approved by a second person and sent out."""

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.home import Home, make_key, read_key
from farr.lab.desk.pack import edition as editions
from farr.lab.desk.pack import placeholders
from farr.lab.desk.pack.analysts import Analysts
from farr.lab.desk.pack.edition import Edition
from farr.lab.desk.pack.folder import Pack
from farr.lab.desk.pack.formats.render import render as write_files

app = typer.Typer(help="Write, approve and send packs: released figures with an analyst's commentary.", no_args_is_help=True)
console = Console()

PackArgument = Annotated[str, typer.Argument(metavar="PACK", help="The pack's short name, such as winter-90L.")]
NameOption = Annotated[str, typer.Option("--as", help="Your name, as it was registered with: farr pack signatory.")]
KeyOption = Annotated[Path, typer.Option("--key", help="Your signing key file.")]
VersionOption = Annotated[int | None, typer.Option("--version", help="Number of a version; else the latest.", show_default=False)]


@app.command(epilog="Example: farr pack signatory --name 'A. Analyst' --out analyst.pem")
def signatory(
    *,
    name: Annotated[str, typer.Option(help="Name of the analyst or reviewer.")],
    out: Annotated[Path, typer.Option(help="Where to write the signing key; hand it to that person and keep no copy.")],
    home: HomeOption = None,
) -> None:
    """Make a signing key for an analyst or reviewer, and have this home trust it."""
    Analysts(Home.open(home).folder).trust(name, make_key(out))
    console.print(f"{escape(name)} may now sign packs with {out}. Hand the file over and keep no copy.")


@app.command(
    epilog="Example: farr pack new winter-90L --organisation 90L --measure emergency_admissions --measure length_of_stay "
    "--norm similar_ten --title 'Winter pressures' --author 'A. Analyst' --key analyst.pem"
)
def new(
    pack: PackArgument,
    *,
    organisation: Annotated[str, typer.Option(help="Code of the organisation, or 'national'.")],
    measure: Annotated[list[str], typer.Option(help="Name of a measure (see: farr measures); as often as needed.")],
    title: Annotated[str, typer.Option(help="The pack's title.")],
    author: Annotated[str, typer.Option(help="Your name, as it was registered with: farr pack signatory.")],
    key: KeyOption,
    norm: Annotated[str, typer.Option(help="What to compare with, such as national or similar_ten.")] = "national",
    period: Annotated[str | None, typer.Option(help="Months, such as 2024-04..2025-03; else the latest year.", show_default=False)] = None,
    level: Annotated[str | None, typer.Option(help="Where the organisation reference does not know the code.", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Release the figures of a pack and write a draft commentary to edit."""
    from farr.lab.desk.desk import Desk  # noqa: PLC0415  the other commands of a pack open no records, and wait for no engine

    place = Home.open(home)
    made = Pack(place, pack)
    made.check_new()
    signing_key = read_key(key)
    made.analysts.name_of(signing_key, author)
    desk = Desk.open(place.folder, agreement=agreement, purpose=purpose)
    found = [desk.benchmark(organisation=organisation, measure=each, norm=norm, period=period, level=level) for each in measure]
    path = made.begin(title, author, signing_key, found)
    console.print(f"Draft: {path}\nWrite in it, then type: farr pack check {pack}", soft_wrap=True)


@app.command(epilog="Example: farr pack check winter-90L")
def check(pack: PackArgument, home: HomeOption = None) -> None:
    """Check a draft: what each placeholder says, and which numbers were typed by hand."""
    shown = Pack(Home.open(home), pack).draft_edition()
    table = Table(title="Placeholders", title_justify="left", box=box.SIMPLE_HEAD)
    for heading in ("write", "to say"):
        table.add_column(heading, overflow="fold")
    for written, text in placeholders.every({benchmark.measure.name: benchmark for benchmark in shown.benchmarks}).items():
        table.add_row(escape(written), escape(text))
    console.print(table)
    for section in shown.sections:
        if section.is_empty:
            console.print(f"Empty: {escape(section.name)}")
    for name, figures in shown.typed.items():
        console.print(f"Typed by hand in {escape(name)}, and no released figures: {escape(', '.join(figures))}")
    if not shown.typed:
        console.print("No number was typed by hand.")


@app.command(epilog="Example: farr pack submit winter-90L --as 'A. Analyst' --key analyst.pem")
def submit(
    pack: PackArgument,
    *,
    name: NameOption,
    key: KeyOption,
    typed_figures_checked: Annotated[bool, typer.Option("--typed-figures-checked", help="You checked the numbers typed by hand.")] = False,
    home: HomeOption = None,
) -> None:
    """Freeze the draft as the next version and sign it as its author."""
    number = Pack(Home.open(home), pack).submit(name, read_key(key), typed_figures_checked=typed_figures_checked)
    console.print(f"Version {number} of {pack} is submitted. A second person approves it with:")
    console.print(f"  farr pack approve {pack} --as 'B. Reviewer' --key KEYFILE")


@app.command(epilog="Example: farr pack approve winter-90L --as 'B. Reviewer' --key reviewer.pem")
def approve(pack: PackArgument, *, name: NameOption, key: KeyOption, version: VersionOption = None, home: HomeOption = None) -> None:
    """Sign a submitted version as the second person."""
    done = Pack(Home.open(home), pack).approve(name, read_key(key), version)
    console.print(f"{escape(name)} approved version {done.number} of {pack}. Send it with: farr pack render {pack} --out FOLDER")


@app.command(epilog="Example: farr pack show winter-90L")
def show(pack: PackArgument, version: VersionOption = None, home: HomeOption = None) -> None:
    """Show a version's people, text with its figures, and what it rests on; the latest, or the draft where there is none."""
    held = Pack(Home.open(home), pack)
    has_version = bool(held.versions())
    _print(held.version_edition(held.version(version)) if has_version or version is not None else held.draft_edition())


@app.command(epilog="Example: farr pack versions winter-90L")
def versions(
    pack: Annotated[str | None, typer.Argument(metavar="PACK", help="One pack; else all.", show_default=False)] = None,
    home: HomeOption = None,
) -> None:
    """List the versions of a pack, or of every pack, and who stands behind each."""
    place = Home.open(home)
    table = Table(title="Packs", title_justify="left", box=box.SIMPLE_HEAD)
    for heading in ("pack", "version", "title", "author", "approved by"):
        table.add_column(heading, overflow="fold")
    for each in Pack.every(place) if pack is None else [Pack(place, pack)]:
        held = each.versions()
        if not held:
            table.add_row(each.name, "draft", "", escape(each.draft().author), "")
        for version in held:
            approver = "nobody yet" if version.approver is None else f"{version.approver.name}, {version.approver.signed_on}"
            author = f"{version.author.name}, {version.author.signed_on}"
            table.add_row(each.name, str(version.number), *(escape(str(text)) for text in (version.content["title"], author, approver)))
    console.print(table)


@app.command(epilog="Example: farr pack render winter-90L --out packs-out/")
def render(
    pack: PackArgument,
    *,
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("packs-out"),
    version: VersionOption = None,
    draft: Annotated[bool, typer.Option("--draft", help="The draft, with DRAFT across it.")] = False,
    home: HomeOption = None,
) -> None:
    """Write the latest approved version as HTML, PDF and Excel; another version, or the draft, where asked for."""
    held = Pack(Home.open(home), pack)
    if draft:
        written = write_files(held.draft_edition(), out)
    else:
        chosen = held.approved() if version is None else held.version(version)
        written = write_files(held.version_edition(chosen), out, chosen)
    for path in written:
        console.print(str(path), soft_wrap=True)


def _print(shown: Edition) -> None:
    if shown.is_synthetic:
        console.print("Synthetic data: every person, stay and organisation here is made up.")
    console.print(f"[bold]{escape(shown.title)}[/bold], {escape(shown.first.organisation_name)}, {shown.period}")
    for section in shown.sections:
        console.print(f"\n[bold]{escape(section.title)}[/bold]")
        if section.typed:
            console.print(escape(f"{editions.TYPED_NOTE} {', '.join(section.typed)}."))
        for block in section.blocks:
            for text in editions.text_of(block):
                console.print(escape(text))
    console.print()
    for label, text in editions.provenance(shown):
        console.print(f"{escape(label)}: {escape(text)}", soft_wrap=True)
