"""The needs of one place in words, tables and a chart, as the statement that readers are shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.charts import ratios
from farr.lab.desk.charts.theme import Spec
from farr.lab.desk.populations.needs import Needs
from farr.lab.desk.populations.stating import Columns, Said, between, decimal, line, part, sheet, statement, whole
from farr.lab.model.showing.page import Figure, Sheet
from farr.lab.model.showing.statement import Statement
from farr.lab.planning.need.condition import declared
from farr.lab.planning.need.questions import SEEN
from farr.lab.planning.variation.indices import FEW_EXPECTED

KIND = "need"
Row = dict[str, Any]
TITLE = "Needs as hospitals see them"
WHY = "Whom does care here have to serve? Conditions commoner than people's age, sex and deprivation explain are worth a look."
SOURCE = "People with the condition recorded in any position of an episode, by the code lists of each; docs/need.md"
HEADINGS = ("People", "Per 1,000", "Peers", "Nation", "Expected", "Ratio", "95% interval")
_ROWS: Columns = (
    ("condition", "Condition", "text", 26), ("title", "Title", "text", 44), ("observed", "People", "count", 11),
    ("person_years", "Person-years", "count", 13), ("rate", "Per 1,000 a year", "figure", 12),
    ("peers", "Similar ten, per 1,000", "figure", 14), ("peers_shown", "Of the ten shown", "whole", 10),
    ("national", "Nation, per 1,000", "figure", 12), ("expected", "Expected", "figure", 11), ("ratio", "Ratio", "ratio", 9),
    ("lower", "95% lower", "ratio", 10), ("upper", "95% upper", "ratio", 10), ("unseen", "Not seen", "text", 70),
    ("status", "Status", "text", 12),
)  # fmt: skip


def title_of(condition: str) -> str:
    return "Anybody seen in hospital" if condition == SEEN else declared()[condition].title


def ordered(rows: Sequence[Row]) -> list[Row]:
    """Anybody seen first, then from the highest ratio to the lowest, then what is hidden."""
    return sorted(rows, key=lambda row: (row["condition"] != SEEN, row["ratio"] is None, -(row["ratio"] or 0.0), row["condition"]))


def cells(row: Row) -> tuple[str, ...]:
    """What HEADINGS head."""
    return (
        whole(row["observed"]), decimal(row["rate"], 1), decimal(row["peers"], 1), decimal(row["national"], 1), decimal(row["expected"], 0),
        decimal(row["ratio"]), between(row["lower"], row["upper"]),
    )  # fmt: skip


def finding(rows: Sequence[Row], name: str) -> str:
    """Which condition stands out most."""
    known = [row for row in rows if row["condition"] != SEEN and row["ratio"] is not None]
    high = [row for row in known if row["lower"] > 1]
    if not known:
        return f"No condition of {name} can be shown (small numbers)"
    if not high:
        return f"Of {name} no condition is seen more often than its people's age, sex and deprivation lead one to expect"
    most = max(high, key=lambda row: row["ratio"])
    others = f", and {len(high) - 1} more" if len(high) > 1 else ""
    return f"{name} has {most['ratio']:.2f} times the people seen with {_low(title_of(most['condition']))} that one would expect{others}"


def notes(found: Needs, lacking: str) -> list[str]:
    """What must be known to read the figures."""
    sources = "stays in hospital and emergency attendances" if found.has_visits else "stays in hospital"
    return [
        "As seen in hospital: this is no prevalence. Who is never admitted is not counted, and what is recorded depends on how deeply a "
        "provider codes. Practices' disease registers say more of conditions that are treated there.",
        "Counted: people, each once, where they lived when last seen in the period; conditions by diagnoses of stays, anybody seen by "
        f"{sources}.",
        "Expected: what the nation's rates of each age group, sex and fifth of deprivation would make of the people who live there.",
        found.sentence,
        "Peers: the similar ten, those of them that are shown, put together; not standardised." if not lacking else f"No peers: {lacking}.",
        "Intervals: Byar's, of people as if they came independently; exact below ten.",
        *(f"{title_of(name)}: not shown ({reason})" for name, reason in found.refused.items()),
    ]


def sheets(rows: Sequence[Row]) -> list[Sheet]:
    """The conditions as they go into a file."""
    return [
        sheet(
            "Conditions",
            _ROWS,
            [{**row, "title": title_of(row["condition"]), "unseen": _unseen(row["condition"])} for row in ordered(rows)],
        )
    ]


def need_statement(
    found: Needs, rows: Sequence[Row], code: str, names: Mapping[str, str], lacking: str, *, made_at: str, is_synthetic: bool
) -> Statement:
    """The statement of a place. `names` are of the level's codes; `lacking` says why it has no peers."""
    name = names.get(code, code)
    told, in_order = finding(rows, name), ordered(rows)
    lines = [line(row["condition"], title_of(row["condition"]), cells(row)) for row in in_order]
    unseen = [
        line(row["condition"], title_of(row["condition"]), (_unseen(row["condition"]),)) for row in in_order if row["condition"] != SEEN
    ]
    said = Said(
        kind=KIND, name=KIND, title=TITLE, why=WHY, source=SOURCE, organisation=code, level=found.level, period=found.period, finding=told,
        facts=_facts(rows), charts=charts(found, rows, told),
        parts=(
            part("conditions", "Conditions", "From the highest ratio to the lowest.", "Condition", HEADINGS, lines),
            part("unseen", "Who is not seen", "What hospitals do not know.", "Condition", ("Not seen",), unseen),
        ),
        sheets=sheets(rows), notes=notes(found, lacking), releases=tuple(found.rows.values()),
    )  # fmt: skip
    return statement(said, names, made_at=made_at, is_synthetic=is_synthetic)


