"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

HomeOption = Annotated[Path | None, typer.Option("--home", help="Farr home folder; else $FARR_HOME, else ./farr-home.", show_default=False)]
AgreementOption = Annotated[
    str | None,
    typer.Option("--agreement", help="Agreement to work under; the only one, unless said.", show_default=False),
]
PurposeOption = Annotated[
    str | None, typer.Option("--purpose", help="What it is for; may be left out where the agreement has one purpose.", show_default=False)
]
MeasuresOption = Annotated[list[str] | None, typer.Option("--measure", help="Only this measure; as often as needed.", show_default=False)]
