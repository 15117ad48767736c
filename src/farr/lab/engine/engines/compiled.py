"""Questions as SQL, written out once: what differs from one asking to the next is months alone, and these are put into the text.

Writing a question out takes longer than answering it from a store of middling size.
"""

import json
from collections.abc import Sequence
from functools import cached_property, lru_cache

from farr.lab.engine.cells import Together, cells, narrowed, together
from farr.lab.engine.engines.engine import Engine
from farr.lab.model.period import Month
from farr.lab.model.question import Grouping, Question

_PLACES = (Month(1, 1), Month(1, 2))  # stand for the months: no activity is of the first year
_PLACED = ", ".join(f"'{month}'" for month in _PLACES)
_DECIDED_LATER = ("name", "period", "left_out", "estimates")


class Written:
    """Questions that are alike in table and months, as SQL of the engine. The months are given with each asking."""

    def __init__(self, questions: Sequence[Question], engine: Engine) -> None:
        self._engine = engine
        self.asked: Together = together(questions)

    def rows(self, months: Sequence[Month]) -> str:
        """The rows of these months, narrowed to what is counted."""
        text = self._rows
        if text.count(_PLACED) != 1:  # a condition of the question's own names these very months
            return self._engine.sql(narrowed(self.asked, months, self._engine))
        return text.replace(_PLACED, ", ".join(f"'{month}'" for month in months) or "NULL")

    def cells(self, grouping: Grouping, months: Sequence[Month]) -> str:
        """What is counted of the narrowed rows by the grouping, over these months."""
        return cells(self.asked.shape(grouping), months, self._engine)

    @cached_property
    def _rows(self) -> str:
        return self._engine.sql(narrowed(self.asked, _PLACES, self._engine))


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
