"""What the report's page shows of each benchmark: wording and chart specifications, ready for the template."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.charts.render import specs
from farr.lab.desk.charts.theme import Spec
from farr.lab.desk.figures import (
    HIDDEN_LAST,
    MonthReceived,
    Row,
    certainty,
    is_shown,
    months_received,
    parts,
    releases,
    rows,
    selected,
    trend,
)
from farr.lab.desk.report.sparkline import Sparkline, sparkline
from farr.lab.desk.screen import part_cells
from farr.lab.disclosure.manifest import Manifest
from farr.lab.measures.measure import Measure, Theme
from farr.lab.model.codelist import CodeList

_INCOMPLETE = "may be incomplete"


@dataclass(frozen=True, kw_only=True)
class ChartView:
    """A chart on the page: its finding and subtitle stand in the page, so `spec` goes without them."""

    id: str
    name: str
    title: str
    subtitle: str
    description: str
    spec: Spec
    full: Spec


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One figure of the organisation: what it is, the figure, and a line below it."""

    label: str
    figure: str
    note: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One organisation in the table, as text."""

    name: str
    code: str
    is_selected: bool
    in_norm: bool
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Received:
    month: str
    spells: str
    expected: str
    share: str
    is_incomplete: bool


@dataclass(frozen=True, kw_only=True)
class MeasureView:
    """Everything that the page says about one measure against one norm."""

    id: str
    measure: Measure
    norm_title: str
    period: str
    finding: str
    verdict: str
    tone: str
    figure: str
    unit: str
    norm: str
    direction: str
    sparkline: Sparkline | None
    run_finding: str
    facts: tuple[Fact, ...]
    charts: tuple[ChartView, ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    received: tuple[Received, ...]
    completeness: str
    codelists: tuple[CodeList, ...]
    manifests: tuple[Manifest, ...]
    notes: tuple[str, ...]
    certainty: tuple[int, float]
    breakdown: "Breakdown | None"

    @property
    def is_outlier(self) -> bool:
        """Further from others than chance is likely to explain."""
        return self.certainty[0] == 0


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """The organisation's figure taken apart: `lines` are cells of text under `columns`."""

    by: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class ThemeView:
    """The measures of one part of the service, the outliers first, and one sentence about them all."""

    title: str
    sentence: str
    views: tuple[MeasureView, ...]

    @property
    def id(self) -> str:
        return "theme-" + "-".join(re.findall("[a-z]+", self.title.lower()))


def views(benchmarks: Sequence[Benchmark]) -> tuple[MeasureView, ...]:
    """One view a benchmark: outliers first, and among these the most certain first."""
    return tuple(sorted((_view(benchmark) for benchmark in benchmarks), key=lambda view: view.certainty))


def themes(shown: Sequence[MeasureView]) -> tuple[ThemeView, ...]:
    """The views by theme, in the order of the themes; within each as they come."""
    found = {theme: tuple(view for view in shown if view.measure.theme is theme) for theme in Theme}
    return tuple(ThemeView(title=theme.value, sentence=_theme_sentence(own), views=own) for theme, own in found.items() if own)


def _theme_sentence(own: Sequence[MeasureView]) -> str:
    outliers = [view for view in own if view.is_outlier]
    hidden = sum(view.certainty[0] == HIDDEN_LAST for view in own)
    counted = f"{len(own)} measure{'' if len(own) == 1 else 's'}"
    parts = [f"{counted}, none beyond what chance could explain" if not outliers else f"{counted}, {len(outliers)} beyond chance"]
    for tone, word in (("concern", "worse"), ("improvement", "better"), ("notable", "different")):
        titles = [view.measure.title for view in outliers if view.tone == tone]
        if titles:
            parts.append(f"{word} than expected: {', '.join(titles)}")
    if hidden:
        parts.append(f"{hidden} not shown, for small numbers")
    return "; ".join(parts) + "."


def embedded(spec: Spec) -> Spec:
    """The chart as the page draws it: as wide as its column, on the page's own background."""
    config: dict[str, Any] = {**spec["config"], "background": "transparent", "padding": {"left": 4, "right": 12, "top": 6, "bottom": 4}}
    return {**{key: value for key, value in spec.items() if key != "title"}, "width": "container", "config": config}


