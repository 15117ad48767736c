"""Placeholders: how an analyst writes a released figure into the text, {{value:length_of_stay}}, without typing it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.figures import Row, selected
from farr.lab.desk.pack.errors import PackError

PATTERN = re.compile(r"\{\{([^{}]*)\}\}")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What one kind of placeholder says of a benchmark, in words for the analyst and as text for the reader."""

    meaning: str
    text: Callable[[Benchmark, Row], str]


KINDS: Mapping[str, Kind] = {
    "finding": Kind(meaning="where the organisation stands, and what chance says of it", text=lambda b, _: plain.finding(b)),
    "value": Kind(meaning="its figure, with the unit", text=lambda b, own: plain.figure(own.value, b.measure)),
    "interval": Kind(meaning="the figure's 95% confidence interval", text=lambda b, own: plain.interval(own, b.measure)),
    "norm": Kind(meaning="the norm's figure, with the unit", text=lambda b, own: plain.figure(own.norm_value, b.measure)),
    "difference": Kind(meaning="figure less norm", text=lambda b, own: plain.signed(own.difference, b.measure)),
    "rank": Kind(meaning="its rank, from the nearer end", text=lambda _, own: plain.rank(own)),
    "quartile": Kind(meaning="the quarter of all organisations it falls in", text=lambda b, own: plain.quartile(own, b.measure.direction)),
    "verdict": Kind(meaning="the verdict", text=lambda b, own: plain.verdict(own, b.measure.direction)),
    "numerator": Kind(meaning="what was counted or summed", text=lambda _, own: plain.count(own.numerator)),
    "denominator": Kind(meaning="what the figure is divided by", text=lambda _, own: plain.count(own.denominator)),
    "months": Kind(meaning="what its own months say", text=lambda b, _: plain.run_finding(b)),
    "period": Kind(meaning="the months of the figure", text=lambda b, _: plain.period(b.period)),
}


def resolve(written: str, benchmarks: Mapping[str, Benchmark]) -> str:
    """The text for what stands between the braces. Raises PackError, listing what exists, for a placeholder that does not."""
    kind, colon, measure = (part.strip() for part in written.partition(":"))
    if not colon or kind not in KINDS or measure not in benchmarks:
        raise PackError(
            f"there is no placeholder {{{{{written.strip()}}}}}; write {{{{KIND:MEASURE}}}} with a kind of {', '.join(KINDS)} "
            f"and a measure of {', '.join(benchmarks)}"
        )
    benchmark = benchmarks[measure]
    return KINDS[kind].text(benchmark, selected(benchmark))


def is_hidden(text: str) -> bool:
    """Whether a placeholder's text stands for a figure that is not shown."""
    return text == plain.HIDDEN or text.startswith("Not shown")


def every(benchmarks: Mapping[str, Benchmark]) -> dict[str, str]:
    """Each placeholder that exists, with its text now."""
    written = (f"{kind}:{measure}" for measure in benchmarks for kind in KINDS)
    return {f"{{{{{each}}}}}": resolve(each, benchmarks) for each in written}
