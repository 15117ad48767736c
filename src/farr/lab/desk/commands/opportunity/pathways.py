"""farr pathways and farr pathway: what providers do around an operation, and what a standard would change."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from farr.lab.desk import plain
from farr.lab.desk.aligned import aligned
from farr.lab.desk.commands.options import AgreementOption, HomeOption, PurposeOption
from farr.lab.desk.commands.progress import progress
from farr.lab.desk.desk import Desk
from farr.lab.desk.opportunity.wording import thousands
from farr.lab.desk.pathways.comparing import Compared, compare, gap_of
from farr.lab.desk.pathways.files import write_pathway
from farr.lab.desk.pathways.wording import finding, moved_in_words, notes, quantity, standard
from farr.lab.marts.pathways.pathway import ITEMS, PathwayError, declared
from farr.lab.model.period import Period
from farr.lab.planning.pathways.compare import parse_moved, parse_standards

console = Console()
_HIDDEN = "*"
_HEADINGS = dict(zip(ITEMS, ("Before", "Critical", "Ward", "After", "Return"), strict=True))


def pathways() -> None:
    """List the pathways that providers can be compared by, and the standards they have.

    Example: farr pathways
    """
    for name, each in declared().items():
        console.print(f"[bold]{name}[/bold]: {escape(each.title)}")
        found = [f"{ITEMS[item].lower()} {one.quantity:g}" for item, one in each.standards.items()]
        said = f"standard: {', '.join(found)} a spell, not verified" if found else "no standard: beside the best quarter of providers"
        console.print(f"  {escape(each.why)}\n  Source: {escape(each.source)}.\n  {said}.\n", soft_wrap=True)
    console.print("Example: farr pathway cabg --provider ZAB --standard critical_care_days=1")


def pathway(
    name: Annotated[str, typer.Argument(metavar="PATHWAY", help="Which: farr pathways.")],
    *,
    provider: Annotated[str | None, typer.Option(help="One provider, item by item; else all of them.", show_default=False)] = None,
    commissioner: Annotated[str | None, typer.Option(help="The same of a commissioner's patients.", show_default=False)] = None,
    standards: Annotated[
        list[str] | None, typer.Option("--standard", help="Your own: critical_care_days=1; once for each item.", show_default=False)
    ] = None,
    stop: Annotated[
        list[str] | None, typer.Option(help='Care in no feed that is paid no more: "care at home=3@45" a spell.', show_default=False)
    ] = None,
    add: Annotated[list[str] | None, typer.Option(help='Care that is paid besides: "clinic=1.5@85".', show_default=False)] = None,
    period: Annotated[str | None, typer.Option(help="Months, such as 2024-04..2025-03; else the latest year.", show_default=False)] = None,
    out: Annotated[Path | None, typer.Option(help="Write all of it to a file: .xlsx or .csv.", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Set what a spell of an operation takes, before, during and after, beside a standard, and value the gap.

    Σ max(0, actual − standard) × spells × price, and what is stopped or added. Ward days are capacity and in no sum of payments.

    Example: farr pathway cabg --provider ZAB --standard critical_care_days=1 --stop "care at home=3@45"
    """
    if provider and commissioner:
        raise PathwayError("--provider and --commissioner are not taken together: what the two have with each other is too small to show")
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    moved = [*parse_moved(stop or [], is_stopped=True), *parse_moved(add or [], is_stopped=False)]
    level, code = ("commissioner", commissioner) if commissioner else ("provider", provider)
    with progress("Pathway") as said:
        span, own = Period.parse(period) if period else None, parse_standards(standards or [])
        found = compare(desk, name, level=level, period=span, own=own, moved=moved, said=said)
    show(found, code)
    if out is not None:
        console.print(f"Written: {write_pathway(found, out, code)}")


def show(found: Compared, organisation: str | None) -> None:
    """Prints one organisation item by item, or all of them side by side."""
    named = found.names.get(organisation, organisation) if organisation else f"all {plain.plural(found.level)}"
    console.print(f"[bold]{escape(found.pathway.title)}[/bold]: {escape(named or '')}, {plain.period(found.period)}")
    if organisation is None:
        console.print(_everybody(found))
    elif organisation not in found.organisations:
        console.print(f"Nothing of {organisation} is shown: it has no such spells, or too few. Is the code right?")
    else:
        console.print(_one(found, organisation))
        for each in moved_in_words(found, organisation):
            console.print(escape(each) + ".", soft_wrap=True)
        console.print(f"[bold]{escape(finding(found, organisation))}.[/bold]", soft_wrap=True)
    said = [f"{item.title.lower()} {standard(item)}" for item in found.items if item.aim is not None]
    console.print(escape(f"Standards, a spell: {'; '.join(said) or 'none'}."), soft_wrap=True)
    for note in notes(found):
        console.print(escape(note), soft_wrap=True)
    console.print(plain.HIDDEN_NOTE, soft_wrap=True)


def _one(found: Compared, organisation: str) -> Table:
    headings = ("A spell", "95% interval", "Standard", "Gap £k", "Sure £k", "Each £k")
    lines: list[tuple[str, ...]] = []
    for item in found.items:
        each = next((one for one in item.practices if one.organisation == organisation), None)
        made = None if each is None else gap_of(item, each, found.own)
        between = _HIDDEN if each is None else f"{quantity(each.lower)}–{quantity(each.upper)}"
        worth = ("–",) * 3 if made is None else (thousands(made.pounds), thousands(made.sure), thousands(made.by_spell))
        mean = quantity(each.mean if each else None)
        aim = "–" if item.aim is None else quantity(item.aim.quantity)
        lines.append((item.title, mean, between, aim, *worth))
    return aligned(console, "", ("Item", *headings), lines)


def _everybody(found: Compared) -> Table:
    """Means a spell, and what payments the gaps come to, most first; the standard in the first line."""
    standards = (quantity(item.aim.quantity) if item.aim else "–" for item in found.items)
    lines: list[tuple[str, ...]] = [("Standard", "", *standards, "")]
    for code in sorted(found.organisations, key=lambda each: -found.net(each)):
        by_item = [next((one.mean for one in item.practices if one.organisation == code), None) for item in found.items]
        named = f"{code} {found.names.get(code, '')}".strip()
        lines.append((named, plain.count(found.spells(code)), *map(quantity, by_item), thousands(found.net(code))))
    return aligned(console, "", (found.level.capitalize(), "Spells", *_HEADINGS.values(), "Paid £k"), lines)
