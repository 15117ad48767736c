"""Which questions may be asked freely: those that a registered declaration would put itself, and no other.

The exit door does not know what measures are. A registry gives the questions that its declarations put, and the comparison is made here.
"""

from collections.abc import Iterable
from typing import Protocol

from farr.lab.model.question import Question


class Registry(Protocol):
    """Declarations that somebody has looked at."""

    def put(self, question: Question) -> Iterable[Question]:
        """The questions of its declarations that this one may be, over the same months; none where there are none."""
        ...


class Empty:
    """No declaration: every question about people goes to review."""

    def put(self, question: Question) -> Iterable[Question]:
        return ()


def is_registered(question: Question, registry: Registry) -> bool:
    """Whether a declaration puts this very question: the same conditions, figures, groupings, estimates and months, by the same name."""
    return any(_is_same(question, each) for each in registry.put(question))


def _is_same(one: Question, other: Question) -> bool:
    # The identity is of printed expressions; the expressions themselves are compared too.
    return one.identity == other.identity and [each.op() for each in one.expressions()] == [each.op() for each in other.expressions()]
