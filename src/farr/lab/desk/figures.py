"""The released figures of a benchmark as typed rows: the one place where charts, reports and files read its tables."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from farr.lab.desk.benchmark import Benchmark
from farr.lab.disclosure.released import Released
from farr.lab.model.errors import FarrError

SHOWN = "shown"
HIDDEN_LAST = 3  # the group of hidden figures in `certainty`
T = TypeVar("T")


class FiguresError(FarrError):
    """A benchmark that cannot be drawn or written; the message says which table and column, and what to do."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One organisation. Values and limits are in the measure's units; `rank` 1 is the lowest value, and so are quartile and decile 1."""

    organisation: str
    name: str
    is_selected: bool
    in_norm: bool
    is_complete: bool
    numerator: float | None
    denominator: float | None
    value: float | None
    lower: float | None
    upper: float | None
    status: str
    rank: int | None
    ranked: int | None
    quartile: int | None
    decile: int | None
    expected: float | None
    ratio: float | None
    funnel_lower_95: float | None
    funnel_upper_95: float | None
    funnel_lower_998: float | None
    funnel_upper_998: float | None
    verdict: str | None
    norm_value: float | None
    difference: float | None
    compared_with: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """One code of a breakdown of the organisation's figure; `norm_value` is the nation's for that code, `share` of the organisation's
    activity, 0 to 1."""

    code: str
    name: str
    numerator: float | None
    denominator: float | None
    value: float | None
    lower: float | None
    upper: float | None
    norm_value: float | None
    difference: float | None
    share: float | None


@dataclass(frozen=True, kw_only=True)
class TrendPoint:
    """One month of the organisation; `value` is null where it was suppressed. Limits are those of an XmR chart."""

    month: str
    numerator: float | None
    denominator: float | None
    value: float | None
    lower: float | None
    upper: float | None
    status: str
    norm_value: float | None
    mean: float | None
    lower_limit: float | None
    upper_limit: float | None
    point: str | None


@dataclass(frozen=True, kw_only=True)
class MonthReceived:
    """How much of a month's activity has arrived; `completeness` is a ratio of rows held to rows expected."""

    month: str
    spells: float | None
    expected: float | None
    completeness: float | None
    status: str


def rows(benchmark: Benchmark) -> tuple[Row, ...]:
    """Every organisation, as released. Raises FiguresError."""
    return _typed(benchmark.rows, Row)


def trend(benchmark: Benchmark) -> tuple[TrendPoint, ...]:
    """Every month, oldest first; empty where no months are published for this level. Raises FiguresError."""
    points = () if benchmark.trend is None else _typed(benchmark.trend, TrendPoint)
    return tuple(sorted(points, key=lambda point: point.month))


def months_received(benchmark: Benchmark) -> tuple[MonthReceived, ...]:
    """Every month, oldest first. Raises FiguresError."""
    months = () if benchmark.completeness is None else _typed(benchmark.completeness, MonthReceived)
    return tuple(sorted(months, key=lambda month: month.month))


def parts(benchmark: Benchmark) -> tuple[Part, ...]:
    """The breakdown, most activity first; empty where none was asked for. Raises FiguresError."""
    return () if benchmark.parts is None else _typed(benchmark.parts, Part)


def selected(benchmark: Benchmark) -> Row:
    """The organisation that the benchmark is about. Raises FiguresError where it is not among the rows."""
    _check_released(benchmark.rows)
    row = _selected(benchmark.rows)
    if row is not None:
        return row
    raise FiguresError(
        f"the benchmark of {benchmark.measure.name} has no row for {benchmark.organisation}; "
        f"choose a {benchmark.level} that has activity in {benchmark.period}"
    )


def is_shown(row: Row) -> bool:
    return row.value is not None


def certainty(row: Row) -> tuple[int, float]:
    """Sort key: outliers, then the rest, then the untested, then the hidden; within each by distance from the middle of the
    99.8% limits in half-widths of them, furthest first. It orders the page and is not itself shown."""
    if not is_shown(row):
        return (HIDDEN_LAST, 0.0)
    group = {"high": 0, "low": 0, "as expected": 1}.get(row.verdict or "", 2)
    if row.value is None or row.funnel_upper_998 is None or row.funnel_lower_998 is None:
        return (group, 0.0)
    half = (row.funnel_upper_998 - row.funnel_lower_998) / 2
    return (group, -abs(row.value - row.funnel_lower_998 - half) / half if half > 0 else 0.0)


def peers(benchmark: Benchmark) -> tuple[Row, ...]:
    """The selected organisation and those in its norm, shown or not."""
    return tuple(row for row in rows(benchmark) if row.in_norm or row.is_selected)


def shown_of_others(benchmark: Benchmark) -> list[float]:
    """The figures, where they are shown, of the other organisations in its norm. Raises FiguresError."""
    _check_released(benchmark.rows)
    table = _checked(benchmark.rows, Row)
    others = table["value"].filter(pc.and_not(table["in_norm"], table["is_selected"])).to_pylist()
    return [value for value in others if value is not None and not math.isnan(value)]


def releases(benchmark: Benchmark) -> tuple[Released, ...]:
    """What the benchmark rests on, rows first."""
    return tuple(
        released for released in (benchmark.rows, benchmark.trend, benchmark.completeness, benchmark.parts) if released is not None
    )


def records(released: Released) -> list[dict[str, Any]]:
    """The table's rows as plain data. Raises FiguresError for anything that has not passed the gate."""
    _check_released(released)
    return released.table.to_pylist()


def _check_released(released: Released) -> None:
    if not isinstance(released, Released):  # pyright: ignore[reportUnnecessaryIsInstance]  # a lock, for untyped callers
        raise FiguresError(f"only released figures can be shown, and this is a {type(released).__name__}; pass it through the gate first")


def _typed(released: Released, kind: type[T]) -> tuple[T, ...]:
    _check_released(released)
    return _read(released, kind)


@lru_cache(maxsize=16)  # a release never changes, and every sentence and chart of a page reads it anew
def _read(released: Released, kind: type[Any]) -> tuple[Any, ...]:
    return _made(_checked(released, kind), kind)


@lru_cache(maxsize=16)
def _selected(released: Released) -> Row | None:
    """One row of thousands is found before any is read: an overview of a practice wants no more."""
    table = _checked(released, Row)
    return next(iter(_made(table.filter(table["is_selected"]), Row)), None)


def _checked(released: Released, kind: type[Any]) -> pa.Table:
    missing = [field.name for field in fields(kind) if field.name not in released.table.column_names]
    if missing:
        raise FiguresError(
            f"the released table '{released.name}' lacks the column {missing[0]}; run the benchmark again with this version of Farr"
        )
    return released.table


def _made(table: pa.Table, kind: type[T]) -> tuple[T, ...]:
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return tuple(kind(**_picked(record, names)) for record in table.to_pylist())


def _picked(record: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    # NaN is how some engines write null; a chart would draw it at zero.
    return {name: None if record[name] != record[name] else record[name] for name in names}
