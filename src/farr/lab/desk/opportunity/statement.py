"""An organisation's opportunities as the statement that readers are shown."""

import json
from collections.abc import Sequence

from farr.lab.desk import plain
from farr.lab.desk.charts import gains
from farr.lab.desk.charts.theme import darkened
from farr.lab.desk.opportunity.files import COLUMNS, data
from farr.lab.desk.opportunity.finding import Found
from farr.lab.desk.opportunity.wording import SAYS, TITLES, chance, explained, finding, interval_80, notes, pounds, thousands, together
from farr.lab.measures.measure import Measure
from farr.lab.model.discover import discover
from farr.lab.model.showing.page import Chart, Figure, Line, Sheet, Table
from farr.lab.model.showing.statement import Part, Statement
from farr.lab.planning.opportunity.assess import Opportunity
from farr.lab.planning.opportunity.value import Means

KIND = "opportunity"
TITLE = "Opportunities"
_WHY = (
    "A benchmark begins a conversation; the next question is what matching one's peers would be worth, how surely, and how much of it is "
    "found twice."
)
_SOURCE = (
    "NHS RightCare (the classic figure; its annex was not found); shrinkage as Efron and Morris 1975 and Marshall and Spiegelhalter 1998; "
    "overlaps by the bound of Hunter 1976 and Worsley 1982: docs/opportunity.md"
)
_COLUMNS = ("Own", "Norm", "Classic, £000", "Gain, £000", "80% interval", "Above 0", "In the total, £000")


def statement_of(found: Found, *, made_at: str, is_synthetic: bool) -> Statement:
    said = finding(found)
    return Statement(
        made_at=made_at,
        agreement=found.table.manifest.agreement,
        is_synthetic=is_synthetic,
        kind=KIND,
        name=KIND,
        title=TITLE,
        why=_WHY,
        source=_SOURCE,
        organisation=found.organisation,
        organisation_name=found.name,
        level=found.level,
        level_title=plain.level_title(found.level),
        level_plural=plain.plural(found.level),
        period=str(found.period),
        period_title=plain.period(found.period),
        finding=said,
        facts=_facts(found),
        charts=tuple(_charts(found, said)),
        parts=tuple(_parts(found)),
        sheets=(_sheet(found),),
        notes=tuple(notes(found)),
        explained=tuple(explained(found)),
        hidden_note=plain.HIDDEN_NOTE,
        dark=darkened(),
        releases=tuple(json.loads(json.dumps(each.manifest.as_dict())) for each in (found.table, *found.releases)),
    )


def _facts(found: Found) -> tuple[Figure, ...]:
    made: list[Figure] = []
    for means, each in found.together.items():
        figure = "none" if each.gain is None else pounds(each.total)
        between = "" if each.gain is None else f"; 80% interval {pounds(each.gain.lower_80)} to {pounds(each.gain.upper_80)}"
        made.append(Figure(label=TITLES[means], figure=figure, note=f"{SAYS[means]}{between}"))
        made.append(Figure(label=f"{TITLES[means]}, classic", figure=pounds(each.classic), note="significant plain differences, added up"))
    counted = sum(each.is_counted for each in found.opportunities)
    of = f"of {len(found.opportunities)} measures that could be valued"
    return (*made, Figure(label="Counted", figure=f"{counted}", note=of))


def _charts(found: Found, said: str) -> list[Chart]:
    made: list[Chart] = []
    for means in Means:
        drawn = [each for each in found.opportunities if each.value.means is means]
        if not drawn:
            continue
        title = said if means is Means.PAYMENT else together(means, found.together[means])
        subtitle = f"{TITLES[means]}: {SAYS[means]}. {found.norm.title}, {plain.period(found.period)}"
        spec = gains.spec([_gain(each) for each in drawn], title=title, subtitle=subtitle)
        titles = {name: " ".join(spec["title"][field]) for name, field in (("title", "text"), ("subtitle", "subtitle"))}
        made.append(Chart(name=means.value, **titles, description=spec["description"], full=spec))
    return made


def _gain(each: Opportunity) -> gains.Gain:
    says = f"{each.measure.title}: {pounds(each.gain.median)} ({pounds(each.gain.lower_80)} to {pounds(each.gain.upper_80)})"
    return gains.Gain(
        label=each.measure.title, pounds=each.gain.median, lower=each.gain.lower_80, upper=each.gain.upper_80, classic=each.classic,
        is_counted=each.is_counted, says=f"{says}, classic {pounds(each.classic)}",
    )  # fmt: skip


def _parts(found: Found) -> list[Part]:
    made = [
        _part(means.value, TITLES[means], together(means, found.together[means]) + ".", drawn)
        for means in Means
        if (drawn := [each for each in found.opportunities if each.value.means is means])
    ]
    if found.left_out:
        titles = {name: each.title for name, each in discover("farr.lab.measures.definitions", Measure).items()}
        lines = tuple(Line(code=name, name=titles[name], is_selected=False, in_norm=True, cells=(why,)) for name, why in found.left_out)
        says = "These measures are valued elsewhere, and could not be here."
        table = Table(columns=("Why not",), lines=lines)
        made.append(Part(name="left_out", title="Not valued", says=says, heading="Measure", table=table))
    return made


def _part(name: str, title: str, says: str, drawn: Sequence[Opportunity]) -> Part:
    lines = tuple(
        Line(
            code=each.measure.name, name=each.measure.title, is_selected=each.is_counted, in_norm=True,
            cells=(
                plain.short(each.own, each.measure), plain.short(each.norm_value, each.measure), thousands(each.classic),
                thousands(each.gain.median), interval_80(each), chance(each.gain.probability), thousands(each.kept),
            ),
        )
        for each in drawn
    )  # fmt: skip
    return Part(name=name, title=title, says=says, heading="Measure", table=Table(columns=_COLUMNS, lines=lines))


def _sheet(found: Found) -> Sheet:
    rows = tuple(tuple(row[column.field] for column in COLUMNS) for row in data(found))
    return Sheet(name="Opportunities", columns=COLUMNS, rows=rows)
