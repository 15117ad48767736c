"""A benchmark as a terminal shows it: one table that fits eighty columns, and under it what the figures rest on."""

from rich import box
from rich.table import Table

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.figures import Part, Row, months_received, parts, peers, selected
from farr.lab.measures.measure import Measure

HEADINGS = ("Organisation", "Counted", "Of", "Value", "95% interval", "± norm", "Qtr", "Verdict")
_FIGURES = HEADINGS[1:-1]
_VERDICTS = {"high": "▲ high", "low": "▼ low", "as expected": "·", "not assessed": "not assessed"}


_SHORTEST_NAME = 12


def screen(benchmark: Benchmark, *, width: int = 80) -> Table:
    """The organisations of the norm, highest first, the selected one in bold; names are cut where `width` leaves no room."""
    measure = benchmark.measure
    table = Table(
        title=f"{measure.title}, {plain.unit(measure)}\n{benchmark.organisation_name}, {plain.period(benchmark.period)}",
        caption=_caption(benchmark),
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    ordered = in_order(benchmark)
    lines = [cells(benchmark, row) for row in ordered]
    widths = [max(len(heading), *(len(line[place]) for line in lines)) for place, heading in enumerate(HEADINGS)]
    for place, (heading, needed) in enumerate(zip(HEADINGS, widths, strict=True)):
        # Figures keep their width; names give way.
        room = width - sum(widths[1:]) - 2 * len(HEADINGS) if place == 0 else needed
        table.add_column(
            heading,
            justify="right" if heading in _FIGURES else "left",
            no_wrap=True,
            overflow="ellipsis",
            min_width=min(needed, room),
            max_width=max(min(needed, room), _SHORTEST_NAME if place == 0 else needed),
        )
    for row, line in zip(ordered, lines, strict=True):
        table.add_row(*line, style="bold cyan" if row.is_selected else "")
    return table


def in_order(benchmark: Benchmark) -> list[Row]:
    """The selected organisation and its peers: highest first, those not shown last."""
    return sorted(peers(benchmark), key=lambda row: (row.value is None, -(row.value or 0.0), row.name))


def cells(benchmark: Benchmark, row: Row) -> list[str]:
    """What is shown of one organisation, under HEADINGS."""
    measure = benchmark.measure
    return [
        _named(row),
        plain.count(row.numerator),
        plain.count(row.denominator),
        plain.number(row.value, measure),
        plain.interval(row, measure),
        plain.signed(row.difference, measure).removesuffix(" points"),
        "–" if row.quartile is None else f"Q{row.quartile}",
        _VERDICTS.get(row.verdict or "", ""),
    ]


def _named(row: Row) -> str:
    """The code and name, with a mark for an organisation that has a month which may be incomplete."""
    name = row.name if row.name == row.organisation else f"{row.organisation} {row.name}"
    return name if row.is_complete else f"{name} (incomplete)"


def _caption(benchmark: Benchmark) -> str:
    own = selected(benchmark)
    norm = plain.figure(own.norm_value, benchmark.measure)
    lines = [
        f"{plain.finding(benchmark)}.",
        f"Norm: {benchmark.norm_title}, {norm}.",
        f"Complete: {complete(benchmark)}.",
        f"Codes: {_codes(benchmark)}.",
        *([plain.HIDDEN_NOTE] if any(row.value is None for row in peers(benchmark)) else []),
        *benchmark.notes,
    ]
    return "\n".join(lines)


def parts_screen(benchmark: Benchmark, *, width: int = 80) -> Table:
    """The breakdown: the organisation's figure for each code beside the nation's."""
    measure = benchmark.measure
    shown = [part for part in parts(benchmark) if part.value is not None]
    hidden = len(parts(benchmark)) - len(shown)
    table = Table(
        title=f"By {plain.breakdown(benchmark)}",
        caption=f"{hidden} more not shown (small numbers)." if hidden else None,
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    lines = [part_cells(part, measure) for part in shown]
    headings = (plain.breakdown(benchmark).capitalize(), "Share", "Counted", "Of", "Value", "95% interval", "National")
    widths = [max(len(heading), *(len(line[at]) for line in lines), 0) for at, heading in enumerate(headings)]
    for at, heading in enumerate(headings):
        room = max(_SHORTEST_NAME, min(widths[0], width - sum(widths[1:]) - 2 * len(headings))) if at == 0 else widths[at]
        table.add_column(heading, justify="left" if at == 0 else "right", no_wrap=True, overflow="ellipsis", min_width=room, max_width=room)
    for line in lines:
        table.add_row(*line)
    return table


def part_cells(part: Part, measure: Measure) -> list[str]:
    """What is shown of one code of a breakdown."""
    return [
        part.name if part.name == part.code else f"{part.code} {part.name}",
        plain.HIDDEN if part.share is None else f"{part.share:.0%}",
        plain.count(part.numerator),
        plain.count(part.denominator),
        plain.number(part.value, measure),
        plain.interval(part, measure),
        plain.number(part.norm_value, measure),
    ]


def complete(benchmark: Benchmark) -> str:
    """How complete the newest month is, and which months may not be, in words."""
    months = months_received(benchmark)
    if not months:
        return "not assessed"
    newest = months[-1]
    if newest.completeness is None:
        return f"{plain.month(newest.month)} {newest.status}"
    short = [plain.month(month.month) for month in months if month.status == "may be incomplete"]
    more = f"; may be incomplete: {', '.join(short)}" if short else ""
    return (
        f"{plain.month(newest.month)} has {newest.completeness:.0%} of the records that the year before it would lead one to expect{more}"
    )


def _codes(benchmark: Benchmark) -> str:
    if not benchmark.codelists:
        return "none; the definition names no clinical code"
    return "; ".join(f"{codes.title} ({len(codes.codes)} codes, version {codes.version})" for codes in benchmark.codelists)
