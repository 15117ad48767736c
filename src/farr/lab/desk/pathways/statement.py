"""An organisation's pathway as the statement that readers are shown."""

import json

from farr.lab.desk import plain
from farr.lab.desk.charts import items
from farr.lab.desk.charts.theme import darkened
from farr.lab.desk.opportunity.wording import pounds, thousands
from farr.lab.desk.pathways.comparing import Compared, Item, gap_of
from farr.lab.desk.pathways.files import COLUMNS, data
from farr.lab.desk.pathways.wording import explained, finding, notes, quantity, standard
from farr.lab.model.showing.page import Chart, Figure, Line, Sheet, Table
from farr.lab.model.showing.statement import Part, Statement
from farr.lab.planning.opportunity.value import Means

KIND = "pathway"
_COLUMNS = ("A spell", "95% interval", "Standard", "Gap, £000", "Sure, £000", "Spell by spell, £000")
_OTHERS = ("Spells", "A spell", "95% interval", "Gap, £000")


def statement_of(compared: Compared, organisation: str, *, made_at: str, is_synthetic: bool) -> Statement:
    which, said = compared.pathway, finding(compared, organisation)
    return Statement(
        made_at=made_at,
        agreement=compared.table.manifest.agreement,
        is_synthetic=is_synthetic,
        kind=KIND,
        name=which.name,
        title=which.title,
        why=which.why,
        source=which.source,
        organisation=organisation,
        organisation_name=compared.names.get(organisation, organisation),
        level=compared.level,
        level_title=plain.level_title(compared.level),
        level_plural=plain.plural(compared.level),
        period=str(compared.period),
        period_title=plain.period(compared.period),
        finding=said,
        facts=_facts(compared, organisation),
        # What nobody takes any of is in the tables.
        charts=tuple(_chart(compared, item, organisation) for item in compared.items if any(each.mean > 0 for each in item.practices)),
        parts=(_own(compared, organisation), *(_all(compared, item, organisation) for item in compared.items if item.practices)),
        sheets=(Sheet(name="Pathway", columns=COLUMNS, rows=_rows(compared)),),
        notes=tuple(notes(compared)),
        explained=(("Finding", f"{said}."), *explained(compared)),
        hidden_note=plain.HIDDEN_NOTE,
        dark=darkened(),
        releases=tuple(json.loads(json.dumps(each.manifest.as_dict())) for each in (compared.table, *compared.releases)),
    )


def _facts(compared: Compared, organisation: str) -> tuple[Figure, ...]:
    gaps = compared.of(organisation)
    beds = sum(each.pounds for each in gaps if each.means is Means.CAPACITY)
    return (
        Figure(label="Spells", figure=plain.count(compared.spells(organisation)), note="of the operation, in the period"),
        Figure(label="Payments", figure=pounds(compared.net(organisation)), note="gaps on average, at the nation's prices"),
        Figure(label="Beds", figure=pounds(beds), note="ward days that would be free; nobody pays the less"),
    )


def _own(compared: Compared, organisation: str) -> Part:
    lines: list[Line] = []
    for item in compared.items:
        each = next((found for found in item.practices if found.organisation == organisation), None)
        made = None if each is None else gap_of(item, each, compared.own)
        between = plain.HIDDEN if each is None else f"{quantity(each.lower)} to {quantity(each.upper)}"
        worth = ("–", "–", "–") if made is None else (thousands(made.pounds), thousands(made.sure), thousands(made.by_spell))
        cells = (quantity(None if each is None else each.mean), between, standard(item), *worth)
        lines.append(Line(code=item.name, name=item.title, is_selected=False, in_norm=True, cells=cells))
    says = "What a spell took of each item, beside the standard."
    return Part(name="items", title="Items", says=says, heading="Item", table=Table(columns=_COLUMNS, lines=tuple(lines)))


def _all(compared: Compared, item: Item, organisation: str) -> Part:
    lines = tuple(
        Line(
            code=each.organisation, name=compared.names.get(each.organisation, each.organisation),
            is_selected=each.organisation == organisation, in_norm=True,
            cells=(
                plain.count(each.spells), quantity(each.mean), f"{quantity(each.lower)} to {quantity(each.upper)}",
                "–" if (made := gap_of(item, each, compared.own)) is None else thousands(made.pounds),
            ),
        )
        for each in sorted(item.practices, key=lambda each: (each.mean, each.organisation))
    )  # fmt: skip
    says = f"Standard: {standard(item)}. Months: {plain.period(item.period) if item.period else 'none'}. {item.hidden} are not shown."
    return Part(name=item.name, title=item.title, says=says, heading="Organisation", table=Table(columns=_OTHERS, lines=lines))


def _chart(compared: Compared, item: Item, organisation: str) -> Chart:
    taken = [
        items.Taken(
            label=compared.names.get(each.organisation, each.organisation), mean=round(each.mean, 4), lower=round(each.lower, 4),
            upper=round(each.upper, 4), is_selected=each.organisation == organisation,
            says=f"{compared.names.get(each.organisation, each.organisation)} {quantity(each.mean)} ({quantity(each.lower)} to "
            f"{quantity(each.upper)})",
        )
        for each in item.practices
    ]  # fmt: skip
    own = next((each for each in taken if each.is_selected), None)
    more = sum(each.mean > own.mean for each in taken) if own else 0
    title = (
        f"{item.title}: {quantity(own.mean)} a spell, less than {more} of {len(taken)} shown" if own else f"{item.title}: not shown here"
    )
    subtitle = f"{compared.pathway.title}, {plain.period(item.period) if item.period else ''}; 95% intervals"
    aim = item.aim.quantity if item.aim else None
    spec = items.spec(taken, title=title, subtitle=subtitle, axis=f"{item.title}, a spell", standard=aim)
    titles = {name: " ".join(spec["title"][field]) for name, field in (("title", "text"), ("subtitle", "subtitle"))}
    return Chart(name=item.name, **titles, description=spec["description"], full=spec)


def _rows(compared: Compared) -> tuple[tuple[str | float | None, ...], ...]:
    return tuple(tuple(row[column.field] for column in COLUMNS) for row in data(compared))
