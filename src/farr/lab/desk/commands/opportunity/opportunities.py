"""farr opportunities: what matching a norm would be worth, measure by measure and together."""

from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from farr.lab.desk import plain
from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.desk import Desk
from farr.lab.desk.opportunity.files import write_opportunities
from farr.lab.desk.opportunity.finding import DEFAULT_NORM, Found, find
from farr.lab.desk.opportunity.wording import chance, interval_80, notes, thousands, together
from farr.lab.model.period import Period
from farr.lab.planning.opportunity.assess import Opportunity, Settings
from farr.lab.planning.opportunity.gain import CERTAIN, RUNS
from farr.lab.planning.opportunity.value import Means

console = Console()
_KINDS = {Means.PAYMENT: "£", Means.CAPACITY: "beds"}
_SHORTEST_NAME, _WIDE = 16, 104


def opportunities(
    organisation: Annotated[str, typer.Option(help="Code of a provider or commissioner.")],
    *,
    norm: Annotated[str, typer.Option(help="best_five_of_ten, similar_ten, national, region or same_deprivation.")] = DEFAULT_NORM,
    period: Annotated[str | None, typer.Option(help="Months, such as 2024-04..2025-03; else the latest year.", show_default=False)] = None,
    level: Annotated[str | None, typer.Option(help="Needed only where the code has several.", show_default=False)] = None,
    runs: Annotated[int, typer.Option(min=200, max=100_000, help="Draws, from which medians and intervals are taken.")] = RUNS,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same figures.")] = 1,
    certain: Annotated[float, typer.Option(min=0.5, max=0.999, help="Counted where this share of draws is above nothing.")] = CERTAIN,
    out: Annotated[Path | None, typer.Option(help="Write all of it to a file: .xlsx or .csv.", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Value the difference of every measure from its norm, with what chance makes of it, and without what is found twice.

    The classic figure stands beside the honest one. Payments and capacity (beds, clinics) are never added up.

    Example: farr opportunities --organisation 90L --out 90L.xlsx
    """
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    settings = Settings(runs=runs, seed=seed, certain=certain)
    with progress("Opportunities") as said:
        span = Period.parse(period) if period else None
        found = find(desk, organisation, norm=norm, period=span, level=level, settings=settings, said=said)
    show(found)
    if out is not None:
        console.print(f"Written: {write_opportunities(found, out)}")


def show(found: Found) -> None:
    """Prints them, most first, and what they come to."""
    title = f"[bold]Opportunities[/bold] of {escape(found.name)} against: {escape(found.norm.title.lower())}"
    console.print(f"{title}, {plain.period(found.period)}, in £ thousands")
    console.print(_table(found.opportunities))
    console.print(
        "In brackets: not significant. Beds: beds and clinics that would be free, which nobody pays the less for.", soft_wrap=True
    )
    for means, each in found.together.items():
        console.print(escape(together(means, each)) + ".", soft_wrap=True)
    for note in notes(found):
        console.print(escape(note), soft_wrap=True)
    for name, why in found.left_out:
        console.print(f"  [dim]{name}: {escape(why)}[/dim]", soft_wrap=True)


def _table(found: tuple[Opportunity, ...]) -> Table:
    wide = console.width >= _WIDE
    headings = ("Of", *(("Own", "Norm") if wide else ()), "Classic", "Gain", "80% interval", "Above 0", "In total")
    lines = [(each.measure.title, *_cells(each, wide=wide)) for each in found]
    widths = [max(len(heading), *(len(line[place]) for line in lines)) for place, heading in enumerate(headings, start=1)] if lines else []
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    # Figures keep their width; names give way.
    room = console.width - sum(widths) - 2 * (len(headings) + 1)
    table.add_column("Measure", no_wrap=True, overflow="ellipsis", max_width=max(room, _SHORTEST_NAME))
    for heading, width in zip(headings, widths, strict=False):
        table.add_column(heading, justify="left" if heading == "Of" else "right", no_wrap=True, min_width=width)
    for line in lines:
        table.add_row(*map(escape, line))
    return table


def _cells(each: Opportunity, *, wide: bool) -> tuple[str, ...]:
    """A classic figure that is not significant stands in brackets."""
    classic = thousands(each.classic) if each.is_significant else f"({thousands(each.classic)})"
    figures = (plain.short(each.own, each.measure), plain.short(each.norm_value, each.measure)) if wide else ()
    return (
        _KINDS[each.value.means], *figures, classic, thousands(each.gain.median), interval_80(each), chance(each.gain.probability),
        thousands(each.kept),
    )  # fmt: skip