def charts(found: Needs, rows: Sequence[Row], told: str) -> list[tuple[str, Spec]]:
    """Conditions by their ratio, with intervals; none where nothing is shown."""
    drawn = [row for row in ordered(rows) if row["ratio"] is not None and row["upper"] is not None]
    points = [
        ratios.Point(
            label=title_of(row["condition"]), value=row["ratio"], lower=row["lower"], upper=row["upper"],
            is_selected=row["condition"] == SEEN, is_small=row["expected"] < FEW_EXPECTED,
            says=f"{title_of(row['condition'])}: {decimal(row['ratio'])} ({between(row['lower'], row['upper'])})",
        )
        for row in drawn
    ]  # fmt: skip
    subtitle = f"People seen in hospital, {plain.period(found.period)}, over what age, sex and deprivation lead one to expect"
    axis = "Observed over expected, 95% interval"
    return (
        [("conditions", ratios.spec(points, title=told, subtitle=subtitle, axis=axis, line=1.0, line_name="what is expected"))]
        if points
        else []
    )


def _facts(rows: Sequence[Row]) -> tuple[Figure, ...]:
    seen = next((row for row in rows if row["condition"] == SEEN), None)
    known = [row for row in rows if row["condition"] != SEEN and row["ratio"] is not None]
    nothing = plain.HIDDEN
    return (
        Figure(label="People seen", figure=nothing if seen is None else whole(seen["observed"]), note="in hospital, each once"),
        Figure(label="Of 1,000 people", figure=nothing if seen is None else decimal(seen["rate"], 1), note="a year"),
        Figure(label="More than expected", figure=str(sum(row["lower"] > 1 for row in known)), note=f"of {len(known)} conditions shown"),
        Figure(label="Fewer than expected", figure=str(sum(row["upper"] < 1 for row in known)), note="their interval lies below"),
    )


def _unseen(condition: str) -> str:
    return "" if condition == SEEN else declared()[condition].unseen


def _low(title: str) -> str:
    return title[0].lower() + title[1:]
