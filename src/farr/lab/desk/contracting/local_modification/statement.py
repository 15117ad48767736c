"""A case for a local modification, as the statement that readers are shown."""

import json
from collections.abc import Sequence
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.charts import ratios
from farr.lab.desk.charts.theme import Spec, darkened
from farr.lab.desk.contracting.local_modification.asking import LEVEL, Modification
from farr.lab.desk.contracting.local_modification.files import explained, sheets
from farr.lab.desk.contracting.local_modification.words import MEANS, METHOD, MUST_SHOW, TITLES, cells, finding, worth
from farr.lab.model.showing.page import Chart, Figure, Line, Sheet, Table
from farr.lab.model.showing.statement import Part, Statement
from farr.lab.planning.local_modification.judging import COST, INCOME, STAY, Judgement

KIND = "local_modification"
TITLE = "Case for a local modification"
_WHY = "Where national prices do not pay for work that is done efficiently, they may be modified: three tests say whether to look further."
_SOURCE = (
    "National Cost Collection (published costs); NCDR SUS PbR data set (income and stays); Health and Social Care Act 2012, ss. 124 to "
    "126; Frontier Economics for Monitor, A methodology for approving local modifications to the national tariff, 2012"
)
_SHORT = {COST: "Cost, peers being 1", STAY: "Stay, peers being 1", INCOME: "Income, cost being 1"}


def statement_of(found: Modification, names: dict[str, str], *, made_at: str, is_synthetic: bool) -> Statement:
    """The statement of the provider."""
    name = names.get(found.provider, found.provider)
    said, amount = finding(found, name), worth(found)
    notes = (
        *([f"{amount}."] if amount else []), *(f"No feed tells, and the applicant must show, {each}." for each in MUST_SHOW), *METHOD,
        *found.notes,
    )  # fmt: skip
    return Statement(
        made_at=made_at, agreement=found.tests.manifest.agreement, is_synthetic=is_synthetic, kind=KIND, name=KIND, title=TITLE, why=_WHY,
        source=_SOURCE, organisation=found.provider, organisation_name=name, level=LEVEL, level_title=plain.level_title(LEVEL),
        level_plural=plain.plural(LEVEL), period=str(found.period), period_title=plain.period(found.period), finding=said,
        facts=_facts(found), charts=_charts(found, names, said), parts=(_tests(found), _services(found), _peers(found, names)),
        sheets=tuple(
            Sheet(name=sheet, columns=columns, rows=tuple(tuple(row[column.field] for column in columns) for row in rows))
            for sheet, columns, rows in sheets(found, names)
        ),
        notes=notes, explained=tuple(explained(found, name)), hidden_note=plain.HIDDEN_NOTE, dark=darkened(),
        releases=tuple(json.loads(json.dumps(each.manifest.as_dict())) for each in (found.tests, found.services, found.peers)),
    )  # fmt: skip


def _facts(found: Modification) -> tuple[Figure, ...]:
    return (
        Figure(label="Verdict", figure=found.verdict.value, note="supported where all three tests are met"),
        *(
            Figure(label=_SHORT[each.name], figure="*" if not _is_told(each) else f"{each.value:.2f}", note=_fact(each))
            for each in found.tested
        ),
    )


def _fact(test: Judgement) -> str:
    value, interval, _, outcome = cells(test)
    return outcome if value == "–" else f"{interval}; {outcome}"


def _is_told(test: Judgement) -> bool:
    return test.value == test.value


def _charts(found: Modification, names: dict[str, str], said: str) -> tuple[Chart, ...]:
    points = [
        ratios.Point(
            label=_SHORT[each.name], value=each.value, lower=each.lower, upper=each.upper, is_selected=True, is_small=False,
            says=f"{TITLES[each.name]}: {each.value:.2f} ({each.lower:.2f} to {each.upper:.2f}), {each.outcome.value}",
        )
        for each in sorted(filter(_is_told, found.tested), key=lambda each: each.value)
    ]  # fmt: skip
    made: list[Chart] = []
    if points:
        spec = ratios.spec(
            points, title=said, subtitle=f"Ratios with 95% intervals, {plain.period(found.period)}", axis="Ratio", line=1.0,
            line_name="no difference",
        )  # fmt: skip
        made.append(_chart("tests", spec))
    beside = [row for row in reversed(found.peers.table.to_pylist()) if row["is_own"] or row["is_peer"]]
    own = found.published.index[found.provider]
    dearer = sum(row["index"] > own for row in beside)
    costs = [
        ratios.Point(
            label=_called(names, row), value=row["index"], lower=row["index"], upper=row["index"],
            is_selected=row["is_own"], is_small=False, says=f"{names.get(row['code'], row['code'])}: {row['index']:.3f}",
        )
        for row in beside
    ]  # fmt: skip
    title = f"{dearer} of {len(beside) - 1} peers cost more, like work for like"
    spec = ratios.spec(
        costs, title=title, subtitle="Published cost adjusted for casemix; the nation is 1", axis="Adjusted cost", line=1.0,
        line_name="the nation",
    )  # fmt: skip
    spec["description"] = f"Points, the cheapest first, and a line at the nation. {title}. " + "; ".join(each.says for each in costs) + "."
    return (*made, _chart("costs", spec))


def _chart(name: str, spec: Spec) -> Chart:
    title, subtitle = (" ".join(spec["title"][each]) for each in ("text", "subtitle"))
    return Chart(name=name, title=title, subtitle=subtitle, description=spec["description"], full=spec)


def _tests(found: Modification) -> Part:
    lines = tuple(_line(TITLES[each.name], (MEANS[each.name], *cells(each))) for each in found.tested)
    columns = ("Of what", "Ratio", "95% interval", "Probability that it is met", "Outcome")
    says = "The case is supported where all three are met, and is not where one is not. Thresholds are parameters of Farr's."
    return Part(name="tests", title="Three tests", says=says, heading="Test", table=Table(columns=columns, lines=lines))


def _services(found: Modification) -> Part:
    names = ("activity", "unit_cost", "unit_income", "margin")
    lines = tuple(
        _line(row["chapter"], tuple("*" if row[name] is None else f"{row[name]:,.0f}" for name in names))
        for row in found.services.table.to_pylist()
    )
    columns = ("Spells costed", "Cost a spell, £", "Paid a spell, £", "Margin, £")
    says = "What the spells that were costed would be paid, at what a spell of the chapter was paid, less their cost."
    return Part(name="services", title="Service by service", says=says, heading="HRG chapter", table=Table(columns=columns, lines=lines))


def _peers(found: Modification, names: dict[str, str]) -> Part:
    rows: Sequence[dict[str, Any]] = [row for row in found.peers.table.to_pylist() if row["is_own"] or row["is_peer"]]
    figures = ("index", "unadjusted", "income_index", "stay_ratio")
    lines = tuple(
        _line(
            _called(names, row), tuple("*" if row[name] is None else f"{row[name]:.3f}" for name in figures),
            code=row["code"], is_own=row["is_own"],
        )
        for row in rows
    )  # fmt: skip
    columns = ("Adjusted cost", "Market forces included", "Paid for like casemix", "Adjusted stay")
    says = "Each beside the nation, which is 1; the dearest first."
    return Part(name="peers", title="Beside peers", says=says, heading="Provider", table=Table(columns=columns, lines=lines))


def _called(names: dict[str, str], row: dict[str, Any]) -> str:
    code: str = row["code"]
    return names.get(code, code)


def _line(name: str, texts: tuple[str, ...], *, code: str = "", is_own: bool = False) -> Line:
    return Line(code=code, name=name, is_selected=is_own, in_norm=True, cells=texts)
