"""A benchmark as a notebook shows it: the finding, the organisations of the norm, and what the figures rest on."""

import html

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.figures import Row
from farr.lab.desk.screen import HEADINGS, cells, complete, in_order


def page(benchmark: Benchmark) -> str:
    """HTML without scripts or styles of its own; everything that came from a file is escaped."""
    head = "".join(f"<th>{html.escape(heading)}</th>" for heading in HEADINGS)
    body = "".join(_line(benchmark, row) for row in in_order(benchmark))
    said = [f"Complete: {complete(benchmark)}.", *benchmark.notes, benchmark.rows.provenance]
    return (
        f"<h3>{html.escape(benchmark.measure.title)}: {html.escape(benchmark.organisation_name)}</h3>"
        f"<p>{html.escape(plain.finding(benchmark))}.</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"<ul>{''.join(f'<li>{html.escape(line)}</li>' for line in said)}</ul>"
    )


def _line(benchmark: Benchmark, row: Row) -> str:
    weight = "bold" if row.is_selected else "normal"
    shown = "".join(f'<td style="font-weight:{weight}">{html.escape(cell)}</td>' for cell in cells(benchmark, row))
    return f"<tr>{shown}</tr>"
