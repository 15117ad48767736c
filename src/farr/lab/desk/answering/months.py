"""How complete months are, of every organisation, and which are therefore left out of a comparison."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from farr.lab.disclosure.released import Released
from farr.lab.measures.benchmark import MAY_BE_INCOMPLETE, Columns, completeness
from farr.lab.measures.comparison.like_for_like import LeftOutMonth, months_to_compare
from farr.lab.measures.figures import FloatArray
from farr.lab.measures.questions import NATIONAL, is_monthly
from farr.lab.model.period import Month, Period

_NO_RECORDS = "no records"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The months of a period that are compared, and those left out, with the reason. `note` says where none could be left out."""

    left_out: tuple[LeftOutMonth, ...] = ()
    note: str | None = None

    @property
    def months_left_out(self) -> tuple[Month, ...]:
        return tuple(each.month for each in self.left_out)


def months_kept(table: pa.Table, level: str, organisation: str, months: Period, period: Period, *, followed: Month | None = None) -> Kept:
    """Which months of `period` may be compared, by the released answer to `completeness_question`, which covers `months`. Months after
    `followed` are not: what follows from them, such as a readmission, is not all held yet. Where none is followed, all are kept."""
    nation = of_nation(table, level, months)
    # The nation's months are not told twice, nor as if they were a practice's own.
    own = of_organisation(table, level, organisation, months) if _has_months(level) else _not_assessed(nation)
    unfollowed = () if followed is None or followed < period.first else _after(followed, period)
    kept, left_out = months_to_compare(Period(period.first, followed) if followed and unfollowed else period, own, nation)
    if left_out and not kept:
        return Kept(note="Every month looks incomplete, so none was left out: read these figures with care.")
    return Kept(left_out=(*left_out, *unfollowed))


def _after(followed: Month, period: Period) -> tuple[LeftOutMonth, ...]:
    reason = "the months after it, in which it is followed up, are not all held yet"
    return tuple(LeftOutMonth(month=month, reason=reason) for month in period.months() if month > followed)


def of_organisation(table: pa.Table, level: str, organisation: str, months: Period) -> Columns:
    """Columns of `benchmark.completeness` for an organisation; the nation's for levels too small for months."""
    if not _has_months(level):
        return of_nation(table, level, months)
    return _of_rows(_rows_of(table, 0, level, organisation), months, _shown(_nations(table, level), months)[0])


def of_nation(table: pa.Table, level: str, months: Period) -> Columns:
    return _of_rows(_nations(table, level), months, None)


@lru_cache(maxsize=64)  # the same for every organisation of a level, and each looks at all of them
def are_complete(
    received: Released, level: str, codes: tuple[str, ...], months: Period, kept: tuple[Month, ...]
) -> npt.NDArray[np.bool_] | None:
    """For each organisation whether every month compared is complete, as far as it can be assessed, by the released answer to
    `completeness_question`; None where months are not published for the level. Shape (organisations,), not to be written to."""
    if not _has_months(level):
        return None
    by_code: dict[str, list[dict[str, Any]]] = {}
    for row in received.table.to_pylist():
        if row["grouping"] == 0:
            by_code.setdefault(row[level], []).append(row)
    nation = _shown(_nations(received.table, level), months)[0]
    wanted = {str(month) for month in kept}
    # An organisation that sent nothing of a month has no row of it: that is none of its usual records, and not a month unknown.
    judged = [_of_rows(by_code.get(code, []), months, nation, missing=0.0) for code in codes]
    found = np.array([_is_complete(each, wanted) for each in judged], dtype=bool)
    found.flags.writeable = False
    return found


def _is_complete(columns: Columns, wanted: set[str]) -> bool:
    judged = zip(columns["month"], columns["status"], strict=True)
    return all(status != MAY_BE_INCOMPLETE for month, status in judged if month in wanted)


def _has_months(level: str) -> bool:
    """Whether organisations of the level have months of their own beside the nation's."""
    return level != NATIONAL and is_monthly(level)


def _not_assessed(columns: Columns) -> Columns:
    months = len(columns["month"])
    return {**columns, "spells": [0.0] * months, "completeness": [None] * months, "status": ["not assessed"] * months}


def _rows_of(table: pa.Table, grouping: int, level: str, organisation: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pylist()
    return [row for row in rows if row["grouping"] == grouping and row[level] == organisation]


def _nations(table: pa.Table, level: str) -> list[dict[str, Any]]:
    grouping = 1 if _has_months(level) else 0
    return [row for row in table.to_pylist() if row["grouping"] == grouping]


def _of_rows(rows: list[dict[str, Any]], months: Period, nation: FloatArray | None, *, missing: float = np.nan) -> Columns:
    shown, status = _shown(rows, months)
    shown = np.where([state == _NO_RECORDS for state in status], missing, shown)
    return completeness(tuple(str(month) for month in months.months()), shown, status, nation=nation)


def _shown(rows: list[dict[str, Any]], months: Period) -> tuple[FloatArray, tuple[str, ...]]:
    """The rows of each month, NaN where hidden or none, and their status."""
    held = {row["month"]: row for row in rows}
    every = [str(month) for month in months.months()]
    status = tuple(str(held[month]["numerator__status"]) if month in held else _NO_RECORDS for month in every)
    counts = [
        held[month]["numerator"] if month in held and state != "suppressed" else None for month, state in zip(every, status, strict=True)
    ]
    return np.array(counts, dtype=np.float64), status
