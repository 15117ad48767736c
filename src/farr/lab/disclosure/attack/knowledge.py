"""What an attacker knows: a range for every figure, and which figures add up to which."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from farr.lab.disclosure.attack.insiders import OUTSIDERS, Insiders
from farr.lab.model.errors import FarrError

TOLERANCE = 1e-5


class AuditError(FarrError):
    """The audit could not be finished: no solution, no convergence, or no time left. The release must be refused."""


@dataclass(frozen=True, kw_only=True)
class Relation:
    """low ≤ Σ coefficient · figure ≤ high, over the figures with these numbers."""

    figures: tuple[int, ...]
    coefficients: tuple[float, ...]
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Knowledge:
    """Bounds of every true figure, shape (figures,), and relations low ≤ matrix · figures ≤ high, `matrix` of shape (relations, figures).

    `printed`, shape (figures,), marks figures that are published, so that little is left of them; None: nobody said which. `insiders`: what
    those who contribute to figures know besides; None: nothing."""

    lower: Any
    upper: Any
    matrix: Any
    low: Any
    high: Any
    printed: Any = field(default=None)
    insiders: Insiders | None = None

    def least(self, against: int) -> Any:
        """The least that each figure can be, shape (figures,), to those against whom one is protected (insiders.py)."""
        if self.insiders is None or against == OUTSIDERS:
            return self.lower
        return np.maximum(self.lower, self.insiders.least(against))

    @classmethod
    def of(cls, lower: Any, upper: Any, relations: Sequence[Relation], *, printed: Any = None) -> "Knowledge":
        lower, upper = np.asarray(lower, dtype=float), np.asarray(upper, dtype=float)
        starts = np.cumsum([0, *(len(relation.figures) for relation in relations)])
        figures = np.array([figure for relation in relations for figure in relation.figures], dtype=np.int32)
        coefficients = np.array([value for relation in relations for value in relation.coefficients], dtype=float)
        return cls(
            lower=lower,
            upper=upper,
            matrix=csr_matrix((coefficients, figures, starts), shape=(len(relations), len(lower))),
            low=np.array([relation.low for relation in relations], dtype=float),
            high=np.array([relation.high for relation in relations], dtype=float),
            printed=printed,
        )


@dataclass(frozen=True, kw_only=True)
class Target:
    """A hidden figure, and the interval that the attacker must be left with at least; where `either` end will do, one of its ends. An end
    that nobody asks for is infinite the other way about. `against` whom (insiders.py)."""

    figure: int
    low: float
    high: float
    either: bool = False
    against: int = OUTSIDERS


def tightened(knowledge: Knowledge) -> Knowledge:
    """The same, where a relation of one figure is a bound of it: earlier releases have one for nearly every figure, and a program is solved
    in a time that grows with its relations."""
    matrix = knowledge.matrix
    counts = np.diff(matrix.indptr)
    lines = np.flatnonzero(counts == 1)
    entries = matrix.indptr[lines]
    figures, factors = matrix.indices[entries], matrix.data[entries]
    if not np.all(factors):
        return knowledge
    ends = np.stack([knowledge.low[lines], knowledge.high[lines]]) / factors
    lower, upper = knowledge.lower.copy(), knowledge.upper.copy()
    np.maximum.at(lower, figures, ends.min(axis=0))
    np.minimum.at(upper, figures, ends.max(axis=0))
    # Two releases of one figure may miss each other by the last digits of a sum of money.
    close = (lower > upper) & (lower - upper <= TOLERANCE)
    lower[close], upper[close] = upper[close], lower[close]
    others = np.flatnonzero(counts != 1)
    return replace(
        knowledge, lower=lower, upper=upper, matrix=matrix[others].tocsr(), low=knowledge.low[others], high=knowledge.high[others]
    )


def is_possible(knowledge: Knowledge, figures: Any) -> bool:
    """Whether the figures keep to every bound and relation: the true ones must, or the audit would prove nothing."""
    return keeps_to(knowledge, np.asarray(figures, dtype=float))


def keeps_to(knowledge: Knowledge, point: Any) -> bool:
    """Whether a point, shape (figures,), lies within all bounds and relations, to a tolerance that grows with the size of a relation."""
    if not np.all((point >= knowledge.lower - TOLERANCE) & (point <= knowledge.upper + TOLERANCE)):
        return False
    sums = knowledge.matrix @ point
    off = np.maximum(knowledge.low - sums, sums - knowledge.high)
    if np.all(off <= TOLERANCE):
        return True
    # A sum of money in pounds of a whole country holds no hundred-thousandth of a pound in floating point.
    return bool(np.all(off <= TOLERANCE * np.maximum(1.0, 1e-6 * (abs(knowledge.matrix) @ np.abs(point)))))
