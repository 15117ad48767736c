"""Total cost of care of one commissioner, as the statement that readers are shown."""

import json
from collections.abc import Sequence
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.charts.contracting import parts, stacked_months
from farr.lab.desk.charts.theme import Spec, darkened
from farr.lab.desk.contracting.total_cost.asking import TotalCost
from farr.lab.desk.contracting.total_cost.files import MONTH_COLUMNS, PART_COLUMNS, explained, month_rows, part_rows
from farr.lab.desk.contracting.total_cost.words import COLUMNS, METHOD, Row, by_part, cells, finding, pounds
from farr.lab.model.showing.page import Chart, Column, Figure, Line, Sheet, Table
from farr.lab.model.showing.statement import Part, Statement
from farr.lab.planning.total_cost.costs import DELIVERIES, PARTS
from farr.lab.planning.total_cost.questions import HOSPITAL, LEVEL
from farr.lab.planning.total_cost.rows import ALL, HOSPITAL_WHOLE, LOCAL_WHOLE, NOT_HELD, WHOLES

KIND = "total_cost"
TITLE = "Total cost of care"
_WHY = "What is saved in one part of care is often spent in another: only the whole says what care of a person costs."
_SOURCE = (
    "Hospital feeds (NCDR SUS PbR data set, Grand_Total) and local feeds of care outside hospital; indirect standardisation by age and sex "
    "as in Breslow and Day, Statistical Methods in Cancer Research II, 1987, 2.3"
)


def statement_of(found: TotalCost, name: str, *, made_at: str, is_synthetic: bool) -> Statement:
    """The statement of a commissioner called `name`."""
    said, rows = finding(found, name), by_part(found)
    notes = (*METHOD, *found.notes)
    return Statement(
        made_at=made_at, agreement=found.rows.manifest.agreement, is_synthetic=is_synthetic, kind=KIND, name=KIND, title=TITLE, why=_WHY,
        source=_SOURCE, organisation=found.organisation, organisation_name=name, level=LEVEL, level_title=plain.level_title(LEVEL),
        level_plural=plain.plural(LEVEL), period=str(found.period), period_title=plain.period(found.period), finding=said,
        facts=_facts(rows), charts=_charts(found, rows, said), parts=(_table(found),), sheets=tuple(_sheets(found)), notes=notes,
        explained=tuple(explained(found, name)), hidden_note=plain.HIDDEN_NOTE, dark=darkened(),
        releases=tuple(json.loads(json.dumps(each.manifest.as_dict())) for each in (found.rows, found.months, *found.releases)),
    )  # fmt: skip


def _facts(rows: dict[str, Row]) -> tuple[Figure, ...]:
    whole, hospital, outside = rows[ALL], rows[HOSPITAL_WHOLE], rows[LOCAL_WHOLE]
    held = sum(rows[part]["status"] != NOT_HELD for part in PARTS)
    return (
        Figure(label="All that is held", figure=_money(whole["cost"]), note=f"{held} of {len(PARTS)} parts of care"),
        Figure(label="A head", figure=_money(whole["per_head"]), note=f"peers {_money(whole['peers_per_head'])}, of the same parts"),
        Figure(
            label="Beside own ages", figure="*" if whole["ratio"] is None else f"{whole['ratio']:.2f}",
            note="cost over what people of these ages cost in the nation",
        ),
        Figure(label="In hospital", figure=_money(hospital["cost"]), note=_share(hospital)),
        Figure(label="Outside hospital", figure=_money(outside["cost"]), note=_share(outside)),
    )  # fmt: skip


def _charts(found: TotalCost, rows: dict[str, Row], said: str) -> tuple[Chart, ...]:
    beside = [
        parts.Beside(
            title=rows[part]["title"], own=rows[part]["per_head"], peers=rows[part]["peers_per_head"],
            nation=rows[part]["nation_per_head"], aged=rows[part]["expected_per_head"], says=_bar(rows[part]),
        )
        for part in PARTS
    ]  # fmt: skip
    first = parts.spec(beside, title=said, subtitle=f"Pounds a head by part of care, {plain.period(found.period)}")
    months = [str(month) for month in found.period.months()]
    by_month: dict[tuple[str, str], float] = {}
    for row in month_rows(found):
        where = HOSPITAL_WHOLE if row["part"] in HOSPITAL else LOCAL_WHOLE
        if row["cost"] is not None:
            by_month[row["month"], where] = by_month.get((row["month"], where), 0.0) + row["cost"]
    series = {WHOLES[where]: [by_month.get((month, where)) for month in months] for where in (HOSPITAL_WHOLE, LOCAL_WHOLE)}
    dearest = max(months, key=lambda month: sum(by_month.get((month, where), 0.0) for where in WHOLES))
    second = stacked_months.spec(months, series, title=f"Most was spent in {dearest}", subtitle="Pounds by month, as far as they are held")
    return _chart("per_head", first), _chart("months", second)


def _chart(name: str, spec: Spec) -> Chart:
    title, subtitle = (" ".join(spec["title"][each]) for each in ("text", "subtitle"))
    return Chart(name=name, title=title, subtitle=subtitle, description=spec["description"], full=spec)


def _table(found: TotalCost) -> Part:
    lines = tuple(
        Line(
            code=row["part"] if row["part"] in DELIVERIES else "", name=row["title"], is_selected=row["part"] in WHOLES, in_norm=True,
            cells=(*cells(row), found.sources.get(row["part"], "")),
        )
        for row in found.rows.table.to_pylist()
    )  # fmt: skip
    says = "Points of delivery are parts of admitted care. What is not held is in no sum."
    return Part(name="parts", title="Part by part", says=says, heading="Part", table=Table(columns=(*COLUMNS, "Source"), lines=lines))


def _sheets(found: TotalCost) -> list[Sheet]:
    return [_sheet("Parts", PART_COLUMNS, part_rows(found)), _sheet("Months", MONTH_COLUMNS, month_rows(found))]


def _sheet(name: str, columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> Sheet:
    return Sheet(name=name, columns=tuple(columns), rows=tuple(tuple(row[column.field] for column in columns) for row in rows))


def _bar(row: Row) -> str:
    if row["per_head"] is None:
        return f"{row['title']}: {row['status']}"
    beside = "" if row["nation_per_head"] is None else f", nation £{row['nation_per_head']:,.0f}"
    return f"{row['title']}: £{row['per_head']:,.0f} a head{beside}"


def _money(value: float | None) -> str:
    return "*" if value is None else pounds(value)


def _share(row: Row) -> str:
    return "" if row["share"] is None else f"{row['share']:.0%} of all that is held"
