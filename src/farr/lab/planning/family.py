"""Families of questions of contracting and planning that may be asked freely: each file of the folder `asked` declares one, which owns all
question names that begin with its own: `contract.provider.months` is of `contract`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.lab.model.question import Question


@dataclass(frozen=True, kw_only=True)
class Family:
    """`questions` gives those of a question's whole name that are put at a level about these months; none where there are none."""

    questions: Callable[[str, str, Period], list[Question]]
    name: str = ""


@cache
def families() -> dict[str, Family]:
    return discover("farr.lab.planning.asked", Family)
