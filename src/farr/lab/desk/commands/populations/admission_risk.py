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
from farr.lab.desk.populations.risking import Foretold, foretell, of_condition
from farr.lab.desk.populations.stating import Columns, between, percent, sheet, whole
from farr.lab.desk.populations.tables import write_sheets
from farr.lab.model.showing.page import Sheet
from farr.lab.model.tables.people import CONDITIONS
from farr.lab.planning.risk.questions import BURDEN, EMERGENCIES, Window

console = Console()
_YEAR = 12
_SEX = {"1": "men", "2": "women"}
_PROBABILITIES: Columns = (
    ("age", "Age", "text", 10), ("sex", "Sex", "text", 8), ("emergencies", "Emergencies before", "text", 12),
    ("burden", "Conditions", "text", 12), ("probability", "Probability", "ratio", 12), ("lower", "95% lower", "ratio", 10),
    ("upper", "95% upper", "ratio", 10), ("at_risk", "At risk (trial)", "count", 14), ("admitted", "Admitted (trial)", "count", 14),
    ("observed", "Observed (trial)", "ratio", 14),
)  # fmt: skip
_ODDS: Columns = (
    ("term", "Term", "text", 34), ("odds_ratio", "Odds ratio", "ratio", 11), ("lower", "95% lower", "ratio", 10),
    ("upper", "95% upper", "ratio", 10),
)  # fmt: skip
_OBSERVED: Columns = (
    ("age_group", "Age", "text", 10), ("sex", "Sex", "text", 8), ("at_risk", "At risk", "count", 12), ("admitted", "Admitted", "count", 12),
    ("probability", "Share", "ratio", 10), ("lower", "95% lower", "ratio", 10), ("upper", "95% upper", "ratio", 10),
)  # fmt: skip
_GROUPS: Columns = (
    ("people", "People", "count", 12), ("predicted", "Predicted", "ratio", 11), ("observed", "Observed", "ratio", 11),
    ("lower", "95% lower", "ratio", 10), ("upper", "95% upper", "ratio", 10),
)  # fmt: skip


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
    """How likely people seen in hospital are to be admitted as an emergency, by age, sex and history.

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
    for table in (_probability_table(found), _calibration_table(found)):
        console.print(table)
    told = words(found)
    console.print("\n".join(told), highlight=False)
    if out is not None:
        explained = [("What", "Probability of an emergency admission"), *(("Note", each) for each in told),
                     ("Release", found.probabilities.provenance)]  # fmt: skip
        _write(_sheets(found), explained, out)


def words(found: Foretold) -> Sequence[str]:
    """What the calibration says, and what must be known to use it."""
    tried, model = found.calibration, found.model
    intercept, slope = tried.intercept, tried.slope
    off = abs(tried.expected / tried.observed - 1) if tried.observed else float("nan")
    right = slope[1] <= 1 <= slope[2] and intercept[1] <= 0 <= intercept[2]
    verdict = "chance can explain how far they lie apart" if right else "more than chance: recalibrate before it is relied on"
    return [
        f"Learned on {model.people:,.0f} people before {found.learned.first}, of whom {model.events:,.0f} were admitted within "
        f"{found.learned.months} months; tried on {tried.people:,.0f} before {found.tried.first}.",
        f"Calibration: {tried.expected:,.0f} admissions foretold and {tried.observed:,.0f} seen ({off:.1%} apart); in the large "
        f"{intercept[0]:+.3f} ({between(intercept[1], intercept[2], 3)}), slope {slope[0]:.3f} "
        f"({between(slope[1], slope[2], 3)}): {verdict}.",
        f"Discrimination: C-statistic {tried.c_statistic:.3f} within {model.cells} cells; Brier score {tried.brier:.4f}, "
        f"{tried.brier_of_mean:.4f} if everybody had the mean risk. Dispersion {model.dispersion:.2f}.",
        f"People in hidden cells, from whom nothing is learned: {percent(found.hidden_share)}. Cells with few admitted are hidden, "
        "those with none are not, so that small cells look a little safer than they are.",
        *_seasons(found),
        "At risk: people seen in hospital in the months before, not known to have died, and not in hospital as an emergency on the day. "
        "People who were not seen have no probability here, and people who died elsewhere count as not admitted.",
        *(f"Not shown: {each}" for each in found.refused),
        plain.HIDDEN_NOTE,
    ]  # fmt: skip


def _seasons(found: Foretold) -> Sequence[str]:
    if found.tried.months % _YEAR == 0:
        return ()
    return ("What was learned and what it was tried on are of different seasons: some of the difference in level is that.",)


def _probability_table(found: Foretold) -> Table:
    """By age and sex, across histories."""
    held = {(row["age"], row["sex"], row["emergencies"], row["burden"]): row for row in found.probabilities.table.to_pylist()}
    title = f"Probability of an emergency admission within {found.tried.months} months, by emergencies and conditions in the months before"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Age, sex", no_wrap=True)
    columns = [(emergencies, burden) for emergencies in EMERGENCIES for burden in BURDEN]
    for emergencies, burden in columns:
        table.add_column(f"{emergencies} em\n{burden} co", justify="right", no_wrap=True)
    for age, sex in dict.fromkeys((age, sex) for age, sex, _, _ in held):
        table.add_row(f"{age} {_SEX[sex]}", *(percent(held[age, sex, *each]["probability"]) for each in columns))
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
        named = f"{row['age_group']} {_SEX.get(row['sex'], '')}".strip()
        interval = plain.HIDDEN if row["lower"] is None else f"{percent(row['lower'])} to {percent(row['upper'])}"
        table.add_row(named, whole(row["at_risk"]), whole(row["admitted"]), percent(row["probability"]), interval)
    console.print(table)
    console.print(plain.HIDDEN_NOTE)
    if out is not None:
        explained = [("What", _condition_title(window, condition)), ("Hidden", plain.HIDDEN_NOTE), ("Release", found.provenance)]
        _write([sheet("Observed", _OBSERVED, found.table.to_pylist())], explained, out)


def _write(sheets: Sequence[Sheet], explained: Sequence[tuple[str, str]], out: Path) -> None:
    for written in write_sheets(sheets, explained, out):
        console.print(f"Wrote {escape(str(written))}")


def _condition_title(window: Window, condition: str) -> str:
    name = condition.replace("_", " ")
    return f"People seen with {name} in {window.before}: admitted as an emergency within {window.months} months"


def _sheets(found: Foretold) -> list[Sheet]:
    return [
        sheet("Probabilities", _PROBABILITIES, found.probabilities.table.to_pylist()),
        sheet("Odds ratios", _ODDS, found.coefficients.table.to_pylist()),
        sheet("Calibration", _GROUPS, found.groups.table.to_pylist()),
    ]
