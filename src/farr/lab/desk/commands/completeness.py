"""farr completeness: how complete the months of a data set are, organisation by organisation."""

from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from farr.lab.desk import plain
from farr.lab.desk.answering.askable import DeskError
from farr.lab.desk.answering.months import of_organisation
from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.desk import Desk
from farr.lab.disclosure.released import Released, publish
from farr.lab.measures.benchmark import MAY_BE_INCOMPLETE
from farr.lab.measures.questions import completeness_question, is_monthly
from farr.lab.model.dimension import LEVELS
from farr.lab.model.period import Period
from farr.lab.model.tables import TABLES

console = Console()

_OF_DATASET = {"apc_episode": "apc_spell", "op_attendance": "op_appointment", "ae_attendance": "ae_visit"}
_ASSESSED_AFTER = 12  # months


def completeness(
    *,
    dataset: Annotated[str, typer.Option(help=f"{', '.join(_OF_DATASET)}.")] = "apc_episode",
    level: Annotated[str, typer.Option(help="provider, commissioner or region.")] = "provider",
    months: Annotated[int, typer.Option(help="How many of the latest months.", min=1, max=24)] = 6,
    only: Annotated[bool, typer.Option("--short", help="Only organisations with a month that may be incomplete.")] = False,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Show how much of what is expected of each organisation's months is held, by its usual share of the nation's.

    Example: farr completeness --dataset op_attendance --level provider --short
    """
    if dataset not in _OF_DATASET or level not in LEVELS or not is_monthly(level) or level == "national":
        raise DeskError(f"--dataset is one of {', '.join(_OF_DATASET)}, and --level provider, commissioner or region")
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    held = desk.store.months(_OF_DATASET[dataset])
    if not held:
        raise DeskError(f"no months of {dataset} are held; type: farr ingest FILE, then: farr build")
    span = Period(max(held[0], held[-1].plus(1 - months - _ASSESSED_AFTER)), held[-1])
    with progress("Asking"):
        answer = desk.released(completeness_question(level=level, trend=span, table=TABLES[_OF_DATASET[dataset]]))
        publish(answer, desk.home.published, desk.home.release_key())
    console.print(_table(answer, dataset, level, span, months, desk.organisations.of_level(level), only=only))


def _table(answer: Released, dataset: str, level: str, span: Period, months: int, names: dict[str, str], *, only: bool) -> Table:
    table = Table(title=f"{dataset}: share of what is expected, by {level}", title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column(level.capitalize(), no_wrap=True, overflow="ellipsis", min_width=12)
    shown = [str(month) for month in span.months()][-months:]
    for month in shown:
        table.add_column(month, justify="right", no_wrap=True, min_width=len(month))
    codes = sorted({row[level] for row in answer.table.to_pylist() if row["grouping"] == 0 and row[level] != "unknown"})
    for code in codes:
        columns = of_organisation(answer.table, level, code, span)
        judged = list(zip(columns["completeness"], columns["status"], strict=True))[-len(shown) :]
        if not only or any(status == MAY_BE_INCOMPLETE for _, status in judged):
            table.add_row(f"{code} {names.get(code, '')}".strip(), *(_cell(share, status) for share, status in judged))
    return table


def _cell(share: float | None, status: str) -> str:
    if share is None:
        return plain.HIDDEN if status == "suppressed" else "–"
    return f"[bold]▼ {share:.0%}[/bold]" if status == MAY_BE_INCOMPLETE else f"{share:.0%}"
