"""One benchmark: an organisation's figure for a measure and period, beside its peers, its own past and how complete it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from farr.lab.disclosure.released import Released
from farr.lab.measures.comparison.like_for_like import LeftOutMonth
from farr.lab.measures.measure import Measure
from farr.lab.model.codelist import CodeList
from farr.lab.model.period import Period


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """Released figures only. Columns of the tables: see `desk.shapes`. `left_out` are months of the period that are not in the figures;
    `by` the breakdown of `parts`, where one was asked for; `is_synthetic` where some of the records are made up."""

    measure: Measure
    level: str
    norm: str
    norm_title: str
    period: Period
    organisation: str
    organisation_name: str
    rows: Released
    trend: Released | None
    completeness: Released | None
    codelists: tuple[CodeList, ...]
    notes: tuple[str, ...]
    left_out: tuple[LeftOutMonth, ...] = ()
    by: str | None = None
    parts: Released | None = None
    is_synthetic: bool = False

    def _repr_html_(self) -> str:
        from farr.lab.desk.notebook import page  # noqa: PLC0415  the page is made of benchmarks

        return page(self)


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A measure that a report could not make, and why: shown, never passed over."""

    measure: Measure
    reason: str


def by_reason(left_out: Sequence[LeftOut]) -> list[tuple[str, list[str]]]:
    """Each reason with the titles of the measures that it keeps out."""
    found: dict[str, list[str]] = {}
    for each in left_out:
        found.setdefault(each.reason, []).append(each.measure.title)
    return list(found.items())
