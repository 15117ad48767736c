"""farr challenges and farr challenge: rules by which bills may be challenged, and what they find, with the money."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.contracting.challenging import Lists, Scope, challenged, latest_year
from farr.lab.desk.desk import Desk
from farr.lab.marts.challenging.challenge import declared, in_words
from farr.lab.model.period import Period

console = Console()
_HIDDEN, _SHORTEST_NAME = "*", 12
_SMALL = f"{_HIDDEN} not shown: small numbers, or a number from which a small one could be worked out."
_STANDING = "An error contradicts the record or the tariff; a query may be right, and its amount is the most that it can come to."

CommissionerOption = Annotated[str | None, typer.Option(help="Code of the commissioner that pays.", show_default=False)]
ProviderOption = Annotated[str | None, typer.Option(help="Code of the provider that bills.", show_default=False)]
PeriodOption = Annotated[str | None, typer.Option(help="Months, such as 2024-04..2025-03; else the latest year.", show_default=False)]


def challenges(
    name: Annotated[str | None, typer.Argument(metavar="CHALLENGE", help="One rule, in full; else all.", show_default=False)] = None,
) -> None:
    """List the rules by which bills may be challenged; one of them in full where it is named.

    Example: farr challenges duplicate_spell
    """
    if name is not None:
        console.print(escape("\n".join(in_words(name))), soft_wrap=True)
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Challenge", no_wrap=True)
    table.add_column("Kind", no_wrap=True)
    table.add_column("What is challenged")
    for each, rule in declared().items():
        table.add_row(each, rule.standing.value, rule.title)
    console.print(table)
    console.print(f"{_STANDING}\nOne in full: farr challenges CHALLENGE")


def challenge(
    *,
    commissioner: CommissionerOption = None,
    provider: ProviderOption = None,
    period: PeriodOption = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """List the bills that may be challenged: spells and money by rule, most first, and by who is on the other side.

    A spell that two rules hold of is in the line of each, and counted once in the total and by organisation.

    Example: farr challenge --commissioner 90L --period 2024-04..2025-03
    """
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    scope = Scope(commissioner=commissioner, provider=provider, period=Period.parse(period) if period else latest_year(desk))
    with progress("Challenges") as said:
        found, _ = challenged(desk, scope, said)
    show(found, desk)


def show(found: Lists, desk: Desk) -> None:
    """Prints the lists."""
    scope = found.scope
    console.print(f"[bold]Bills that may be challenged[/bold]: {escape(_named(desk, scope))}, {scope.period}, in £ thousands")
    if not found.total.table.num_rows:
        console.print("Nothing is challenged there. Is the code right, and the period held? Type: farr months")
        return
    if found.rules is not None:
        lines = [
            [declared()[row["challenge"]].title, declared()[row["challenge"]].standing.value, *_figures(row), _whole(row["shared"])]
            for row in found.rules.table.to_pylist()
        ]
        console.print(_table(("What is challenged", "Kind"), ("Spells", "£k", "Also else"), lines))
    for total in found.total.table.to_pylist():
        spells, pounds = _figures(total)
        money = pounds if pounds == _HIDDEN else f"£{pounds}k"
        console.print(f"Each spell once, for the rule that is worth most: {spells} spells, {money}.")
    if found.partners is not None:
        names = desk.organisations.of_level(scope.partner_level)
        rows = found.partners.table.to_pylist()
        known = [row for row in rows if row["stake"] is not None or row["spells"] is not None]
        lines = [[f"{row['code']} {names.get(row['code'], '')}".strip(), *_figures(row)] for row in known]
        lines += [[f"{len(rows) - len(known)} others, not shown", _HIDDEN, _HIDDEN]] if len(known) < len(rows) else []
        console.print(_table((scope.partner_level.capitalize(),), ("Spells", "£k"), lines))
    for name, why in found.refused.items():
        console.print(f"Not shown: {name}. {escape(why[:1].upper() + why[1:])}", soft_wrap=True)
    also = " Also else: spells that another rule holds of too." if found.rules is not None else ""
    console.print(f"{_STANDING}{also}\n{_SMALL}\nNo rule was signed off by anybody yet; read each before it is sent: farr challenges NAME")


def _named(desk: Desk, scope: Scope) -> str:
    parts = [(level, code) for level, code in (("commissioner", scope.commissioner), ("provider", scope.provider)) if code]
    return " from ".join(f"{code} {desk.organisations.of_level(level).get(code, '')}".strip() for level, code in parts) or "the nation"


def _table(words: Sequence[str], figures: Sequence[str], lines: Sequence[Sequence[str]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in words:
        table.add_column(heading, no_wrap=True, overflow="ellipsis", min_width=_SHORTEST_NAME if heading == words[0] else len("error"))
    for place, heading in enumerate(figures, start=len(words)):
        # Figures keep their width; names give way.
        width = max((len(line[place]) for line in lines), default=0)
        table.add_column(heading, justify="right", no_wrap=True, min_width=max(len(heading), width))
    for line in lines:
        table.add_row(*map(escape, line))
    return table


def _figures(row: Mapping[str, Any]) -> list[str]:
    return [_whole(row["spells"]), _HIDDEN if row["stake"] is None else f"{row['stake'] / 1000:,.1f}"]


def _whole(figure: float | None) -> str:
    return _HIDDEN if figure is None else f"{figure:,.0f}"
