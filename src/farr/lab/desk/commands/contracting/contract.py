"""farr contract and farr contracts: a year to date beside its plan, why it differs, and where the year will end."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from farr.lab.desk import plain
from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.contracting.contract_files import write_contract
from farr.lab.desk.contracting.contract_rows import CONFIDENCE
from farr.lab.desk.contracting.every_contract import every_contract
from farr.lab.desk.contracting.plan_against_actual import ContractError, PlanAgainstActual, plan_against_actual
from farr.lab.desk.desk import Desk
from farr.lab.desk.holdings.codes import code_names
from farr.lab.model.period import Month, Period
from farr.lab.planning.contract_questions import LINES

console = Console()
_SHORTEST_NAME = 12
_INCOMPLETE = "▼"
_MONEY = ("planned", "paid", "variance", "volume", "casemix", "price", "forecast")
_MONEY_HEADINGS = ("Plan", "paid", "var.", "volume", "casemix", "price", "outturn")
_SIGNED = ("variance", "volume", "casemix", "price")


def contract(
    *,
    provider: Annotated[str | None, typer.Option(help="Whose contracts: this provider's,", show_default=False)] = None,
    commissioner: Annotated[str | None, typer.Option(help="or this commissioner's.", show_default=False)] = None,
    by: Annotated[str, typer.Option(help="Lines: point_of_delivery; of a provider also specialty.")] = "point_of_delivery",
    through: Annotated[str | None, typer.Option(help="Last month, such as 2024-12; else the last held.", show_default=False)] = None,
    out: Annotated[list[Path] | None, typer.Option(help="Also write a .csv or .xlsx; as often as needed.", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Set what was paid for this year so far beside the contract plan, and say why it differs and where the year will end.

    The variance is split into volume (more spells), casemix (dearer spells) and price (paid beyond the tariff). Months that are not
    complete count in neither.

    Example: farr contract --provider ZAK --through 2024-12
    """
    if (provider is None) == (commissioner is None):
        raise ContractError("name one: --provider CODE or --commissioner CODE; the one contract between two is not shown")
    level, code = ("provider", provider) if provider is not None else ("commissioner", commissioner or "")
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    last = None if through is None else Month.parse(through)
    with progress("Setting plan beside actual") as said:
        found = plan_against_actual(desk, level=level, organisation=code, line=by, through=last, said=said)
    names = code_names(desk.store, by) | {"ALL": "Not by specialty"}
    rows: list[dict[str, Any]] = found.rows.table.to_pylist()
    whose = f"{desk.organisations.of_level(level).get(code, code)} ({code})"
    console.print(f"[bold]{_headline(found, whose, rows[-1])}[/bold]")
    console.print(_money(found, rows, names))
    console.print(_spells(rows, names))
    for note in (*found.notes, plain.HIDDEN_NOTE):
        console.print(note)
    for path in out or []:
        console.print(f"Written: {write_contract(found, names, path)}")


def contracts(
    *,
    level: Annotated[str, typer.Option(help=f"Whose: {' or '.join(LINES)}.")] = "provider",
    through: Annotated[str | None, typer.Option(help="Last month, such as 2024-12; else the last held.", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Set every provider or commissioner beside its plan, the furthest above first: where to look.

    All over the same months: who has not sent all of them is marked, and `farr contract` leaves these months out.

    Example: farr contracts --level provider --through 2024-12
    """
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    with progress("Setting plans beside actuals") as said:
        found = every_contract(desk, level=level, through=None if through is None else Month.parse(through), said=said)
    names = desk.organisations.of_level(level)
    rows: list[dict[str, Any]] = sorted(found.rows.table.to_pylist(), key=lambda row: (row["variance"] is None, -(row["variance"] or 0.0)))
    lines = [[_organisation(row, names), *_figures(row, decimals=0), _share(row)] for row in rows]
    span = Period(found.months[0], found.months[-1])
    console.print(_table(f"{span} and outturn of {found.year}, in £ thousands", (level.capitalize(), *_MONEY_HEADINGS, "% var."), lines))
    console.print(f"{_INCOMPLETE} some month may be incomplete.\n{plain.HIDDEN_NOTE}")


def _organisation(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return f"{row['organisation']} {'' if row['is_complete'] else _INCOMPLETE + ' '}{names.get(row['organisation'], '')}".strip()


def _share(row: Mapping[str, Any]) -> str:
    if row["variance"] is None:
        return plain.HIDDEN
    return f"{row['variance'] / row['planned']:+.1%}" if row["planned"] else "–"


def _headline(found: PlanAgainstActual, whose: str, whole: Mapping[str, Any]) -> str:
    months = found.contract.months
    span = Period(months[0], months[-1])
    if whole["variance"] is None:
        return f"{whose}: what was paid in {span} is not shown."
    told = f"{whose}: £{_thousands(whole['paid'])}k paid in {span}, {_against(whole['variance'], whole['planned'])}."
    if whole["forecast"] is None or months[-1] == found.year.period.last:
        return told
    told += f" Outturn of {found.year} £{_thousands(whole['forecast'])}k, {_against(whole['forecast_variance'], whole['year_planned'])}"
    if whole["lower"] is None:
        return told + "."
    return told + f" ({CONFIDENCE:.0%} interval £{_thousands(whole['lower'])}k to £{_thousands(whole['upper'])}k)."


def _against(variance: float, planned: float) -> str:
    share = f" ({abs(variance) / planned:.1%})" if planned else ""
    return f"£{_thousands(abs(variance))}k{share} {'above' if variance >= 0 else 'below'} plan"


def _money(found: PlanAgainstActual, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Table:
    lines = [[_named(row, names), *_figures(row)] for row in rows]
    return _table(f"Year to date and outturn of {found.year}, in £ thousands", ("Line", *_MONEY_HEADINGS), lines)


def _figures(row: Mapping[str, Any], *, decimals: int = 1) -> list[str]:
    missing = plain.HIDDEN if row["paid"] is None else "–"
    signs = ["+" if each in _SIGNED else "" for each in _MONEY]
    return [missing if row[each] is None else f"{row[each] / 1000:{sign},.{decimals}f}" for each, sign in zip(_MONEY, signs, strict=True)]


def _spells(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Table:
    return _table("Spells to date", ("Line", "Plan", "came", "more", "% more"), [[_named(row, names), *_compared(row)] for row in rows])


def _compared(row: Mapping[str, Any]) -> list[str]:
    planned, came = row["planned_activity"], row["activity"]
    if came is None:
        return [f"{planned:,.1f}", *[plain.HIDDEN] * 3]
    return [f"{planned:,.1f}", f"{came:,.0f}", f"{came - planned:+,.1f}", f"{came / planned - 1:+.1%}" if planned else "–"]


def _table(title: str, headings: Sequence[str], lines: Sequence[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    widths = [max(len(heading), *(len(line[place]) for line in lines)) for place, heading in enumerate(headings)]
    # Figures keep their width; names give way.
    left = max(_SHORTEST_NAME, console.width - sum(width + 2 for width in widths[1:]) - 3)
    table.add_column(headings[0], no_wrap=True, overflow="ellipsis", width=min(widths[0], left))
    for heading, width in zip(headings[1:], widths[1:], strict=True):
        table.add_column(heading, justify="right", no_wrap=True, min_width=width)
    for line in lines:
        table.add_row(*line)
    return table


def _named(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return "The whole" if row["line"] is None else f"{row['line']} {names.get(row['line'], '')}".strip()


def _thousands(pounds: float) -> str:
    return f"{pounds / 1000:,.1f}"
