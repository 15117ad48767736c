"""farr client: who may ask the release service, by the key that they sign with."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from farr.lab.desk.commands.options import HomeOption
from farr.lab.desk.home import Home, make_key
from farr.lab.desk.service.clients import Clients

app = typer.Typer(help="Who may ask the release service (farr serve), by signing key.", no_args_is_help=True)
console = Console()


@app.command(epilog="Example: farr client add portal --agreement leeds --out portal.pem")
def add(
    name: Annotated[str, typer.Argument(help="Short name of the client: lower-case letters, digits and hyphens.")],
    *,
    agreement: Annotated[list[str], typer.Option(help="Agreement it may ask under; give as often as needed.")],
    out: Annotated[Path, typer.Option(help="Where to write its signing key; hand it over and keep no copy.")],
    home: HomeOption = None,
) -> None:
    """Make a signing key for a program or person, and have the service answer what it signs, under these agreements alone."""
    place = Home.open(home)
    clients = Clients(place.folder)
    clients.check_new(name)
    for each in agreement:
        place.check_known(each)
    clients.add(name, make_key(out), tuple(agreement))
    console.print(f"{name} may now ask under {', '.join(agreement)} with {out}. Hand the file over and keep no copy.")


@app.command(epilog="Example: farr client remove portal")
def remove(name: Annotated[str, typer.Argument(help="Short name of the client.")], home: HomeOption = None) -> None:
    """Answer this client no more."""
    Clients(Home.open(home).folder).remove(name)
    console.print(f"{name} is no longer answered.")


@app.command("list", epilog="Example: farr client list")
def list_(home: HomeOption = None) -> None:
    """Show the clients and the agreements they may ask under."""
    table = Table("Client", "Agreements")
    for client in Clients(Home.open(home).folder).all():
        table.add_row(client.name, ", ".join(client.agreements))
    console.print(table)
