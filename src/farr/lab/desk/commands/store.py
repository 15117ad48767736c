"""farr check-store: whether every file of the store is what was loaded, and every record of it whole."""

import typer
from rich.console import Console

from farr.lab.desk.commands.options import AgreementOption, HomeOption
from farr.lab.desk.home import Home
from farr.lab.model.errors import FarrError

console = Console()


def check_store(*, agreement: AgreementOption = None, home: HomeOption = None) -> None:
    """Read every file of the store, and say which are not, byte for byte, what was loaded; check the ledger line by line.

    What is wrong is named, each on a line, and the command ends with code 2. Example: farr check-store
    """
    place = Home.open(home)
    name = agreement or place.only_agreement()
    store, wrong = place.store(name), 0
    for table in store.tables():
        try:
            console.print(f"{table}: {store.check_whole(table)} files are as they were written")
        except FarrError as error:
            wrong += 1
            console.print(str(error), soft_wrap=True)
    console.print(f"ledger: {place.ledger(name).verify()} entries follow from each other")
    if wrong:
        raise typer.Exit(2)
