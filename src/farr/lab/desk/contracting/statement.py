"""What a scenario changes for one organisation, as the statement that readers are shown."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.charts import net
from farr.lab.desk.charts.theme import darkened
from farr.lab.desk.contracting.repricing import Repriced
from farr.lab.disclosure.released import Released
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.showing.page import Chart, Column, Figure, Line, Sheet, Table
from farr.lab.model.showing.statement import Part, Statement

KIND = "scenario"
_MOST_BARS = 60
_PAID = {"provider": "be paid", "commissioner": "pay", "region": "pay"}
_COLUMNS = ("Spells paid otherwise", "More, £000", "Less, £000", "Net, £000")
_ROWS = (
    ("code", "Code", "text", 10), ("name", "Name", "text", 34), ("spells", "Spells paid otherwise", "count", 12),
    ("increase", "£ more", "count", 14), ("decrease", "£ less", "count", 14), ("net", "£ net", "count", 14),
    ("paid", "£ by the rules now", "count", 16), ("net_share", "Net share", "ratio", 10), ("status", "Status", "text", 12),
)  # fmt: skip
_PARTS = tuple(each for each in _ROWS if each[0] not in ("paid", "net_share"))

Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A scenario as it was answered for a level: all organisations, and each taken apart, by breakdown with the names of its codes."""

    found: Repriced
    parted: Mapping[str, tuple[Repriced, Mapping[str, str]]]


def statement_of(taken: Taken, organisation: str, names: Mapping[str, str], *, made_at: str, is_synthetic: bool) -> Statement:
    """The statement of an organisation that has a row. `names` are of the level's codes. Raises KeyError where it has none."""
    found, which = taken.found, taken.found.scenario
    rows = _ordered(found.rows)
    own = next(row for row in rows if row["code"] == organisation)
    name = names.get(organisation, organisation)
    finding = _finding(found, own, name)
    sources = [found.rows, *(each.rows for each, _ in taken.parted.values())]
    parts = [_all(found, rows, names, organisation), *_parts(taken, organisation)]
    notes = [
        "Nobody is supposed to behave otherwise: this is what the change is worth on the activity there was.",
        "Spells without a price now, or without one under the scenario, are left out.",
        "Amounts hold the market forces factor. Rises and falls are released apart; the net is worked out from them.",
        *(["A spell that moves between commissioners is counted at both."] if which.move is not None else []),
    ]
    return Statement(
        made_at=made_at,
        agreement=found.rows.manifest.agreement,
        is_synthetic=is_synthetic,
        kind=KIND,
        name=which.name,
        title=which.title,
        why=which.why,
        source=which.source,
        organisation=organisation,
        organisation_name=name,
        level=found.level,
        level_title=plain.level_title(found.level),
        level_plural=plain.plural(found.level),
        period=str(found.period),
        period_title=plain.period(found.period),
        finding=finding,
        facts=_facts(found, own, rows),
        charts=_charts(taken, rows, names, organisation, finding),
        parts=tuple(parts),
        sheets=tuple(_sheets(taken, rows, names, organisation)),
        notes=tuple(notes),
        explained=tuple(_explained(found, name, finding, notes, sources)),
        hidden_note=plain.HIDDEN_NOTE,
        dark=darkened(),
        releases=tuple(json.loads(json.dumps(each.manifest.as_dict())) for each in sources),
    )


def organisations_of(found: Repriced) -> list[str]:
    """The codes that have a row, known ones."""
    return sorted(row["code"] for row in found.rows.table.to_pylist() if row["code"] not in (None, "", "unknown"))


def _ordered(released: Released) -> list[Row]:
    """From the greatest loss to the greatest gain, then what is hidden; the nation last."""
    return sorted(
        released.table.to_pylist(), key=lambda row: (row["code"] is None, row["net"] is None, row["net"] or 0.0, row["code"] or "")
    )


def _finding(found: Repriced, own: Row, name: str) -> str:
    verb = _PAID.get(found.level, "be paid")
    if own["net"] is None:
        return f"What {name} would {verb} otherwise is not shown (small numbers)"
    if own["net"] == 0:
        return f"{name} would {verb} neither more nor less"
    share = "" if own["net_share"] is None else f", {abs(own['net_share']):.1%} of what it comes to now"
    return f"{name} would {verb} {_pounds(abs(own['net']))} {'more' if own['net'] > 0 else 'less'}{share}"


def _facts(found: Repriced, own: Row, rows: Sequence[Row]) -> tuple[Figure, ...]:
    shown = [row for row in rows if row["code"] is not None and row["net"] is not None]
    place = 1 + sum(row["net"] < own["net"] for row in shown) if own["net"] is not None else None
    nation = next((row for row in rows if row["code"] is None), None)
    share = "" if nation is None or nation["net_share"] is None else f"nationally {_share(nation['net_share'])}"
    return (
        Figure(label="Net", figure=_signed(own["net"]), note="what is paid more, less what is paid less"),
        Figure(label="More", figure=_whole(own["increase"]), note="spells that would be paid more, £"),
        Figure(label="Less", figure=_whole(own["decrease"]), note="spells that would be paid less, £"),
        Figure(label="Of what is paid now", figure=_share(own["net_share"]), note=share),
        Figure(
            label="Place", figure="*" if place is None else f"{place} of {len(shown)}",
            note=f"from the greatest loss, among {plain.plural(found.level)} shown",
        ),
    )  # fmt: skip


