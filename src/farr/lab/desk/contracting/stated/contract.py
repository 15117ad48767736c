"""The first page that a contract manager opens: are we above plan, where will the year end, why, in which lines, and since when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.charts.contracting import net, so_far, waterfall
from farr.lab.desk.contracting.contract_files import COLUMNS
from farr.lab.desk.contracting.contract_months import AHEAD, CAME, HIDDEN, INCOMPLETE
from farr.lab.desk.contracting.contract_rows import CONFIDENCE
from farr.lab.desk.contracting.plan_against_actual import PlanAgainstActual
from farr.lab.desk.contracting.stated.making import Row, Said, Subject, chart, heading, part, sheet, stated
from farr.lab.desk.contracting.stated.together import together
from farr.lab.desk.contracting.stated.words import against, called, money, pounds, share, signed, thousands, whole
from farr.lab.model.period import Period
from farr.lab.model.showing.page import Chart, Figure, Sheet
from farr.lab.model.showing.statement import Part, Statement
from farr.lab.planning.contract_plan import WHOLE

KIND = "contract"
TITLE = "Plan against actual"
_WHY = "Whether the year is above its plan, why, and where it will end, while something can still be done about it."
_SOURCE = (
    "The contract plan as it was agreed and ingested; the variance split into volume, mix and price as in management accounting (Horngren, "
    "Datar and Rajan, Cost Accounting); the forecast and its interval: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, "
    "5.5 and 5.10; Cochran, Sampling Techniques, chapter 6"
)
_CAUSES = ("volume", "casemix", "price")
_WORDS = {"volume": "Volume: more or fewer spells", "casemix": "Casemix: dearer or cheaper spells", "price": "Price: paid beyond the rules"}
_LINE_COLUMNS = (
    "Plan, £000", "Paid, £000", "Variance, £000", "Variance", "Volume, £000", "Casemix, £000", "Price, £000", "Outturn, £000",
    "Spells planned", "Spells",
)  # fmt: skip
_MONTH_COLUMNS = ("Plan, £000", "Paid, £000", "Variance, £000", "Plan so far, £000", "Paid so far, £000", "Spells planned", "Spells", "")
_STATES = {CAME: "", HIDDEN: "not shown", INCOMPLETE: "incomplete: forecast", AHEAD: "to come"}
_MONTH_SHEET = (
    ("month", "Month", "text", 10), ("planned", "Planned, £", "count", 14), ("paid", "Paid, £", "count", 14),
    ("planned_so_far", "Planned so far, £", "count", 16), ("paid_so_far", "Paid so far, £", "count", 16),
    ("forecast_so_far", "Forecast so far, £", "count", 17), ("lower", "95% lower, £", "count", 14), ("upper", "95% upper, £", "count", 14),
    ("planned_activity", "Planned spells", "count", 13), ("activity", "Spells", "count", 10), ("state", "State", "text", 12),
    ("status", "Status", "text", 12),
)  # fmt: skip
_LINE_SHEET = tuple((each.field, each.title, each.kind, each.width) for each in COLUMNS)
_TOGETHER = "Specialty not in the plan"
_MOST_BARS = 25
_THOUSAND, _MILLION, _MANY_MILLIONS = 1e3, 1e6, 1e7


@dataclass(frozen=True, kw_only=True)
class Contracts:
    """A year to date by its lines, in the order that they are shown, with the names of their codes: the same months and the same whole."""

    lines: Sequence[tuple[PlanAgainstActual, Mapping[str, str]]]

    @property
    def first(self) -> PlanAgainstActual:
        return self.lines[0][0]

    @property
    def whole(self) -> Row:
        return self.first.rows.table.to_pylist()[-1]

    @property
    def period(self) -> Period:
        return Period(self.first.contract.months[0], self.first.contract.months[-1])

    @property
    def is_over(self) -> bool:
        return not self.first.contract.ahead

    def by_line(self) -> Iterator[tuple[str, list[Row]]]:
        """By breakdown its lines, named, the furthest above plan first and what is hidden last; specialties that are planned together are
        one."""
        for found, names in self.lines:
            rows: list[dict[str, Any]] = together(found.rows.table.to_pylist())[:-1]
            named = [{**row, "name": _TOGETHER if row["line"] == WHOLE else called(row["line"], dict(names))} for row in rows]
            yield found.contract.by, sorted(named, key=lambda row: (row["variance"] is None, -(row["variance"] or 0.0), row["line"]))


def contract_statement(contracts: Contracts, *, name: str, made_at: str, is_synthetic: bool) -> Statement:
    """The statement of an organisation's contracts; `name` is the organisation's."""
    first, parted = contracts.first, list(contracts.by_line())
    finding = _finding(contracts)
    subject = Subject(
        kind=KIND, name=KIND, title=f"{TITLE} {first.year}", why=_WHY, source=_SOURCE, level=first.contract.level,
        organisation=first.contract.organisation, organisation_name=name, period=contracts.period, made_at=made_at,
        is_synthetic=is_synthetic,
    )  # fmt: skip
    months = first.months.table.to_pylist()
    notes = dict.fromkeys(note for found, _ in contracts.lines for note in found.notes if WHOLE not in note.split())
    said = Said(
        finding=finding, facts=_facts(contracts), charts=_charts(contracts, parted, months, finding),
        parts=[*(_of_lines(by, rows, contracts.whole) for by, rows in parted), _of_months(months)], sheets=_sheets(contracts, months),
        notes=[*_told(contracts, parted), *notes],
        explained=[("Months to date", ", ".join(map(str, first.contract.months))),
                   ("Plan", f"contract_plan v{first.plan_version}, as provider and commissioner agreed on it")],
    )  # fmt: skip
    return stated(subject, said, [*(found.rows for found, _ in contracts.lines), first.months])


def _finding(contracts: Contracts) -> str:
    row, until = contracts.whole, plain.month(str(contracts.period.last))
    if row["variance"] is None:
        return f"What was paid to {until} is not shown (small numbers)"
    told = against(row["variance"], row["planned"])
    causes = sorted((each for each in _CAUSES if row[each] is not None), key=lambda each: -abs(row[each]))
    split = ", ".join(f"{each} {signed(row[each])}" for each in causes)
    return f"{told[:1].upper()}{told[1:]} to {until}: {split}"


def _facts(contracts: Contracts) -> tuple[Figure, ...]:
    row = contracts.whole
    share_of = None if row["variance"] is None else row["variance"] / row["planned"] if row["planned"] else 0.0
    of_year = None if row["forecast_variance"] is None else row["forecast_variance"] / row["year_planned"]
    more = None if row["activity"] is None else row["activity"] / row["planned_activity"] - 1 if row["planned_activity"] else 0.0
    ends = f"{CONFIDENCE:.0%} interval {money(row['lower'])} to {money(row['upper'])}" if row["lower"] is not None else "no interval"
    ends = "the year is over" if contracts.is_over else ends
    return (
        Figure(label="Against plan to date", figure=signed(row["variance"]), note=f"{share(share_of)} of what was planned"),
        Figure(label="Paid to date", figure=money(row["paid"]), note=f"planned {money(row['planned'])}"),
        Figure(label="Outturn of the year", figure=money(row["forecast"]), note=ends),
        Figure(label="Outturn against plan", figure=signed(row["forecast_variance"]),
               note=f"{share(of_year)} of {money(row['year_planned'])} planned"),
        Figure(label="Spells to date", figure=whole(row["activity"]), note=f"{whole(row['planned_activity'])} planned, {share(more)}"),
    )  # fmt: skip


def _charts(contracts: Contracts, parted: Sequence[tuple[str, list[Row]]], months: Sequence[Row], finding: str) -> Iterator[Chart]:
    about = f"{plain.period(contracts.period)}, {contracts.first.contract.organisation}"
    row = contracts.whole
    if row["paid"] is not None:
        yield chart("so_far", _so_far(contracts, months, about))
        yield chart("why", _why(row, about, finding))
    for by, rows in parted:
        shown = [each for each in rows if each["variance"] is not None]
        if shown and not any(each["line"] == WHOLE for each in rows):
            yield chart(by, _of_variance(by, shown, about))


def _so_far(contracts: Contracts, months: Sequence[Row], about: str) -> dict[str, Any]:
    row, most = contracts.whole, max(each["planned_so_far"] for each in months)
    scale, axis = (_MILLION, "£ millions") if most >= _MANY_MILLIONS else (_THOUSAND, "£ thousands")
    points = [
        so_far.Point(
            month=each["month"], planned=each["planned_so_far"], paid=each["paid_so_far"], forecast=each["forecast_so_far"],
            lower=each["lower"], upper=each["upper"], says=_at(each),
        )
        for each in months
    ]  # fmt: skip
    if contracts.is_over:
        title = f"The year ended {against(row['variance'], row['planned'])}"
    elif row["forecast"] is None:
        title = f"{pounds(row['paid'])} paid so far, {against(row['variance'], row['planned'])}"
    else:
        title = f"The year is forecast to end {against(row['forecast_variance'], row['year_planned'])}"
    band = "; the band is the 95% interval of the forecast" if row["lower"] is not None and not contracts.is_over else ""
    return so_far.spec(points, title=title, subtitle=f"As the year adds up, {about}{band}", axis=axis, scale=scale)


def _at(row: Row) -> str:
    when = plain.month(row["month"])
    if row["forecast_so_far"] is not None:
        ends = f" ({money(row['lower'])} to {money(row['upper'])})" if row["lower"] is not None else ""
        return f"{when}: {money(row['forecast_so_far'])} forecast{ends}, {money(row['planned_so_far'])} planned"
    paid = "not shown" if row["paid_so_far"] is None else f"{money(row['paid_so_far'])} paid"
    return f"{when}: {paid}, {money(row['planned_so_far'])} planned"


def _why(row: Row, about: str, finding: str) -> dict[str, Any]:
    steps = [waterfall.Step(label=_WORDS[each], adds=row[each], says=f"{_WORDS[each]} {signed(row[each])}") for each in _CAUSES]
    whole_of = waterfall.Step(label="Against plan", adds=row["variance"], says=f"Against plan {signed(row['variance'])}")
    most = max(_CAUSES, key=lambda each: abs(row[each]))
    title = f"{most.capitalize()} is most of it: {signed(row[most])}" if row["variance"] else finding
    return waterfall.spec(
        steps, whole=whole_of, title=title, subtitle=f"What the variance is made of, {about}", axis="£ thousands against plan",
        scale=_THOUSAND,
    )  # fmt: skip


def _of_variance(by: str, rows: Sequence[Row], about: str) -> dict[str, Any]:
    most = max(rows, key=lambda each: abs(each["variance"]))
    kept = sorted(rows, key=lambda each: -abs(each["variance"]))[:_MOST_BARS]
    bars = [
        net.Bar(label=each["name"], pounds=each["variance"], is_selected=each is most, says=f"{each['name']} {signed(each['variance'])}")
        for each in rows
        if each in kept
    ]
    title = f"{most['name']} is furthest from plan: {signed(most['variance'])}"
    fewer = f" The {_MOST_BARS} furthest." if len(kept) < len(rows) else ""
    return net.spec(
        bars, title=title, subtitle=f"Variance by {heading(by)}, {about}.{fewer}", axis="£ thousands above (right) or below (left) plan",
        of="variance against plan",
    )  # fmt: skip


def _of_lines(by: str, rows: Sequence[Row], of_all: Row) -> Part:
    title = heading(by)
    return part(
        by, f"By {title}", "Year to date, the furthest above plan first.", heading=title[:1].upper() + title[1:], columns=_LINE_COLUMNS,
        rows=[*rows, {**of_all, "name": "The whole"}], named=lambda row: row["name"], cells=_cells,
        is_selected=lambda row: row["line"] is None,
    )  # fmt: skip


def _cells(row: Row) -> tuple[str, ...]:
    of = None if row["variance"] is None else row["variance"] / row["planned"] if row["planned"] else None
    outturn = "–" if row["forecast"] is None and row["paid"] is not None else thousands(row["forecast"])
    return (
        thousands(row["planned"]), thousands(row["paid"]), thousands(row["variance"], sign="+"),
        "–" if row["variance"] is not None and of is None else share(of), *(thousands(row[each], sign="+") for each in _CAUSES), outturn,
        whole(row["planned_activity"]), whole(row["activity"]),
    )  # fmt: skip


def _of_months(months: Sequence[Row]) -> Part:
    return part(
        "months", "By month", "As the year went, and as it is forecast; incomplete months count neither as planned nor as paid to date.",
        heading="Month", columns=_MONTH_COLUMNS, rows=months, named=lambda row: plain.month(row["month"]), cells=_of_month,
    )  # fmt: skip


def _of_month(row: Row) -> tuple[str, ...]:
    is_there = row["state"] in (CAME, HIDDEN)
    paid, spells = (thousands(row["paid"]), whole(row["activity"])) if is_there else ("", "")
    variance = None if row["paid"] is None else row["paid"] - row["planned"]
    added = row["forecast_so_far"] if row["paid_so_far"] is None else row["paid_so_far"]
    return (
        thousands(row["planned"]), paid, thousands(variance, sign="+") if is_there else "", thousands(row["planned_so_far"]),
        thousands(added) if added is not None or is_there else "–", whole(row["planned_activity"]), spells,
        _STATES[row["state"]] if row["forecast_so_far"] is None or not is_there else "with forecast",
    )  # fmt: skip


def _sheets(contracts: Contracts, months: Sequence[Row]) -> list[Sheet]:
    made = [sheet("Months", _MONTH_SHEET, [{**row, "status": "suppressed" if row["state"] == HIDDEN else "shown"} for row in months])]
    for found, names in contracts.lines:
        rows = [
            {**row, "name": "The whole" if row["line"] is None else names.get(row["line"], ""), "line": row["line"] or "whole",
             "status": "suppressed" if row["paid"] is None else row["status"]}
            for row in found.rows.table.to_pylist()
        ]  # fmt: skip
        made.insert(-1, sheet(f"By {heading(found.contract.by)}", _LINE_SHEET, rows))
    return made


def _told(contracts: Contracts, parted: Sequence[tuple[str, list[Row]]]) -> Iterator[str]:
    yield "Volume: spells beyond those planned, at the planned average price. Casemix: what spells cost more by the tariff than planned."
    yield "Price: what was paid beyond what the rules of the tariff come to. Private patients are nobody's contract."
    for row in (row for _, rows in parted for row in rows if row["line"] == WHOLE):
        of = f"{pounds(row['planned'])} of the plan to date ({row['planned'] / contracts.whole['planned']:.0%}) names no specialty"
        beside = "It is set beside what was paid for specialties without a plan of their own"
        yield f"{of}. {beside}; what of it was meant for others makes these look too far above plan. No chart is drawn."
    if any(row["planned"] == 0 and row["paid"] for _, rows in parted for row in rows):
        yield "What was paid for where nothing was planned is volume."
    if contracts.first.contract.level == "commissioner":
        yield "By provider nothing is shown: most pairs of provider and commissioner have too few spells."
