"""Rows of a released table (layout of `Released.table`) as arrays: hidden numbers are NaN, and statuses stay beside them."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from farr.lab.model.errors import FarrError

FloatArray = npt.NDArray[np.float64]
Key = tuple[str, ...]
UNKNOWN = "unknown"
NO_POPULATION = "no population"
MONTHS_A_YEAR = 12
_WORST_FIRST = (NO_POPULATION, "suppressed", "earlier", "rounded", "shown")


class FiguresError(FarrError):
    """Released tables that do not hold what a figure needs; the message says what."""


def in_grouping(table: pa.Table, grouping: int) -> pa.Table:
    """The rows of one grouping, by its index in the question."""
    return table.filter(pc.equal(table["grouping"], grouping))


def known_rows(rows: pa.Table, *columns: str | None) -> pa.Table:
    """The rows whose codes in these columns are known."""
    for column in columns:
        if column is not None:
            rows = rows.filter(pc.not_equal(rows[column], UNKNOWN))
    return rows


def texts(rows: pa.Table, name: str | None) -> list[str]:
    """A column as text, "" where it is null or there is no such column."""
    if name is None or name not in rows.column_names:
        return [""] * rows.num_rows
    return ["" if each is None else str(each) for each in rows[name].to_pylist()]


def keys_of(rows: pa.Table, columns: Sequence[str | None]) -> list[Key]:
    """The codes of each row in these columns, "" for a column that is None."""
    return list(zip(*(texts(rows, column) for column in columns), strict=True)) if columns else [()] * rows.num_rows


def numbers(rows: pa.Table, name: str) -> FloatArray:
    """A figure as released; NaN where it is hidden, even where the policy prints a token in its place."""
    figures = np.array([np.nan if each is None else each for each in rows[name].to_pylist()], dtype=np.float64)
    hidden = np.array([status == "suppressed" for status in texts(rows, f"{name}__status")], dtype=bool)
    return np.where(hidden, np.nan, figures)


def worst(statuses: Sequence[str]) -> str:
    """The status of a figure made of numbers with these."""
    return next((status for status in _WORST_FIRST if status in statuses), "shown")


def matched_people(people: pa.Table, columns: Sequence[str | None], wanted: Sequence[Key]) -> tuple[FloatArray, list[str]]:
    """Person-years and their status for each wanted key of these columns; NaN and "no population" where none is held."""
    status = texts(people, "denominator__status")
    held = dict(zip(keys_of(people, columns), zip(numbers(people, "denominator"), status, strict=True), strict=True))
    found = [held.get(key, (np.nan, NO_POPULATION)) for key in wanted]
    return np.array([months / MONTHS_A_YEAR for months, _ in found], dtype=np.float64), [each for _, each in found]