def _charts(taken: Taken, rows: Sequence[Row], names: Mapping[str, str], organisation: str, finding: str) -> tuple[Chart, ...]:
    found = taken.found
    subtitle = f"{found.scenario.title}, {plain.period(found.period)}. Net change in payment"
    bars = [
        _bar(row, names.get(row["code"], row["code"]), row["code"] == organisation)
        for row in rows
        if row["code"] and row["net"] is not None
    ]
    specs = (
        [("organisations", net.spec(_fewer(bars), title=finding, subtitle=f"{subtitle} of {plain.plural(found.level)}"))] if bars else []
    )
    for by, (parted, called) in taken.parted.items():
        own = [row for row in _ordered(parted.rows) if row["code"] == organisation and row["net"]]
        if own:
            drawn = [_bar(row, _called(row["part"], called), False) for row in own]
            title = f"By {_heading(by)}: {drawn[0].says}"
            specs.append((by, net.spec(_fewer(drawn), title=title, subtitle=subtitle)))
    return tuple(
        Chart(
            name=name, title=" ".join(spec["title"]["text"]), subtitle=" ".join(spec["title"]["subtitle"]),
            description=spec["description"], full=spec,
        )
        for name, spec in specs
    )  # fmt: skip


def _fewer(bars: Sequence[net.Bar]) -> list[net.Bar]:
    """Both ends and one's own, where there are too many to read."""
    half = _MOST_BARS // 2
    return (
        list(bars)
        if len(bars) <= _MOST_BARS
        else [bar for at, bar in enumerate(bars) if at < half or at >= len(bars) - half or bar.is_selected]
    )


def _bar(row: Row, label: str, is_selected: bool) -> net.Bar:
    return net.Bar(label=label, pounds=row["net"], is_selected=is_selected, says=f"{label} {_signed(row['net'])}")


def _all(found: Repriced, rows: Sequence[Row], names: Mapping[str, str], organisation: str) -> Part:
    columns = (*_COLUMNS, "Now, £000", "Net share")
    lines = tuple(
        Line(
            code=row["code"] or "", name=names.get(row["code"], row["code"]) if row["code"] else "The nation",
            is_selected=row["code"] == organisation, in_norm=True,
            cells=(*_cells(row), _thousands(row["paid"]), _share(row["net_share"])),
        )
        for row in rows
    )  # fmt: skip
    plural = plain.plural(found.level)
    return Part(
        name="organisations", title=f"All {plural}", says="From the greatest loss to the greatest gain.", heading="Organisation",
        table=Table(columns=columns, lines=lines),
    )  # fmt: skip


def _parts(taken: Taken, organisation: str) -> list[Part]:
    made: list[Part] = []
    for by, (parted, called) in taken.parted.items():
        own = [row for row in _ordered(parted.rows) if row["code"] == organisation]
        title = _heading(by)
        lines = tuple(
            Line(
                code=row["part"],
                name=_called(row["part"], called),
                is_selected=False,
                in_norm=True,
                cells=_cells(row),
            )
            for row in own
        )
        if lines:
            says = "Of this organisation alone."
            table = Table(columns=_COLUMNS, lines=lines)
            made.append(Part(name=by, title=f"By {title}", says=says, heading=title[:1].upper() + title[1:], table=table))
    return made


def _heading(by: str) -> str:
    title = DIMENSIONS[by].title
    return title if title[:2].isupper() else title.lower()


def _called(code: str, names: Mapping[str, str]) -> str:
    return f"{code} {names.get(code, '')}".strip()


def _cells(row: Row) -> tuple[str, ...]:
    return (_whole(row["spells"]), _thousands(row["increase"]), _thousands(row["decrease"]), _thousands(row["net"], sign="+"))


def _sheets(taken: Taken, rows: Sequence[Row], names: Mapping[str, str], organisation: str) -> list[Sheet]:
    named = [{**row, "name": names.get(row["code"], row["code"]) if row["code"] else "The nation"} for row in rows]
    sheets = [_sheet("Organisations", _ROWS, named)]
    for by, (parted, called) in taken.parted.items():
        own = [row for row in _ordered(parted.rows) if row["code"] == organisation]
        sheets.append(_sheet(f"By {by}", _PARTS, [{**row, "code": row["part"], "name": called.get(row["part"], "")} for row in own]))
    return sheets


def _sheet(name: str, columns: Sequence[tuple[str, str, str, int]], rows: Sequence[Row]) -> Sheet:
    made = tuple(Column(field=field, title=title, kind=kind, width=width) for field, title, kind, width in columns)
    return Sheet(name=name, columns=made, rows=tuple(tuple(row[field] for field, *_ in columns) for row in rows))


def _explained(found: Repriced, name: str, finding: str, notes: Sequence[str], sources: Sequence[Released]) -> list[tuple[str, str]]:
    which = found.scenario
    return [
        ("Finding", f"{finding}."), ("Scenario", f"{which.title} ({which.name})"), ("Organisation", name),
        ("Period", plain.period(found.period)), ("Level", plain.level_title(found.level)), ("Why", which.why), ("Source", which.source),
        ("Hidden figures", plain.HIDDEN_NOTE), *(("Note", each) for each in notes),
        *(("Release", f"{each.provenance}; table SHA-256 {each.manifest.table_sha256}") for each in sources),
    ]  # fmt: skip


def _pounds(value: float) -> str:
    return f"£{value / 1_000_000:,.2f} million" if value >= 1_000_000 else f"£{value:,.0f}"


def _whole(value: float | None) -> str:
    return "*" if value is None else f"{value:,.0f}"


def _signed(value: float | None) -> str:
    return "*" if value is None else ("+" if value > 0 else "−" if value < 0 else "") + _pounds(abs(value))


def _share(value: float | None) -> str:
    return "*" if value is None else f"{value:+.1%}".replace("-", "−") if value else "0%"


def _thousands(value: float | None, *, sign: str = "") -> str:
    if not value:
        return "*" if value is None else "0"
    return f"{value / 1000:{sign},.1f}".replace("-", "−")