def _view(benchmark: Benchmark) -> MeasureView:
    measure, own = benchmark.measure, selected(benchmark)
    received = months_received(benchmark)
    return MeasureView(
        id=f"{measure.name}-{benchmark.norm}".replace("_", "-").replace(" ", "-"),
        measure=measure,
        norm_title=benchmark.norm_title,
        period=plain.period(benchmark.period),
        finding=plain.finding(benchmark),
        verdict=plain.verdict(own, measure.direction),
        tone=plain.tone(own, measure.direction),
        figure=plain.short(own.value, measure),
        unit=plain.unit_after_short(measure),
        norm=plain.short(own.norm_value, measure),
        direction=plain.direction(measure),
        sparkline=sparkline([point.value for point in trend(benchmark)]),
        run_finding=plain.run_finding(benchmark) if benchmark.trend else "",
        facts=_facts(benchmark, own),
        charts=_charts(benchmark),
        columns=_columns(benchmark),
        lines=_lines(benchmark),
        received=tuple(_received(month) for month in received),
        completeness=_completeness(received),
        codelists=benchmark.codelists,
        manifests=tuple(released.manifest for released in releases(benchmark)),
        notes=benchmark.notes,
        certainty=certainty(own),
        breakdown=_breakdown(benchmark),
    )


def _breakdown(benchmark: Benchmark) -> Breakdown | None:
    if benchmark.parts is None:
        return None
    title = plain.breakdown(benchmark).capitalize()
    columns = (title, "Share", "Counted", plain.denominator(benchmark.measure).capitalize(), f"Value ({plain.unit(benchmark.measure)})",
               "95% interval", "National")  # fmt: skip
    lines = tuple(tuple(part_cells(part, benchmark.measure)) for part in parts(benchmark))
    return Breakdown(by=plain.breakdown(benchmark), columns=columns, lines=lines)


def _facts(benchmark: Benchmark, own: Row) -> tuple[Fact, ...]:
    measure = benchmark.measure
    unit = plain.unit_after_short(measure)
    counted = f"{unit}: {plain.counted(own, measure)}" if unit else plain.counted(own, measure)
    place = f"{plain.quartile(own, measure.direction)} of all {plain.plural(benchmark.level)} shown"
    return (
        Fact(label=benchmark.organisation_name, figure=plain.short(own.value, measure), note=counted),
        Fact(
            label="95% confidence interval",
            figure=plain.interval(own, measure),
            note=plain.unit(measure),
        ),
        Fact(label=f"Norm: {benchmark.norm_title}", figure=plain.short(own.norm_value, measure), note=plain.direction(measure)),
        Fact(
            label="Difference from norm",
            figure=plain.signed(own.difference, measure),
            note=_first_capital(plain.chance(own, benchmark.level)),
        ),
        Fact(label="Position", figure=_first_capital(plain.rank(own)), note=_first_capital(place)),
    )


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _charts(benchmark: Benchmark) -> tuple[ChartView, ...]:
    stem = f"{benchmark.measure.name}-{benchmark.norm}".replace(" ", "-")
    return tuple(
        ChartView(
            id=f"{stem}-{name}",
            name=name,
            title=" ".join(spec["title"]["text"]),
            subtitle=" ".join(spec["title"]["subtitle"]),
            description=spec["description"],
            spec=embedded(spec),
            full=spec,
        )
        for name, spec in specs(benchmark).items()
    )


def _columns(benchmark: Benchmark) -> tuple[str, ...]:
    unit = plain.unit(benchmark.measure)
    return (
        "Counted",
        plain.denominator(benchmark.measure).capitalize(),
        f"Value ({unit})",
        "95% interval",
        "Difference",
        "Quarter",
        "Verdict",
    )


def _lines(benchmark: Benchmark) -> tuple[Line, ...]:
    """Highest first, then the hidden ones by name."""
    ordered = sorted(rows(benchmark), key=lambda row: (row.value is None, -(row.value or 0.0), row.name))
    return tuple(_line(benchmark.measure, row) for row in ordered)


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


def _received(month: MonthReceived) -> Received:
    share = month.completeness
    return Received(
        month=plain.month(month.month),
        spells=plain.count(month.spells),
        expected=plain.count(month.expected),
        share=plain.HIDDEN if share is None else f"{share:.0%}",
        is_incomplete=month.status == _INCOMPLETE,
    )


def _completeness(received: tuple[MonthReceived, ...]) -> str:
    """The newest month in a sentence."""
    if not received:
        return "No count of what was expected is held for this level."
    latest = received[-1]
    if latest.completeness is None:
        why = "not shown (small numbers)" if latest.status == "suppressed" else "not assessed, for fewer than twelve months come before it"
        return f"{plain.month(latest.month)}: {why}."
    sentence = f"{plain.month(latest.month)} holds {latest.completeness:.0%} of what is expected of the month."
    return sentence + (" It may be incomplete: read the latest months with care." if latest.status == _INCOMPLETE else "")
