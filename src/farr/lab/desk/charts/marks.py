"""Organisations as chart data: values as released, and their wording for labels and tooltips."""

from farr.lab.desk import plain
from farr.lab.desk.benchmark import Benchmark
from farr.lab.desk.charts.theme import LIGHT, Spec, tooltip
from farr.lab.desk.figures import Row, is_shown, peers, rows

TOOLTIP = tooltip(("name", "Organisation"), ("figure", "Value"), ("interval", "95% interval"), ("counted", "Counted"), ("chance", "Chance"))


def datum(benchmark: Benchmark, row: Row) -> Spec:
    """What a chart may know of an organisation."""
    measure = benchmark.measure
    return {
        "name": row.name,
        "value": row.value,
        "lower": row.lower,
        "upper": row.upper,
        "denominator": row.denominator,
        "selected": row.is_selected,
        "in_norm": row.in_norm,
        "verdict": row.verdict or "not assessed",
        "quartile": row.quartile,
        "figure": plain.figure(row.value, measure),
        "interval": plain.interval(row, measure),
        "counted": plain.counted(row, measure),
        "chance": plain.verdict(row, measure.direction),
    }


def drawn(benchmark: Benchmark, *, only_peers: bool) -> list[Row]:
    """Organisations whose figure is shown, lowest first; a suppressed one is counted in the subtitle, never drawn."""
    chosen = peers(benchmark) if only_peers else rows(benchmark)
    return sorted((row for row in chosen if is_shown(row)), key=lambda row: (row.value or 0.0, row.organisation))


def subtitle(benchmark: Benchmark, *, only_peers: bool) -> str:
    """Measure, period, norm, and how many are not shown."""
    parts = [
        benchmark.measure.title,
        plain.period(benchmark.period),
        f"norm: {benchmark.norm_title}",
        plain.not_shown(benchmark, only_peers=only_peers),
    ]
    return " · ".join(part for part in parts if part)


def you(filled: str, otherwise: str) -> Spec:
    """The accent for the selected organisation, another colour for the rest."""
    return {"condition": {"test": "datum.selected", "value": filled}, "value": otherwise}


def norm_line(channel: str) -> list[Spec]:
    """A line at the norm; nothing is drawn where the norm is hidden, for its data are then empty."""
    return [
        {
            "data": {"name": "norm"},
            "mark": {"type": "rule", "strokeWidth": 1.5, "color": LIGHT.ink},
            "encoding": {channel: {"field": "value", "type": "quantitative"}},
        }
    ]


def norm_name(position: Spec, **mark: str | int) -> Spec:
    """The norm's name and figure, written at `position`."""
    return {
        "data": {"name": "norm"},
        "mark": {"type": "text", "fontSize": 11, "color": LIGHT.ink, **mark},
        "encoding": {**position, "text": {"field": "label"}},
    }


def norm_data(benchmark: Benchmark, value: float | None, *, prefix: str = "") -> list[Spec]:
    if value is None:
        return []
    return [{"value": value, "label": f"{prefix}{benchmark.norm_title}: {plain.short(value, benchmark.measure)}"}]
