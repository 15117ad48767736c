"""The report as one HTML file that asks nothing of any other host: scripts, styles and figures are in it, and its content
security policy admits these very scripts by their hash and nothing else."""

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark, LeftOut, by_reason
from farr.lab.desk.charts.draw import draw_pairs
from farr.lab.desk.charts.theme import darkened
from farr.lab.desk.publication.changed import WhatChanged
from farr.lab.desk.report import sparkline
from farr.lab.desk.report.views import ChartView, MeasureView, themes, views
from farr.lab.model.errors import FarrError
from farr.lab.model.period import Period

_CHARTS = "charts"


class ReportError(FarrError):
    """A report that cannot be written; the message says why and what to do."""


def render_report(
    benchmarks: Sequence[Benchmark],
    *,
    organisation: str,
    level: str,
    period: Period,
    generated_by: str,
    folder: Path,
    left_out: Sequence[LeftOut] = (),
    changed: WhatChanged | None = None,
) -> Path:
    """Writes `folder`/<organisation>.html, and every chart as SVG and PNG under `folder`/charts; returns the page's path.

    `organisation` is a code that every benchmark is about; `left_out` the measures that could not be made; `changed` what
    is new since a month before.
    Raises ReportError and figures.FiguresError."""
    _check(benchmarks, organisation)
    shown = views(benchmarks)
    charts = [chart for view in shown for chart in view.charts]
    (folder / _CHARTS).mkdir(parents=True, exist_ok=True)
    draw_pairs([(chart.id, chart.full) for chart in charts], folder / _CHARTS)
    page = _page(
        shown,
        charts,
        left_out,
        changed,
        name=benchmarks[0].organisation_name,
        norm_title=plain.norm(benchmarks),
        code=organisation,
        level=plain.level_title(level),
        plural=plain.plural(level),
        period=plain.period(period),
        generated_by=generated_by,
    )
    path = folder / f"{slug(organisation)}.html"
    path.write_text(page, encoding="utf-8")
    return path


def slug(organisation: str) -> str:
    """A file name for an organisation's code."""
    return re.sub(r"[^A-Za-z0-9]+", "-", organisation).strip("-") or "report"


def _check(benchmarks: Sequence[Benchmark], organisation: str) -> None:
    if not benchmarks:
        raise ReportError(f"there is no measure to report for {organisation}; see what is held with: farr measures")
    for benchmark in benchmarks:
        if benchmark.organisation != organisation:
            raise ReportError(f"the benchmark of {benchmark.measure.name} is about {benchmark.organisation}, not {organisation}")


def _page(
    shown: tuple[MeasureView, ...], charts: list[ChartView], left_out: Sequence[LeftOut], changed: WhatChanged | None, **about: str
) -> str:
    style, bundle, script = _text("report.css"), _bundle(), _text("report.js")
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            views=shown,
            themes=themes(shown),
            changed=changed,
            since="" if changed is None or changed.since is None else plain.month(str(changed.since.last)),
            left_out=by_reason(left_out),
            **about,
            generated_on=f"{datetime.now(UTC):%-d %B %Y}",
            synthetic=any("synthetic" in note.lower() for view in shown for note in view.notes),
            outliers=sum(view.is_outlier for view in shown),
            hidden_note=plain.HIDDEN_NOTE,
            spark=(sparkline.WIDTH, sparkline.HEIGHT),
            policy=_policy(style, bundle, script),
            style=Markup(style),  # noqa: S704 - our own file, and its hash is in the policy
            bundle=Markup(bundle),  # noqa: S704 - as above
            script=Markup(script),  # noqa: S704 - as above
            drawing={"specs": {chart.id: chart.spec for chart in charts}, "dark": darkened()},
        )
    )


def _policy(style: str, *scripts: str) -> str:
    hashes = " ".join(_hash(script) for script in scripts)
    return f"default-src 'none'; script-src {hashes}; style-src {_hash(style)}; img-src data:; base-uri 'none'; form-action 'none'"


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@cache
def _bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed, as vl-convert carries them. The tag's end must not stand in a script."""
    bundle: str = vl_convert.javascript_bundle()
    return bundle.replace("</script", "<\\/script").replace("\r", "\\r")


def _text(name: str) -> str:
    return resources.files("farr.lab.desk.report").joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("farr.lab.desk.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
