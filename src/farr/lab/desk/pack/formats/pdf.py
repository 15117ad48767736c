"""A pack as a PDF, set by typst: real text, tagged for screen readers (PDF/UA-1) and fit to be kept (PDF/A-2a).

The template reads everything from data.json, so that no word of a pack is ever typst markup. Fonts are those that typst carries.
"""

import json
import tempfile
from datetime import UTC, datetime, time
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.figures import selected
from farr.lab.desk.home import today
from farr.lab.desk.pack import edition as editions
from farr.lab.desk.pack.commentary import Block
from farr.lab.desk.pack.edition import Edition, Section
from farr.lab.desk.pack.errors import PackError
from farr.lab.desk.pack.formats.pictures import pictures

_CHART_WIDTH = 580  # pixels on 16.6 cm: the letters of a chart come out at 8 points and more


def write_pdf(shown: Edition, path: Path) -> Path:
    """Writes the edition to `path`; returns it. Raises PackError where typst cannot set it."""
    with tempfile.TemporaryDirectory(prefix="farr-pack-") as name:
        folder = Path(name)
        (folder / "data.json").write_text(json.dumps(_data(shown, folder), ensure_ascii=False), encoding="utf-8")
        template = folder / "pack.typ"
        template.write_text(
            resources.files("farr.lab.desk.pack.formats").joinpath("pack.typ").read_text(encoding="utf-8"), encoding="utf-8"
        )
        try:
            typst.compile(
                template, output=path, root=folder, ignore_system_fonts=True, pdf_standards=["ua-1", "a-2a"], timestamp=_made(shown)
            )
        except RuntimeError as error:
            raise PackError(f"the PDF could not be set ({error}); the HTML and Excel files are complete") from None
    return path


def _made(shown: Edition) -> datetime:
    """Midnight of the day of approval, so that the same version gives the same file."""
    on = datetime.fromisoformat(shown.standing.approved_on).date() if shown.standing.approved_on else today()
    return datetime.combine(on, time(), UTC)


def _data(shown: Edition, folder: Path) -> dict[str, Any]:
    standing, first = shown.standing, shown.first
    submitted, approved = editions.spoken_date(standing.submitted_on), editions.spoken_date(standing.approved_on)
    return {
        "title": shown.title,
        "title_typed": ", ".join(shown.title_typed),
        "organisation": f"{first.organisation_name} ({first.organisation})",
        "draft": standing.is_draft,
        "synthetic": shown.is_synthetic,
        "facts": [
            ["Period", shown.period],
            ["Norm", first.norm_title],
            ["Version", f"{standing.pack}, {standing.version}"],
            ["Author", f"{standing.author}, {submitted}" if submitted else standing.author],
            ["Approved by", f"{standing.approver}, {approved}" if approved else "nobody yet: this is a draft"],
        ],
        "findings": [_finding(benchmark) for benchmark in shown.benchmarks],
        "typed_note": editions.TYPED_NOTE,
        "hidden_note": plain.HIDDEN_NOTE,
        "sections": [_section(section, place, folder) for place, section in enumerate(shown.sections)],
        "provenance": editions.provenance(shown),
    }


def _finding(benchmark: Benchmark) -> list[str]:
    own, measure = selected(benchmark), benchmark.measure
    return [plain.titled(measure), plain.short(own.value, measure), plain.short(own.norm_value, measure), plain.finding(benchmark)]


def _section(section: Section, place: int, folder: Path) -> dict[str, Any]:
    said = {
        "title": section.title,
        "blocks": [_block(block) for block in section.blocks],
        "typed": ", ".join(section.typed),
        "has_hidden": section.has_hidden,
    }
    return {**said, "measure": None if section.benchmark is None else _measure(section.benchmark, f"chart-{place}", folder)}


def _block(block: Block) -> dict[str, Any]:
    lines = [[[span.text, "figure" if span.is_placeholder else span.style.value] for span in line] for line in block.lines]
    return {"kind": block.kind.value, "lines": lines}


def _measure(benchmark: Benchmark, stem: str, folder: Path) -> dict[str, Any]:
    charts: list[dict[str, str]] = []
    for picture in pictures(benchmark, width=_CHART_WIDTH):
        file = f"{stem}-{picture.name}.svg"
        (folder / file).write_text(picture.svg, encoding="utf-8")
        charts.append({"file": file, "finding": picture.finding, "subtitle": picture.subtitle, "alt": picture.alt})
    shown, cut = editions.shown_rows(benchmark)
    return {
        "finding": f"{plain.finding(benchmark)}.",
        "charts": charts,
        "caption": f"{plain.titled(benchmark.measure)}, {plain.period(benchmark.period)}, norm: {benchmark.norm_title}",
        "headings": editions.headings(benchmark),
        "rows": [{"cells": editions.cells(row, benchmark), "own": row.is_selected} for row in shown],
        "cut": cut,
        "about": editions.about(benchmark),
    }
