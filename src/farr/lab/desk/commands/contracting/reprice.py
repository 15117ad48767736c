"""farr reprice and farr scenarios: what a change of the tariff would be worth, to whom."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.contracting.repricing import Repriced, latest_year
from farr.lab.desk.contracting.repricing import reprice as repriced
from farr.lab.desk.desk import Desk
from farr.lab.desk.holdings.codes import code_names
from farr.lab.model.period import Period
from farr.lab.planning.scenario import declared, scenario
from farr.lab.planning.scenario_questions import BREAKDOWNS, LEVELS, NATIONAL

console = Console()
_HIDDEN = "*"
_SMALL = f"{_HIDDEN} not shown: small numbers, or a number from which a small one could be worked out."
_SHORTEST_NAME = 12


def scenarios() -> None:
    """List the scenarios that a tariff can be changed by, and why one would ask.

    Example: farr scenarios
    """
    table = Table(box=box.SIMPLE)
    table.add_column("Scenario", no_wrap=True)
    for heading in ("What changes", "Why"):
        table.add_column(heading)
    for name, each in declared().items():
        table.add_row(name, each.title, each.why)
    table.add_row("tariff_YYYY_YY", "Every spell at a year's tariff", "The same activity at another year's prices and rules.")
    console.print(table)


def reprice(
    name: Annotated[str, typer.Argument(metavar="SCENARIO", help="Which: farr scenarios; or tariff_2018_19, for any year held.")],
    *,
    level: Annotated[str, typer.Option(help=f"Who gains and who loses: {', '.join(LEVELS)}.")] = "provider",
    by: Annotated[str | None, typer.Option(help=f"Broken down by {', '.join(BREAKDOWNS)}.", show_default=False)] = None,
    organisation: Annotated[str | None, typer.Option(help="Only this organisation's rows.", show_default=False)] = None,
    period: Annotated[str | None, typer.Option(help="Months, such as 2024-04..2025-03; else the latest year.", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Price every spell of a period under a changed tariff, and say who gains and who loses.

    Spells without a price now or then are left out; nobody is supposed to behave otherwise. Amounts hold the market forces factor. A spell
    that moves between commissioners is counted at both.

    Example: farr reprice no_excess_days --level commissioner
    """
    which, desk = scenario(name), Desk.open(home, agreement=agreement, purpose=purpose)
    span = Period.parse(period) if period else latest_year(desk)
    with progress("Repricing") as said:
        found = repriced(desk, which, level=level, period=span, by=by, said=said)
    names = {} if level == NATIONAL else desk.organisations.of_level(level)
    console.print(_table(found, names, {} if by is None else code_names(desk.store, by), organisation))
    console.print(f"{which.why}\nSource: {which.source}.\n{_SMALL}")


def _table(found: Repriced, names: Mapping[str, str], parts: Mapping[str, str], organisation: str | None) -> Table:
    rows = [row for row in found.rows.table.to_pylist() if organisation in (None, row["code"]) or row["code"] is None]
    ordered = sorted(rows, key=lambda row: (row["code"] is None, row["net"] is None, row["net"] or 0.0))
    lines = [_cells(row, names, parts, is_broken_down=found.by is not None) for row in ordered]
    words = [found.level, *([found.by.replace("_", " ")] if found.by else [])]
    figures = ["Spells", "more", "less", "net", *([] if found.by else ["now", "% net"])]
    title = f"{found.scenario.title}, {found.period}, in £ thousands"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    widths = [max(len(heading), *(len(line[place]) for line in lines)) for place, heading in enumerate([*words, *figures])]
    # Figures keep their width; names give way.
    room = (console.width - sum(widths[len(words) :]) - 2 * len(widths)) // len(words)
    for place, heading in enumerate(words):
        table.add_column(heading.capitalize(), no_wrap=True, overflow="ellipsis", max_width=max(min(widths[place], room), _SHORTEST_NAME))
    for place, heading in enumerate(figures, start=len(words)):
        table.add_column(heading, justify="right", no_wrap=True, min_width=widths[place])
    for line in lines:
        table.add_row(*line)
    return table


def _cells(row: Mapping[str, Any], names: Mapping[str, str], parts: Mapping[str, str], *, is_broken_down: bool) -> list[str]:
    named = "The nation" if row["code"] is None else f"{row['code']} {names.get(row['code'], '')}".strip()
    figures = [_whole(row["spells"]), _thousands(row["increase"]), _thousands(row["decrease"]), _signed(row["net"])]
    if is_broken_down:
        return [named, f"{row['part']} {parts.get(row['part'], '')}".strip(), *figures]
    share = row["net_share"]
    return [named, *figures, _thousands(row["paid"]), _HIDDEN if share is None else f"{share:+.2%}" if share else "0%"]


def _whole(figure: float | None) -> str:
    return _HIDDEN if figure is None else f"{figure:,.0f}"


def _thousands(pounds: float | None) -> str:
    return _HIDDEN if pounds is None else f"{pounds / 1000:,.1f}" if pounds else "0"


def _signed(pounds: float | None) -> str:
    return _HIDDEN if pounds is None else f"{pounds / 1000:+,.1f}" if pounds else "0"
