"""The parts of what is shown of a benchmark, in words, cells and chart specifications: the report and the pages are made of the same."""

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.charts.render import specs
from farr.lab.desk.figures import MonthReceived, Row, certainty, is_shown, months_received, parts, rows, selected, trend
from farr.lab.desk.report.sparkline import sparkline
from farr.lab.desk.screen import part_cells
from farr.lab.desk.showing.stake import value_at_stake
from farr.lab.measures.measure import Measure
from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.showing.page import Breakdown, Chart, Figure, Line, Summary, Table

INCOMPLETE = "may be incomplete"


def summary(benchmark: Benchmark) -> Summary:
    """The benchmark in a few words."""
    measure, own = benchmark.measure, selected(benchmark)
    return Summary(
        measure=measure.name,
        title=measure.title,
        theme=measure.theme.value,
        norm=benchmark.norm,
        norm_title=benchmark.norm_title,
        period=plain.period(benchmark.period),
        finding=plain.finding(benchmark),
        verdict=plain.verdict(own, measure.direction),
        tone=plain.tone(own, measure.direction),
        figure=plain.short(own.value, measure),
        unit=plain.unit_after_short(measure),
        norm_figure=plain.short(own.norm_value, measure),
        difference=plain.signed(own.difference, measure),
        certainty=certainty(own),
        run_finding=plain.run_finding(benchmark) if benchmark.trend else "",
        spark=sparkline([point.value for point in trend(benchmark)]),
        value_at_stake=value_at_stake(benchmark),
    )


def facts(benchmark: Benchmark) -> tuple[Figure, ...]:
    """The organisation's figure, its interval, its norm and its place."""
    measure, own = benchmark.measure, selected(benchmark)
    unit = plain.unit_after_short(measure)
    counted = f"{unit}: {plain.counted(own, measure)}" if unit else plain.counted(own, measure)
    place = f"{plain.quartile(own, measure.direction)} of all {plain.plural(benchmark.level)} shown"
    return (
        Figure(label=benchmark.organisation_name, figure=plain.short(own.value, measure), note=counted),
        Figure(
            label="95% confidence interval",
            figure=plain.interval(own, measure),
            note=plain.unit(measure),
        ),
        Figure(label=f"Norm: {benchmark.norm_title}", figure=plain.short(own.norm_value, measure), note=plain.direction(measure)),
        Figure(
            label="Difference from norm",
            figure=plain.signed(own.difference, measure),
            note=_first_capital(plain.chance(own, benchmark.level)),
        ),
        Figure(label="Position", figure=_first_capital(plain.rank(own)), note=_first_capital(place)),
    )


def charts(benchmark: Benchmark) -> tuple[Chart, ...]:
    """Every chart that the benchmark has."""
    return tuple(
        Chart(
            name=name,
            title=" ".join(spec["title"]["text"]),
            subtitle=" ".join(spec["title"]["subtitle"]),
            description=spec["description"],
            full=spec,
        )
        for name, spec in specs(benchmark).items()
    )


def table(benchmark: Benchmark) -> Table:
    """Every organisation, highest first, then the hidden ones by name."""
    measure = benchmark.measure
    ordered = sorted(rows(benchmark), key=lambda row: (row.value is None, -(row.value or 0.0), row.name))
    columns = (
        "Counted",
        plain.denominator(measure).capitalize(),
        f"Value ({plain.unit(measure)})",
        "95% interval",
        "Difference",
        "Quarter",
        "Verdict",
    )
    return Table(columns=columns, lines=tuple(_line(measure, row) for row in ordered))


def breakdown(benchmark: Benchmark) -> Breakdown | None:
    """The organisation's figure taken apart; None where that was not asked for."""
    if benchmark.parts is None or benchmark.by is None:
        return None
    title = plain.breakdown(benchmark).capitalize()
    columns = (title, "Share", "Counted", plain.denominator(benchmark.measure).capitalize(), f"Value ({plain.unit(benchmark.measure)})",
               "95% interval", "National")  # fmt: skip
    lines = tuple(tuple(part_cells(part, benchmark.measure)) for part in parts(benchmark))
    return Breakdown(by=benchmark.by, title=DIMENSIONS[benchmark.by].title, columns=columns, lines=lines)


def received(benchmark: Benchmark) -> Table:
    """How much of each month has arrived, oldest first."""
    lines = tuple(_received(month) for month in months_received(benchmark))
    return Table(columns=("Records held", "Usual month", "Share"), lines=lines)


def completeness(benchmark: Benchmark) -> str:
    """The newest month in a sentence."""
    months = months_received(benchmark)
    if not months:
        return "No count of what was expected is held for this level."
    latest = months[-1]
    if latest.completeness is None:
        why = "not shown (small numbers)" if latest.status == "suppressed" else "not assessed, for fewer than twelve months come before it"
        return f"{plain.month(latest.month)}: {why}."
    sentence = f"{plain.month(latest.month)} holds {latest.completeness:.0%} of what is expected of the month."
    return sentence + (" It may be incomplete: read the latest months with care." if latest.status == INCOMPLETE else "")


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _line(measure: Measure, row: Row) -> Line:
    cells = (
        plain.count(row.numerator),
        plain.count(row.denominator),
        plain.number(row.value, measure),
        plain.interval(row, measure),
        plain.number(row.difference, measure),
        plain.HIDDEN if not is_shown(row) else "–" if row.quartile is None else f"Q{row.quartile}",
        plain.verdict(row, measure.direction),
    )
    return Line(name=row.name, code=row.organisation, is_selected=row.is_selected, in_norm=row.in_norm, cells=cells)


def _received(month: MonthReceived) -> Line:
    share = plain.HIDDEN if month.completeness is None else f"{month.completeness:.0%}"
    late = f" ({INCOMPLETE})" if month.status == INCOMPLETE else ""
    cells = (plain.count(month.spells), plain.count(month.expected), share + late)
    return Line(code=month.month, name=plain.month(month.month), is_selected=False, in_norm=True, cells=cells)
