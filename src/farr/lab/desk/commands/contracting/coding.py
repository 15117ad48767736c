"""farr coding and farr coding-indicators: who codes differently from what casemix predicts, and whether care differs with it."""

from collections.abc import Mapping, Sequence
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
from farr.lab.desk.contracting.coding import words
from farr.lab.desk.contracting.coding.asking import Coding, CodingError, code, latest_year
from farr.lab.desk.contracting.coding.files import write_coding
from farr.lab.desk.desk import Desk
from farr.lab.model.period import Period
from farr.lab.planning.coding.findings import RATE
from farr.lab.planning.coding.indicator import declared, indicator
from farr.lab.planning.coding.reading import Verdict

console = Console()
_SHORTEST_NAME = 12
_QUIET = (Verdict.NEITHER.value, Verdict.UNKNOWN.value)


def coding_indicators(
    name: Annotated[str | None, typer.Argument(metavar="INDICATOR", help="One, in full; else all.", show_default=False)] = None,
) -> None:
    """List what is counted of coding, and of care that coding cannot change; one in full where it is named.

    Example: farr coding-indicators depth_of_coding
    """
    if name is not None:
        which = indicator(name)
        adjusted = ", ".join(each.replace("_", " ") for each in which.strata)
        explained = ", ".join(f"{'more' if way > 0 else 'less'} {each.replace('_', ' ')}" for each, way in which.explained_by)
        console.print(
            escape(
                f"{name}: {which.title} ({which.subject.value})\n{which.says}\nWhy: {which.why}\nSource: {which.source}\n"
                f"Adjusted for: {adjusted}\nWould be explained, where higher, by: {explained or 'no care'}\n"
                f"Signed off by: {which.signed_off_by or 'nobody yet'}"
            ),
            soft_wrap=True,
        )
        return
    table = _table(("Indicator", "Of", "What it counts"), ())
    for each, which in declared().items():
        table.add_row(each, which.subject.value, which.title)
    console.print(table)
    console.print("One in full: farr coding-indicators INDICATOR")


def coding(
    *,
    provider: Annotated[str | None, typer.Option(help="One provider, indicator by indicator; else all.", show_default=False)] = None,
    which: Annotated[
        str | None, typer.Option("--indicator", help="Every provider by this indicator: farr coding-indicators.", show_default=False)
    ] = None,
    period: Annotated[str | None, typer.Option(help="Months, such as 2024-04..2025-03; else the latest year.", show_default=False)] = None,
    fdr: Annotated[float, typer.Option(help="Share of what is called different that may be so by chance.")] = RATE,
    over_all: Annotated[bool, typer.Option(help="Hold it over every test at once, not within each indicator.")] = False,
    out: Annotated[list[Path] | None, typer.Option(help="Also write a .csv or .xlsx; as often as needed.", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """Say which providers code differently from what their casemix predicts, or have come to, and whether their care differs with it.

    What is expected is adjusted for kind of admission, diagnosis or specialty, and age. A difference says where to look at notes.

    Example: farr coding --provider ZAQ
    """
    if which is not None:
        indicator(which)
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    span = Period.parse(period) if period else latest_year(desk)
    with progress("Coding") as said:
        found = code(desk, span, rate=fdr, over_all=over_all, said=said)
    names = desk.organisations.of_level("provider")
    if provider is not None:
        _one(found, provider, names)
    elif which is not None:
        _indicator(found, which, names)
    else:
        _all(found, names)
    for name, why in found.left_out.items():
        console.print(f"Left out: {escape(name)}. {escape(why)}", soft_wrap=True)
    control = "over every test" if over_all else "within each indicator"
    console.print(f"False discoveries are held to {fdr:.0%} of what is called different, {control}.\n{plain.HIDDEN_NOTE}")
    for path in out or []:
        for file in write_coding(found, names, path):
            console.print(f"Written: {file}")


def _all(found: Coding, names: Mapping[str, str]) -> None:
    rows, readings, findings = (each.table.to_pylist() for each in (found.providers, found.readings, found.findings))
    shown = [row for row in words.by_interest(rows) if row["verdict"] not in _QUIET]
    console.print(f"[bold]Coding and care of {len(rows)} providers, {plain.period(found.period)}[/bold]")
    table = _table(("Provider", "Verdict", "What of its coding", "What of its care"), ("HRG £k",))
    for row in shown:
        own = words.of_provider(findings, row["code"])
        table.add_row(
            *map(escape, (_called(row["code"], names), row["verdict"], words.named(words.of_provider(readings, row["code"])))),
            escape(words.differing_care(own)), words.pounds(row["worth"]),
        )  # fmt: skip
    console.print(table)
    quiet = [row["verdict"] for row in rows if row["verdict"] in _QUIET]
    console.print(f"{quiet.count(Verdict.NEITHER.value)} others as expected, {quiet.count(Verdict.UNKNOWN.value)} not assessed.")
    console.print("HRG £k: what the groups of its admissions come to above the usual price for their diagnoses, in £ thousands.")


def _one(found: Coding, provider: str, names: Mapping[str, str]) -> None:
    findings, readings = (words.of_provider(each.table.to_pylist(), provider) for each in (found.findings, found.readings))
    own = words.of_provider(found.providers.table.to_pylist(), provider)
    if not own:
        raise CodingError(f"provider '{provider}' has no admissions in {found.period}; type: farr coding, for all that have")
    name = _called(provider, names)
    console.print(f"[bold]{escape(words.finding(name, own[0]['verdict'], readings, findings))}.[/bold]", soft_wrap=True)
    table = _table(("Indicator", "Of"), ("Figure", "expected", "differs by", "95% by chance", "usual", "q"), ("Reading",))
    for row in words.in_order(findings):
        which = declared()[row["indicator"]]
        table.add_row(
            which.title, row["subject"], words.figure(row["value"], which), words.figure(row["expected_value"], which),
            words.apart(row["ratio"]), words.between(row["lower"], row["upper"]), words.between(row["low_limit"], row["high_limit"]),
            words.q_value(row["q"]), escape(words.read(row, readings)),
        )  # fmt: skip
    console.print(table)
    for note in words.NOTES:
        console.print(note)


def _indicator(found: Coding, name: str, names: Mapping[str, str]) -> None:
    which = declared()[name]
    rows = [row for row in found.findings.table.to_pylist() if row["indicator"] == name]
    readings = found.readings.table.to_pylist()
    console.print(f"[bold]{which.title}, {plain.period(found.period)}[/bold]\n{which.says}", soft_wrap=True)
    table = _table(("Provider",), ("Figure", "expected", "differs by", "95% by chance", "q", "£k"), ("Reading",))
    for row in sorted(rows, key=lambda row: (row["z"] is None, -(row["z"] or 0.0), row["code"])):
        table.add_row(
            escape(_called(row["code"], names)), words.figure(row["value"], which), words.figure(row["expected_value"], which),
            words.apart(row["ratio"]), words.between(row["lower"], row["upper"]), words.q_value(row["q"]),
            words.pounds(row["worth"]) if which.is_money else "", escape(words.read(row, words.of_provider(readings, row["code"]))),
        )  # fmt: skip
    console.print(table)


def _called(provider: str, names: Mapping[str, str]) -> str:
    return f"{provider} {names.get(provider, '')}".strip()


def _table(first: Sequence[str], figures: Sequence[str], last: Sequence[str] = ()) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in first:
        table.add_column(heading, min_width=_SHORTEST_NAME if heading == first[0] else None)
    for heading in figures:
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in last:
        table.add_column(heading)
    return table
