"""Questions as SQL, written out once: what differs from one asking to the next is months alone, and these are put into the text.

Writing a question out takes longer than answering it from a store of middling size.
"""

import json
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache

import ibis.expr.types as ir

from farr.lab.engine.cells import Together, cells, coded, narrowed, together, with_tests
from farr.lab.engine.engines.engine import Engine
from farr.lab.model.period import Month
from farr.lab.model.question import Grouping, Question

_PLACES = (Month(1, 1), Month(1, 2))  # stand for the months: no activity is of the first year
_PLACED = ", ".join(f"'{month}'" for month in _PLACES)
_DECIDED_LATER = ("name", "period", "left_out", "estimates")


class Written:
    """Questions that are alike in table, as SQL of the engine. The months are given with each asking."""

    def __init__(self, questions: Sequence[Question], engine: Engine) -> None:
        self._engine = engine
        self.asked: Together = together(questions)

    def rows(self, months: Sequence[Month]) -> str:
        """The rows of these months, narrowed to what is counted."""
        return narrowed(self.asked, self._of(self._rows, months, lambda: with_tests(self.asked, months, self._engine)))

    def codes(self, months: Sequence[Month]) -> str:
        """Months and codes of the rows of these months, and of others perhaps."""
        return self._of(self._codes, months, lambda: coded(self.asked, months))

    def cells(self, grouping: Grouping, places: Sequence[int], months: Sequence[Month] | None) -> str:
        """What is counted of the narrowed rows by the grouping for the questions in these places, over these months (None: over all)."""
        return cells(self.asked.shape(grouping, places), months, self._engine)

    def _of(self, text: str, months: Sequence[Month], expression: Callable[[], ir.Table]) -> str:
        if text.count(_PLACED) != 1:  # a condition of a question's own names these very months
            return self._engine.sql(expression())
        return text.replace(_PLACED, ", ".join(f"'{month}'" for month in months) or "NULL")

    @cached_property
    def _rows(self) -> str:
        return self._engine.sql(with_tests(self.asked, _PLACES, self._engine))

    @cached_property
    def _codes(self) -> str:
        return self._engine.sql(coded(self.asked, _PLACES))


def written(questions: Sequence[Question], engine: Engine) -> Written:
    """The questions written out for the engine, as before where the same were asked of other months."""
    return _written(_Alike(questions, engine))


class _Alike:
    """Questions as a key: the same where they differ in name, months and estimates alone."""

    def __init__(self, questions: Sequence[Question], engine: Engine) -> None:
        self.questions, self.engine = tuple(questions), engine
        shapes = [{name: part for name, part in each.canonical().items() if name not in _DECIDED_LATER} for each in questions]
        self._key = json.dumps([engine.name, shapes], sort_keys=True)

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alike) and self._key == other._key


@lru_cache(maxsize=1024)
def _written(alike: _Alike) -> Written:
    return Written(alike.questions, alike.engine)
