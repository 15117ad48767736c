"""farr local-modification: is there a case that national prices do not pay for a provider's work?"""

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.contracting.local_modification.asking import LEVEL, Modification, ask, case_of, latest_year
from farr.lab.desk.contracting.local_modification.files import write_case
from farr.lab.desk.contracting.local_modification.words import MEANS, METHOD, MUST_SHOW, TITLES, cells, finding, worth
from farr.lab.desk.desk import Desk
from farr.lab.model.period import Period
from farr.lab.planning.local_modification.judging import Rule

console = Console()
_DEFAULT = Rule()


def local_modification(
    provider: Annotated[str, typer.Option(help="Whose case: a provider.")],
    *,
    period: Annotated[
        str | None, typer.Option(help="A financial year, such as 2024-04..2025-03; else the last.", show_default=False)
    ] = None,
    rare: Annotated[float, typer.Option(help="Cost that at most this share of peers would reach is above them.")] = _DEFAULT.rare,
    longer: Annotated[float, typer.Option(help="Stays longer by this share than peers' are still efficient.")] = _DEFAULT.longer,
    out: Annotated[Path | None, typer.Option(help="Also write everything to this file (.csv or .xlsx).", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Test the case for a local modification of national prices: cost, stay and income of a provider beside peers, with a verdict.

    Costs are published ones (farr ingest provider_cost.csv); income and stays are released.

    Example: farr local-modification --provider ZAK --out ZAK-case.xlsx
    """
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    span = Period.parse(period) if period else latest_year(desk)
    with progress("Looking at the case") as said:
        found = case_of(desk, ask(desk, span, said), provider, Rule(rare=rare, longer=longer))
    names = dict(desk.organisations.of_level(LEVEL))
    console.print(f"[bold]{finding(found, names.get(provider, provider))}.[/bold]", soft_wrap=True)
    console.print(_tests(found))
    if amount := worth(found):
        console.print(f"{amount}.", soft_wrap=True)
    console.print(_services(found))
    console.print(_peers(found, names))
    console.print("No feed tells, and the applicant must show:\n" + "\n".join(f"- {each}" for each in MUST_SHOW), soft_wrap=True)
    console.print("\n".join((*METHOD, *found.notes)), soft_wrap=True)
    if out is not None:
        console.print(f"Written: {', '.join(map(str, write_case(found, names, out)))}", soft_wrap=True)


def _tests(found: Modification) -> Table:
    table = _titled(f"Three tests, {found.period}", "Test", "Of what", "Ratio", "95% interval", "Probability", "Outcome", left=2)
    for each in found.tested:
        table.add_row(TITLES[each.name], MEANS[each.name], *cells(each))
    return table


def _services(found: Modification) -> Table:
    table = _titled("Services, by HRG chapter", "Chapter", "Spells costed", "Cost a spell, £", "Paid a spell, £", "Margin, £", left=1)
    for row in found.services.table.to_pylist():
        figures = (row[name] for name in ("activity", "unit_cost", "unit_income", "margin"))
        table.add_row(row["chapter"], *("*" if each is None else f"{each:,.0f}" for each in figures))
    return table


def _peers(found: Modification, names: dict[str, str]) -> Table:
    table = _titled("Beside peers (the nation is 1)", "Provider", "Adjusted cost", "Market forces included", "Paid for like casemix",
                    "Adjusted stay", left=1)  # fmt: skip
    for row in found.peers.table.to_pylist():
        if row["is_own"] or row["is_peer"]:
            figures = (row[name] for name in ("index", "unadjusted", "income_index", "stay_ratio"))
            shown = ("*" if each is None else f"{each:.3f}" for each in figures)
            table.add_row(f"{row['code']} {names.get(row['code'], '')}", *shown, style="bold" if row["is_own"] else None)
    return table


def _titled(title: str, *headings: str, left: int) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place < left or heading == "Outcome" else "right")
    return table
