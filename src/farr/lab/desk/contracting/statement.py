"""What a scenario changes for one organisation, as the statement that readers are shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from farr.lab.desk import plain
from farr.lab.desk.charts.contracting import net
from farr.lab.desk.contracting.repricing import Repriced
from farr.lab.desk.contracting.stated.making import Row, Said, Subject, chart, heading, part, sheet, stated
from farr.lab.desk.contracting.stated.words import called, pounds, share, signed, thousands, whole
from farr.lab.disclosure.released import Released
from farr.lab.model.showing.page import Chart, Figure, Sheet
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
    subject = Subject(
        kind=KIND, name=which.name, title=which.title, why=which.why, source=which.source, level=found.level, organisation=organisation,
        organisation_name=name, period=found.period, made_at=made_at, is_synthetic=is_synthetic,
    )  # fmt: skip
    said = Said(
        finding=finding, facts=_facts(found, own, rows), charts=_charts(taken, rows, names, organisation, finding), parts=parts,
        sheets=_sheets(taken, rows, names, organisation), notes=notes,
    )  # fmt: skip
    return stated(subject, said, sources)


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
    of_paid = "" if own["net_share"] is None else f", {abs(own['net_share']):.1%} of what it comes to now"
    return f"{name} would {verb} {pounds(abs(own['net']))} {'more' if own['net'] > 0 else 'less'}{of_paid}"


def _facts(found: Repriced, own: Row, rows: Sequence[Row]) -> tuple[Figure, ...]:
    shown = [row for row in rows if row["code"] is not None and row["net"] is not None]
    place = 1 + sum(row["net"] < own["net"] for row in shown) if own["net"] is not None else None
    nation = next((row for row in rows if row["code"] is None), None)
    nationally = "" if nation is None or nation["net_share"] is None else f"nationally {share(nation['net_share'])}"
    return (
        Figure(label="Net", figure=signed(own["net"]), note="what is paid more, less what is paid less"),
        Figure(label="More", figure=whole(own["increase"]), note="spells that would be paid more, £"),
        Figure(label="Less", figure=whole(own["decrease"]), note="spells that would be paid less, £"),
        Figure(label="Of what is paid now", figure=share(own["net_share"]), note=nationally),
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
    for by, (parted, names_of) in taken.parted.items():
        own = [row for row in _ordered(parted.rows) if row["code"] == organisation and row["net"]]
        if own:
            drawn = [_bar(row, called(row["part"], names_of), False) for row in own]
            title = f"By {heading(by)}: {drawn[0].says}"
            specs.append((by, net.spec(_fewer(drawn), title=title, subtitle=subtitle)))
    return tuple(chart(name, spec) for name, spec in specs)


def _fewer(bars: Sequence[net.Bar]) -> list[net.Bar]:
    """Both ends and one's own, where there are too many to read."""
    half = _MOST_BARS // 2
    return (
        list(bars)
        if len(bars) <= _MOST_BARS
        else [bar for at, bar in enumerate(bars) if at < half or at >= len(bars) - half or bar.is_selected]
    )


def _bar(row: Row, label: str, is_selected: bool) -> net.Bar:
    return net.Bar(label=label, pounds=row["net"], is_selected=is_selected, says=f"{label} {signed(row['net'])}")


def _all(found: Repriced, rows: Sequence[Row], names: Mapping[str, str], organisation: str) -> Part:
    return part(
        "organisations", f"All {plain.plural(found.level)}", "From the greatest loss to the greatest gain.", heading="Organisation",
        columns=(*_COLUMNS, "Now, £000", "Net share"), rows=rows,
        named=lambda row: names.get(row["code"], row["code"]) if row["code"] else "The nation",
        cells=lambda row: (*_cells(row), thousands(row["paid"]), share(row["net_share"])),
        is_selected=lambda row: row["code"] == organisation,
    )  # fmt: skip


def _parts(taken: Taken, organisation: str) -> list[Part]:
    made: list[Part] = []
    for by, (parted, names) in taken.parted.items():
        own = [row for row in _ordered(parted.rows) if row["code"] == organisation]
        title = heading(by)
        if own:
            made.append(
                part(by, f"By {title}", "Of this organisation alone.", heading=title[:1].upper() + title[1:], columns=_COLUMNS, rows=own,
                     named=_named(names), cells=_cells)
            )  # fmt: skip
    return made


def _named(names: Mapping[str, str]) -> Callable[[Row], str]:
    return lambda row: called(row["part"], names)


def _cells(row: Row) -> tuple[str, ...]:
    return (whole(row["spells"]), thousands(row["increase"]), thousands(row["decrease"]), thousands(row["net"], sign="+"))


def _sheets(taken: Taken, rows: Sequence[Row], names: Mapping[str, str], organisation: str) -> list[Sheet]:
    named = [{**row, "name": names.get(row["code"], row["code"]) if row["code"] else "The nation"} for row in rows]
    sheets = [sheet("Organisations", _ROWS, named)]
    for by, (parted, names_of) in taken.parted.items():
        own = [row for row in _ordered(parted.rows) if row["code"] == organisation]
        sheets.append(sheet(f"By {by}", _PARTS, [{**row, "code": row["part"], "name": names_of.get(row["part"], "")} for row in own]))
    return sheets
