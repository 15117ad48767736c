"""Questions as SQL, written out once: what differs from one asking to the next is months alone, and these are put into the text.

Writing a question out takes longer than answering it from a store of middling size.
"""

import json
from collections.abc import Sequence
from functools import lru_cache

import ibis
import ibis.expr.types as ir

from farr.lab.engine.cells import Together, cells, together
from farr.lab.model.period import Month
from farr.lab.model.question import Question

_PLACES = (Month(1, 1), Month(1, 2))  # stand for the months: no activity is of the first year
_PLACED = ", ".join(f"'{month}'" for month in _PLACES)
_DECIDED_LATER = ("name", "period", "left_out", "estimates")


class Written:
    """Questions that are alike in table, months and groupings, as one pass over the records. The months are given with each asking."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.asked: Together = together(questions)
        self._texts: dict[int, str] = {}

    def sql(self, grouping: int, months: Sequence[Month]) -> str:
        """The counting by the grouping of that number over these months, in DuckDB's SQL."""
        if grouping not in self._texts:
            self._texts[grouping] = _sql(self._cells(grouping, _PLACES))
        text = self._texts[grouping]
        if text.count(_PLACED) != 1:
            return _sql(self._cells(grouping, months))
        return text.replace(_PLACED, ", ".join(f"'{month}'" for month in months) or "NULL")

    def _cells(self, grouping: int, months: Sequence[Month]) -> ir.Table:
        return cells(self.asked, self.asked.questions[0].groupings[grouping], months)


def written(questions: Sequence[Question]) -> Written:
    """The questions written out, as before where the same were asked of other months."""
    return _written(_Alike(questions))


class _Alike:
    """Questions as a key: the same where they differ in name, months and estimates alone."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        shapes = [{name: part for name, part in each.canonical().items() if name not in _DECIDED_LATER} for each in questions]
        self._key = json.dumps(shapes, sort_keys=True)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alike) and self._key == other._key


@lru_cache(maxsize=1024)
def _written(alike: _Alike) -> Written:
    return Written(alike.questions)


def _sql(expression: ir.Table) -> str:
    return str(ibis.to_sql(expression, dialect="duckdb", pretty=False))
