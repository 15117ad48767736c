"""What the report's page shows of each benchmark: the parts that pages are made of, ready for the template."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.charts.theme import Spec
from farr.lab.desk.figures import HIDDEN_LAST, releases
from farr.lab.desk.plain import direction
from farr.lab.desk.showing import parts
from farr.lab.disclosure.manifest import Manifest
from farr.lab.measures.measure import Measure, Theme
from farr.lab.model.codelist import CodeList
from farr.lab.model.showing.page import Breakdown, Chart, Figure, Summary, Table


@dataclass(frozen=True, kw_only=True)
class ChartView:
    """A chart under the name of its drawing and its files."""

    id: str
    shown: Chart

    @property
    def spec(self) -> Spec:
        return self.shown.spec

    @property
    def full(self) -> Spec:
        return self.shown.full


@dataclass(frozen=True, kw_only=True)
class MeasureView:
    """Everything that the page says about one measure against one norm."""

    id: str
    measure: Measure
    summary: Summary
    direction: str
    facts: tuple[Figure, ...]
    charts: tuple[ChartView, ...]
    table: Table
    received: Table
    completeness: str
    codelists: tuple[CodeList, ...]
    manifests: tuple[Manifest, ...]
    notes: tuple[str, ...]
    breakdown: Breakdown | None

    @property
    def is_outlier(self) -> bool:
        return self.summary.is_outlier


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
    return tuple(sorted((_view(benchmark) for benchmark in benchmarks), key=lambda view: view.summary.certainty))


def themes(shown: Sequence[MeasureView]) -> tuple[ThemeView, ...]:
    """The views by theme, in the order of the themes; within each as they come."""
    found = {theme: tuple(view for view in shown if view.measure.theme is theme) for theme in Theme}
    return tuple(ThemeView(title=theme.value, sentence=_theme_sentence(own), views=own) for theme, own in found.items() if own)


def _theme_sentence(own: Sequence[MeasureView]) -> str:
    outliers = [view for view in own if view.is_outlier]
    hidden = sum(view.summary.certainty[0] == HIDDEN_LAST for view in own)
    counted = f"{len(own)} measure{'' if len(own) == 1 else 's'}"
    parts = [f"{counted}, none beyond what chance could explain" if not outliers else f"{counted}, {len(outliers)} beyond chance"]
    for tone, word in (("concern", "worse"), ("improvement", "better"), ("notable", "different")):
        titles = [view.measure.title for view in outliers if view.summary.tone == tone]
        if titles:
            parts.append(f"{word} than expected: {', '.join(titles)}")
    if hidden:
        parts.append(f"{hidden} not shown, for small numbers")
    return "; ".join(parts) + "."


def _view(benchmark: Benchmark) -> MeasureView:
    measure = benchmark.measure
    stem = f"{measure.name}-{benchmark.norm}"
    return MeasureView(
        id=stem.replace("_", "-").replace(" ", "-"),
        measure=measure,
        summary=parts.summary(benchmark),
        direction=direction(measure),
        facts=parts.facts(benchmark),
        charts=tuple(ChartView(id=f"{stem}-{chart.name}".replace(" ", "-"), shown=chart) for chart in parts.charts(benchmark)),
        table=parts.table(benchmark),
        received=parts.received(benchmark),
        completeness=parts.completeness(benchmark),
        codelists=benchmark.codelists,
        manifests=tuple(released.manifest for released in releases(benchmark)),
        notes=benchmark.notes,
        breakdown=parts.breakdown(benchmark),
    )
