"""The charts of a pack, drawn once for the page and the PDF, with the words that stand for each where it cannot be seen."""

import re
from dataclasses import dataclass

import vl_convert

from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.charts.render import specs
from farr.lab.desk.charts.theme import WIDTH, Spec
from farr.lab.desk.pack.errors import PackError

# What a chart never holds, and what could act in a page if a name were written into it unescaped.
_ACTIVE = re.compile(r"<\s*(?:script|foreignObject|image|a|use|style)\b|\son\w+\s*=|\bstyle\s*=|javascript:", re.I)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A chart as SVG; `finding` is its headline, `alt` what a screen reader says."""

    name: str
    finding: str
    subtitle: str
    alt: str
    svg: str


def pictures(benchmark: Benchmark, *, width: int = WIDTH) -> tuple[Picture, ...]:
    """Every chart of the benchmark, `width` pixels wide; none where nothing can be drawn. Raises PackError for an SVG that is more
    than a picture."""
    return tuple(_picture(name, {**spec, "width": width}) for name, spec in specs(benchmark).items())


def _picture(name: str, spec: Spec) -> Picture:
    # Headline and subtitle stand beside the chart as text, which wraps and is read out.
    bare = {key: value for key, value in spec.items() if key != "title"}
    svg: str = vl_convert.vegalite_to_svg(bare)
    if _ACTIVE.search(_without_text(svg)):
        raise PackError(f"the chart '{name}' came out as more than a picture, and a pack takes no more; please report it")
    return Picture(
        name=name,
        finding=" ".join(spec["title"]["text"]),
        subtitle=" ".join(spec["title"]["subtitle"]),
        alt=str(spec["description"]),
        svg=svg,
    )


def _without_text(svg: str) -> str:
    """The tags alone: words and attribute values are escaped, and may well say 'a style = …'."""
    return re.sub(r'"[^"]*"', '""', re.sub(r">[^<]*<", "><", svg))
