"""Figures: the released numbers of one measure and grouping, as arrays, and what they come to."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from farr.lab.measures.measure import Measure, MeasureKind
from farr.lab.measures.statistics import byar_interval, mean_interval, wilson_interval
from farr.lab.model.errors import FarrError

FloatArray = npt.NDArray[np.float64]
MONTHS_A_YEAR = 12
_WORST_FIRST = ("suppressed", "rounded", "shown")
UNKNOWN = "unknown"


class FiguresError(FarrError):
    """Released tables that do not hold what a figure needs; the message says what."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Released numbers, a place in each array for each organisation (or month). NaN and status "suppressed" where the gate hid
    one of them. `denominator` is in person-years for a rate per head; `region` the code of the organisation's parent region,
    "" where it has none; `verdict` as the session reached it on true values, "" where it gave none; `squares` only for means."""

    codes: tuple[str, ...]
    months: tuple[str, ...]
    region: tuple[str, ...]
    numerator: FloatArray
    denominator: FloatArray
    squares: FloatArray | None
    status: tuple[str, ...]
    verdict: tuple[str, ...]

    def index(self, code: str) -> int:
        """Raises FiguresError for an organisation without a row."""
        if code not in self.codes:
            raise FiguresError(f"organisation '{code}' has no figure here; check the code, the level and the period")
        return self.codes.index(code)


def read_figures(
    measure: Measure,
    table: pa.Table,
    *,
    grouping: int,
    code_column: str | None = None,
    region_column: str | None = None,
    population: pa.Table | None = None,
) -> Figures:
    """Figures of one grouping of a released table (layout of `Released.table`), in the table's order.

    `grouping`: its index in the question; `code_column`: the dimension whose code names the organisation (None: national).
    `population`: for a rate per head, the released table of the population question, which has the same groupings; people
    whose organisation is unknown are left out, and so are organisations without a population.
    """
    rows = _grouping(table, grouping, code_column)
    codes, months = _column(rows, code_column), _column(rows, "month")
    numerator = _numbers(rows, "numerator")
    statuses = [_column(rows, "numerator__status")]
    if population is None:
        denominator = _numbers(rows, "denominator")
        statuses.append(_column(rows, "denominator__status"))
    else:
        people = _grouping(population, grouping, code_column)
        denominator, status = _matched(people, list(zip(codes, months, strict=True)), code_column)
        statuses.append(status)
    squares = None
    if measure.kind is MeasureKind.MEAN:
        squares = _numbers(rows, "squares")
        statuses.append(_column(rows, "squares__status"))
    return Figures(
        codes=tuple(codes),
        months=tuple(months),
        region=tuple(_column(rows, region_column)),
        numerator=numerator,
        denominator=denominator,
        squares=squares,
        status=tuple(_worst(each) for each in zip(*statuses, strict=True)),
        verdict=tuple(_column(rows, "verdict")),
    )


def value(measure: Measure, numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """The measure's figure in its unit; NaN where either is unknown or there is nothing to divide by."""
    known = denominator > 0
    return np.where(known, measure.per * numerator / np.where(known, denominator, 1.0), np.nan)


def interval(measure: Measure, figures: Figures, *, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Lower and upper limits in the measure's unit: Wilson (proportion), Byar (rate), Student's t (mean)."""
    numerator, denominator = figures.numerator, np.where(figures.denominator > 0, figures.denominator, np.nan)
    if measure.kind is MeasureKind.PROPORTION:
        limits = wilson_interval(numerator, denominator, confidence=confidence)
        return limits.lower * measure.per, limits.upper * measure.per
    if measure.kind is MeasureKind.RATE_PER_HEAD:
        limits = byar_interval(numerator, confidence=confidence)
        return limits.lower / denominator * measure.per, limits.upper / denominator * measure.per
    if figures.squares is None:
        raise FiguresError(f"measure '{measure.name}' is a mean, and its sums of squares are missing; ask its own questions")
    limits = mean_interval(numerator, figures.squares, denominator, confidence=confidence)
    return limits.lower * measure.per, limits.upper * measure.per


def _grouping(table: pa.Table, grouping: int, code_column: str | None) -> pa.Table:
    rows = table.filter(pc.equal(table["grouping"], grouping))
    return rows if code_column is None else rows.filter(pc.not_equal(rows[code_column], UNKNOWN))


def _column(rows: pa.Table, name: str | None) -> list[str]:
    if name is None or name not in rows.column_names:
        return [""] * rows.num_rows
    return ["" if each is None else str(each) for each in rows[name].to_pylist()]


def _numbers(rows: pa.Table, name: str) -> FloatArray:
    """Hidden numbers are NaN, even where the policy prints a token in their place."""
    numbers = np.array([np.nan if each is None else each for each in rows[name].to_pylist()], dtype=np.float64)
    hidden = np.array([status == "suppressed" for status in _column(rows, f"{name}__status")], dtype=bool)
    return np.where(hidden, np.nan, numbers)


def _matched(people: pa.Table, wanted: list[tuple[str, str]], code_column: str | None) -> tuple[FloatArray, list[str]]:
    keys = zip(_column(people, code_column), _column(people, "month"), strict=True)
    held = dict(zip(keys, zip(_numbers(people, "denominator"), _column(people, "denominator__status"), strict=True), strict=True))
    found = [held.get(key, (np.nan, "no population")) for key in wanted]
    return np.array([months / MONTHS_A_YEAR for months, _ in found], dtype=np.float64), [status for _, status in found]


def _worst(statuses: tuple[str, ...]) -> str:
    for status in _WORST_FIRST:
        if status in statuses and "no population" not in statuses:
            return status
    return "no population"
