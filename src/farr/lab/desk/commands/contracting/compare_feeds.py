"""farr compare-feeds: a client's own feed beside the national one, what differs, and how far to trust it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from farr.lab.desk.aligned import aligned
from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.contracting.feeds_compared.asking import Compared, compare, latest_year
from farr.lab.desk.contracting.feeds_compared.files import write_compared
from farr.lab.desk.desk import Desk
from farr.lab.model.period import Period
from farr.lab.planning.feeds_compared.check import CheckError, Verdict
from farr.lab.planning.feeds_compared.questions import LEVELS
from farr.lab.planning.projection.cells import POINTS_OF_DELIVERY

console = Console()
_STYLES = {Verdict.AGREES: "green", Verdict.DIFFERS: "bold red", Verdict.UNKNOWN: "dim"}


def compare_feeds(
    organisation: Annotated[str, typer.Option(help="Whose feed: a provider or a commissioner.")],
    *,
    with_home: Annotated[Path, typer.Option(help="The home in which the client's own feed was ingested and built.")],
    with_agreement: Annotated[str | None, typer.Option(help="Its agreement; its only one, unless said.", show_default=False)] = None,
    period: Annotated[str | None, typer.Option(help="Months, such as 2024-04..2025-03; else the latest year.", show_default=False)] = None,
    level: Annotated[str | None, typer.Option(help=f"Where the code has several: {', '.join(LEVELS)}.", show_default=False)] = None,
    tolerance: Annotated[
        list[str] | None, typer.Option(help="How much of a check may differ: prices=0.02; may be given again.", show_default=False)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Also write everything to this file (.csv or .xlsx).", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Set a client's own feed beside the national one: totals, months, casemix, coding and prices, and how far it can be trusted.

    The same questions are asked in both homes, and each lets out what its own gate allows. Records are never joined.

    Example: farr compare-feeds --home national --with-home client --organisation RXX --out RXX.xlsx
    """
    national, client = (
        Desk.open(home, agreement=agreement, purpose=purpose),
        Desk.open(with_home, agreement=with_agreement, purpose=purpose),
    )
    span = Period.parse(period) if period else latest_year(national)
    at = national.level(organisation, level)
    with progress("Comparing") as said:
        found = compare(
            national, client, organisation=organisation, level=at, period=span, tolerances=_tolerances(tolerance or ()), said=said
        )
    name = national.organisations.of_level(at).get(organisation, "")
    console.print(f"[bold]{organisation} {name}[/bold], {found.period}", soft_wrap=True)
    console.print(f"[bold]{found.trust[0]}[/bold]", soft_wrap=True)
    console.print(_checks(found))
    console.print(_deliveries(found))
    console.print("\n".join((*found.trust[1:], *found.notes)), soft_wrap=True)
    if out is not None:
        console.print(f"Written: {', '.join(map(str, write_compared(found, out)))}", soft_wrap=True)


def _tolerances(said: Sequence[str]) -> dict[str, float]:
    try:
        return {name: float(written) for name, _, written in (each.partition("=") for each in said)}
    except ValueError:
        raise CheckError(f"'{' '.join(said)}' are no tolerances; write them as shares: --tolerance prices=0.02") from None


def _checks(found: Compared) -> Table:
    table = Table(title="Checks", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("About", "Check", "Verdict"):
        table.add_column(heading, no_wrap=True)
    table.add_column("What was found")
    for check, each in found.checks:
        table.add_row(check.about.value, check.title, each.verdict.value, each.says, style=_STYLES[each.verdict])
    return table


def _deliveries(found: Compared) -> Table:
    title = f"Over the {len(found.pair.shared)} months that both hold; £000, and why they differ"
    headings = ("Care", "Spells", "client's", "Paid", "client's", "change", "volume", "casemix", "price")
    lines: list[tuple[str, ...]] = []
    for row in found.deliveries.to_pylist():
        counts, of = [_whole(row["national_spells"]), _whole(row["client_spells"])], str(row["point_of_delivery"])
        pounds = [_thousands(row["national_paid"]), _thousands(row["client_paid"]), _share(row["paid_change"])]
        parts = [_thousands(row[name], "+") for name in ("volume", "casemix", "price")]
        lines.append((POINTS_OF_DELIVERY.get(of, of), *counts, *pounds, *parts))
    return aligned(console, title, headings, lines)


def _whole(figure: float | None) -> str:
    return "*" if figure is None else f"{figure:,.0f}"


def _thousands(pounds: float | None, sign: str = "") -> str:
    return "*" if pounds is None else f"{pounds / 1000:{sign},.1f}"


def _share(figure: float | None) -> str:
    return "*" if figure is None else f"{figure:+.1%}"
