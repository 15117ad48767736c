"""How one place stands in the variation of an interest, as the statement that readers are shown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.charts import ratios
from farr.lab.desk.charts.theme import Spec
from farr.lab.desk.populations.stating import Columns, Said, between, decimal, fewer, line, part, sheet, statement, whole
from farr.lab.desk.populations.variation_words import cells, finding, headline, index_rows, notes, says
from farr.lab.desk.populations.varying import Varied
from farr.lab.model.showing.page import Figure, Sheet
from farr.lab.model.showing.statement import Part, Statement

KIND = "variation"
Row = dict[str, Any]
ROWS: Columns = (
    ("code", "Code", "text", 10), ("name", "Name", "text", 34), ("observed", "Observed", "count", 11),
    ("people", "Person-years", "count", 13), ("expected", "Expected", "figure", 11), ("ratio", "Ratio", "ratio", 9),
    ("lower", "95% lower", "ratio", 10), ("upper", "95% upper", "ratio", 10),
    ("rate", "Standardised rate per 100,000", "figure", 16), ("rate_lower", "Rate, 95% lower", "figure", 14),
    ("rate_upper", "Rate, 95% upper", "figure", 14), ("shrunk", "Ratio as believed", "ratio", 12),
    ("shrunk_lower", "Believed, lower", "ratio", 12), ("shrunk_upper", "Believed, upper", "ratio", 12),
    ("direct_rate", "Directly standardised rate", "figure", 16), ("direct_lower", "Direct, 95% lower", "figure", 14),
    ("direct_upper", "Direct, 95% upper", "figure", 14), ("is_small", "Few expected", "flag", 10),
    ("status", "Status", "text", 12),
)  # fmt: skip
INDICES: Columns = (("title", "Index", "text", 40), ("figure", "Value", "text", 14), ("says", "What it is", "text", 90))
_COLUMNS = ("Observed", "Expected", "Ratio", "95% interval", "Rate per 100,000", "As believed")


def statements(found: Varied, names: Mapping[str, str], *, made_at: str, is_synthetic: bool) -> Iterator[Statement]:
    """A statement of every place that has people. `names` are of the level's codes."""
    rows = found.rows.table.to_pylist()
    for own in rows:
        yield statement(_said(found, rows, own, names), names, made_at=made_at, is_synthetic=is_synthetic)


def sheets(found: Varied, names: Mapping[str, str]) -> list[Sheet]:
    """The places and the indices, as they go into files."""
    rows = [{**row, "name": names.get(row["code"], row["code"])} for row in found.rows.table.to_pylist()]
    return [sheet("Places", ROWS, rows), sheet("Indices", INDICES, index_rows(found))]


def _said(found: Varied, rows: Sequence[Row], own: Row, names: Mapping[str, str]) -> Said:
    which, name = found.interest, names.get(own["code"], own["code"])
    told = finding(found, own, name)
    return Said(
        kind=KIND, name=which.name, title=f"Variation: {which.title[0].lower()}{which.title[1:]}", why=which.why, source=which.source,
        organisation=own["code"], level=found.level, period=found.period, finding=told, facts=_facts(found, rows, own),
        charts=charts(found, names, own["code"], told), parts=_parts(found, rows, own, names), sheets=sheets(found, names),
        notes=notes(found), releases=(found.rows, found.indices),
    )  # fmt: skip


def _facts(found: Varied, rows: Sequence[Row], own: Row) -> tuple[Figure, ...]:
    shown = [row for row in rows if row["ratio"] is not None]
    place = 1 + sum(row["ratio"] < own["ratio"] for row in shown) if own["ratio"] is not None else None
    return (
        Figure(label="Observed", figure=whole(own["observed"]), note="admissions of its people"),
        Figure(label="Expected", figure=decimal(own["expected"], 1), note="at the nation's rates"),
        Figure(label="Ratio", figure=decimal(own["ratio"]), note=f"95% interval {between(own['lower'], own['upper'])}"),
        Figure(label="Rate", figure=decimal(own["rate"], 1), note="per 100,000 people a year, standardised"),
        Figure(label="As believed", figure=decimal(own["shrunk"]), note=f"95%: {between(own['shrunk_lower'], own['shrunk_upper'])}"),
        Figure(
            label="Place", figure=plain.HIDDEN if place is None else f"{place} of {len(shown)}",
            note=f"from the lowest, among {plain.plural(found.level)} shown",
        ),
    )  # fmt: skip


def charts(found: Varied, names: Mapping[str, str], organisation: str | None, told: str) -> list[tuple[str, Spec]]:
    """Places ranked by their ratio with intervals, and as dots along their standardised rate; none where nothing is shown."""
    shown = [row for row in found.rows.table.to_pylist() if row["ratio"] is not None]
    if not shown:
        return []
    subtitle = f"{found.interest.title}, {plain.period(found.period)}, by {plain.level_title(found.level).lower()}. Hollow: few expected"
    ranked = [_point(row, names, organisation, "ratio", "lower", "upper") for row in fewer(shown, organisation or "")]
    rates = [_point(row, names, organisation, "rate", "rate_lower", "rate_upper") for row in shown]
    return [
        ("ratios", ratios.spec(ranked, title=told, subtitle=subtitle, axis="Observed over expected, 95% interval", line=1.0,
                               line_name="what is expected")),
        ("rates", ratios.dots(rates, title=headline(found), subtitle=subtitle, axis="Standardised rate per 100,000 people a year")),
    ]  # fmt: skip


def _point(row: Row, names: Mapping[str, str], organisation: str | None, value: str, lower: str, upper: str) -> ratios.Point:
    name = names.get(row["code"], row["code"])
    return ratios.Point(
        label=name, value=row[value], lower=row[lower], upper=row[upper], is_selected=row["code"] == organisation,
        is_small=row["is_small"], says=says(row, name),
    )  # fmt: skip


def _parts(found: Varied, rows: Sequence[Row], own: Row, names: Mapping[str, str]) -> list[Part]:
    plural = plain.plural(found.level)
    lines = [
        line(row["code"], names.get(row["code"], row["code"]), cells(row), is_selected=row["code"] == own["code"])
        for row in [*(each for each in rows if each["ratio"] is not None), *(each for each in rows if each["ratio"] is None)]
    ]
    index = [line(row["name"], row["title"], (row["figure"], row["says"])) for row in index_rows(found)]
    return [
        part("places", f"All {plural}", "From the lowest ratio to the highest.", "Place", _COLUMNS, lines),
        part("indices", "How much they differ", headline(found) + ".", "Index", ("Value", "What it is"), index, is_words=True),
    ]
