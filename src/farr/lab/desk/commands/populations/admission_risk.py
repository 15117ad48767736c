"""farr admission-risk: how likely an emergency admission is, by age, sex and history, and whether that can be relied on."""

from collections.abc import Sequence
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
from farr.lab.desk.populations.risk_words import OBSERVED, SEX_WORDS, risk_sheets, term_title, words
from farr.lab.desk.populations.risking import Foretold, foretell, of_condition
from farr.lab.desk.populations.stating import between, decimal, percent, sheet, whole
from farr.lab.desk.populations.tables import write_sheets
from farr.lab.model.showing.page import Sheet
from farr.lab.model.tables.people import CONDITIONS
from farr.lab.planning.risk.model import INTERCEPT
from farr.lab.planning.risk.questions import BURDEN, EMERGENCIES, Window

console = Console()


def admission_risk(
    *,
    condition: Annotated[
        str | None, typer.Option(help=f"Instead, of people with one: {', '.join(CONDITIONS)}.", show_default=False)
    ] = None,
    months: Annotated[
        int | None, typer.Option(help="Months that are looked at; else as many as can be, up to 12.", show_default=False)
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write to this file: .xlsx or .csv.", show_default=False)] = None,
    purpose: PurposeOption = None,
    agreement: AgreementOption = None,
    home: HomeOption = None,
) -> None:
    """How likely people seen in hospital are to be admitted as an emergency, by age, sex, deprivation and history.

    Learned on one day's people and tried on a later day's, whose months do not overlap; the calibration is shown. It is of groups, for
    planning: no person's risk leaves the lab.

    Example: farr admission-risk --months 6
    """
    desk = Desk.open(home, agreement=agreement, purpose=purpose)
    if condition is not None:
        _tell_condition(desk, condition, months, out)
        return
    with progress("Asking") as said:
        found = foretell(desk, months=months, said=said)
    for table in (_probability_table(found), _terms_table(found), _calibration_table(found)):
        console.print(table)
    told = words(found)
    console.print("\n".join(told), highlight=False)
    if out is not None:
        explained = [("What", "Probability of an emergency admission"), *(("Note", each) for each in told),
                     ("Release", found.probabilities.provenance)]  # fmt: skip
        _write(risk_sheets(found), explained, out)


def _probability_table(found: Foretold) -> Table:
    """By age and sex, across histories."""
    rows = [row for row in found.probabilities.table.to_pylist() if row["factor"] == "conditions"]
    held = {(row["age"], row["sex"], row["emergencies"], row["level"]): row for row in rows}
    title = f"Probability of an emergency admission within {found.tried.months} months, by emergencies and conditions in the months before"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Age, sex", no_wrap=True)
    columns = [(emergencies, burden) for emergencies in EMERGENCIES for burden in BURDEN]
    for emergencies, burden in columns:
        table.add_column(f"{emergencies} em\n{burden} co", justify="right", no_wrap=True)
    for age, sex in dict.fromkeys((age, sex) for age, sex, _, _ in held):
        table.add_row(f"{age} {SEX_WORDS[sex]}", *(percent(held[age, sex, *each]["probability"]) for each in columns))
    return table


def _terms_table(found: Foretold) -> Table:
    table = Table(title="What raises the odds, all else alike", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Term", no_wrap=True)
    for heading in ("Odds ratio", "95% interval"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in found.coefficients.table.to_pylist():
        if row["term"] != INTERCEPT:
            table.add_row(term_title(row["term"]), decimal(row["odds_ratio"]), between(row["lower"], row["upper"]))
    return table


def _calibration_table(found: Foretold) -> Table:
    table = Table(
        title="Tried on later months, by tenths of predicted risk", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for heading in ("People", "Predicted", "Observed", "95% interval"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in found.groups.table.to_pylist():
        interval = f"{percent(row['lower'])} to {percent(row['upper'])}"
        table.add_row(whole(row["people"]), percent(row["predicted"]), percent(row["observed"]), interval)
    return table


def _tell_condition(desk: Desk, condition: str, months: int | None, out: Path | None) -> None:
    with progress("Asking"):
        window, found = of_condition(desk, condition, months=months)
    table = Table(title=_condition_title(window, condition), title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Age, sex", no_wrap=True)
    for heading in ("At risk", "Admitted", "Share", "95% interval"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in found.table.to_pylist():
        named = f"{row['age_group']} {SEX_WORDS.get(row['sex'], '')}".strip()
        interval = plain.HIDDEN if row["lower"] is None else f"{percent(row['lower'])} to {percent(row['upper'])}"
        table.add_row(named, whole(row["at_risk"]), whole(row["admitted"]), percent(row["probability"]), interval)
    console.print(table)
    console.print(plain.HIDDEN_NOTE)
    if out is not None:
        explained = [("What", _condition_title(window, condition)), ("Hidden", plain.HIDDEN_NOTE), ("Release", found.provenance)]
        _write([sheet("Observed", OBSERVED, found.table.to_pylist())], explained, out)


def _write(sheets: Sequence[Sheet], explained: Sequence[tuple[str, str]], out: Path) -> None:
    for written in write_sheets(sheets, explained, out):
        console.print(f"Wrote {escape(str(written))}")


def _condition_title(window: Window, condition: str) -> str:
    name = condition.replace("_", " ")
    return f"People seen with {name} in {window.before}: admitted as an emergency within {window.months} months"
