"""Charts to files and notebooks. vl-convert draws with the fonts it carries, so a picture is the same on every machine."""

from pathlib import Path
from typing import Any

import vl_convert

from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.charts import funnel, position, ranked, run
from farr.lab.desk.charts.theme import PRINT_SCALE, Spec
from farr.lab.desk.figures import is_shown, rows


def specs(benchmark: Benchmark) -> dict[str, Spec]:
    """Every chart that the benchmark has, by name: none of organisations where every figure is hidden, and no run chart where
    no month can be shown."""
    is_any_shown = any(is_shown(row) for row in rows(benchmark))
    charts = (funnel, ranked, run, position) if is_any_shown else (run,)
    drawn = {chart.NAME: chart.spec(benchmark) for chart in charts}
    return {name: spec for name, spec in drawn.items() if spec is not None}


def render(spec: Spec, path: Path) -> Path:
    """Writes the chart as SVG or PNG, by the ending of `path`. Raises ValueError for another ending."""
    match path.suffix:
        case ".svg":
            path.write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")
        case ".png":
            path.write_bytes(vl_convert.vegalite_to_png(spec, scale=PRINT_SCALE))
        case other:
            raise ValueError(f"a chart is written as .svg or .png, not '{other}'; rename {path.name}")
    return path


def notebook(spec: Spec) -> Any:
    """The chart as an Altair chart, which a notebook displays. Raises altair's SchemaValidationError for a wrong spec."""
    import altair  # noqa: PLC0415  a second of start-up that only notebooks need

    return altair.LayerChart.from_dict(spec)
