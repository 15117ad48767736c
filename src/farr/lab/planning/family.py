"""Families of questions of contracting and planning that may be asked freely: each file of the folder `asked` declares one, which owns all
question names that begin with its own: `contract.provider.months` is of `contract`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from farr.lab.measures.reference import Reference
from farr.lab.model.discover import discover
from farr.lab.model.period import Period
from farr.lab.model.question import Question

REFERENCE = ".reference"


@dataclass(frozen=True, kw_only=True)
class Family:
    """`questions` gives those of a question's whole name that are put at a level about these months; none where there are none.

    A family that standardises has two more. `read` makes what it standardises by of the released table of a question whose name ends in
    `.reference`; `standardised` gives, as `questions` does, those that rest on it, and are named like it but for their end."""

    questions: Callable[[str, str, Period], list[Question]]
    read: Callable[[str, pa.Table], Reference] | None = None
    standardised: Callable[[str, str, Period, Reference], list[Question]] | None = None
    name: str = ""


@cache
def families() -> dict[str, Family]:
    return discover("farr.lab.planning.asked", Family)


def reference_of(name: str) -> str:
    """The name of the reference question on which a question of that name rests."""
    return name.rpartition(".")[0] + REFERENCE
