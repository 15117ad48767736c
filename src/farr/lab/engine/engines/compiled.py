"""Questions as SQL, written out once: what differs from one asking to the next is months alone, and these are put into the text.

Writing a question out takes longer than answering it from a store of middling size.
"""

import json
from collections.abc import Sequence
from functools import lru_cache

from farr.lab.engine.cells import Together, cells, together
from farr.lab.engine.engines.engine import Engine
from farr.lab.model.period import Month
from farr.lab.model.question import Question

_PLACES = (Month(1, 1), Month(1, 2))  # stand for the months: no activity is of the first year
_PLACED = ", ".join(f"'{month}'" for month in _PLACES)
_DECIDED_LATER = ("name", "period", "left_out", "estimates")


class Written:
    """Questions that are alike in table, months and groupings, as one pass over the records. The months are given with each asking."""

    def __init__(self, questions: Sequence[Question], engine: Engine) -> None:
        self._engine = engine
        self.asked: Together = together(questions)
        self._texts: dict[int, str] = {}

    def sql(self, grouping: int, months: Sequence[Month]) -> str:
        """The counting by the grouping of that number over these months, in the engine's SQL."""
        if grouping not in self._texts:
            self._texts[grouping] = self._sql(grouping, _PLACES)
        text = self._texts[grouping]
        if text.count(_PLACED) != 1:
            return self._sql(grouping, months)
        return text.replace(_PLACED, ", ".join(f"'{month}'" for month in months) or "NULL")

    def _sql(self, grouping: int, months: Sequence[Month]) -> str:
        return self._engine.sql(cells(self.asked, self.asked.questions[0].groupings[grouping], months, self._engine.largest))


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
