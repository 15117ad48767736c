"""farr backtest: how well an organisation's months would have been forecast."""

from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.contracting.monthly import backtested, monthly_series
from farr.lab.desk.desk import Desk
from farr.lab.model.period import Period
from farr.lab.planning.projection_questions import LEVELS

console = Console()
_MEANING = (
    "MASE below 1: closer than last year's month was on average. sMAPE in per cent. 80% and 95%: how many months lay within intervals that "
    "should hold so many. Each month after the first 24 was forecast from those before it alone."
)


def backtest(
    organisation: Annotated[str, typer.Option(help="Whose months: a provider, commissioner or region; or national.")],
    *,
    horizon: Annotated[int, typer.Option(min=1, max=36, help="Months ahead that are forecast from each month.")] = 6,
    period: Annotated[str | None, typer.Option(help="Months to look at, 2021-04..2025-03; else all.", show_default=False)] = None,
    level: Annotated[str | None, typer.Option(help=f"Where the code has several: {', '.join(LEVELS)}.", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Forecast past months from those before them, and say how far off it was and whether intervals held what they should.

    Needs 24 months and as many more as are forecast. Leave out the last months where they are not complete (farr completeness).

    Example: farr backtest --organisation 90L --horizon 6
    """
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    at = desk.level(organisation, level)
    with progress("Looking back") as said:
        series = monthly_series(desk, organisation=organisation, level=at, period=Period.parse(period) if period else None, said=said)
        found = backtested(series, organisation=organisation, level=at, horizon=horizon)
    span = f"{series[0].months[0]}..{series[0].months[-1]}"
    table = Table(title=f"{organisation}, {span}, {horizon} months ahead", title_justify="left", box=box.SIMPLE_HEAD, padding=0)
    table.add_column("Series", no_wrap=True, overflow="ellipsis")
    table.add_column("Model", no_wrap=True)
    for heading in ("Forecasts", "MASE", "sMAPE", "80%", "95%"):
        table.add_column(heading, justify="right", no_wrap=True, min_width=len(heading))
    rows = found.table.to_pylist()
    for row in (row for row in rows if row["reason"] is None):
        shares = (f"{row[name]:.0%}" for name in ("coverage_80", "coverage_95"))
        table.add_row(row["series"], row["model"], f"{row['forecasts']:,}", f"{row['mase']:.2f}", f"{row['smape']:.1f}", *shares)
    console.print(table)
    for row in (row for row in rows if row["reason"] is not None):
        console.print(f"{row['series']}: {row['reason']}")
    console.print(_MEANING)
