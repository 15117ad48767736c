"""Figures that are known to be equal, as one: a new table and an earlier one say much twice, and a program is solved in a time that grows
with what it says."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags
from scipy.sparse.csgraph import connected_components

from farr.lab.disclosure.attack.knowledge import TOLERANCE, Knowledge

_SEED = 1876
_NOTHING = 1e-6  # how far a relation may be off, where equal figures may differ by as little (history/joint.py)
_ALIKE = 12  # digits to which the sums of two lines must agree


@dataclass(frozen=True, kw_only=True, eq=False)
class Merged:
    """`knowledge` of fewer figures and relations; `of`, shape (figures,), the number there of each figure. What is possible there is
    possible of the figures themselves, each with the value of its own; where equal figures were only equal to the last digits, there may be
    nothing that is possible."""

    knowledge: Knowledge
    of: Any


def merged(knowledge: Knowledge) -> Merged:
    """Figures one, where a relation of two says that they are equal, and relations one that say the same."""
    matrix, figures = knowledge.matrix, len(knowledge.lower)
    lines = _equalities(knowledge)
    first = matrix.indptr[lines]
    pairs = coo_matrix((np.ones(len(lines)), (matrix.indices[first], matrix.indices[first + 1])), shape=(figures, figures))
    count, of = connected_components(pairs, directed=False)
    lower, upper = np.full(count, -np.inf), np.full(count, np.inf)
    np.maximum.at(lower, of, knowledge.lower)
    np.minimum.at(upper, of, knowledge.upper)
    close = (lower > upper) & (lower - upper <= TOLERANCE)
    lower[close], upper[close] = upper[close], lower[close]
    rest = np.ones(len(knowledge.low), dtype=bool)
    rest[lines] = False
    sums = matrix[rest] @ csr_matrix((np.ones(figures), (np.arange(figures), of)), shape=(figures, count))
    sums, low, high = _without_repeats(sums.tocsr(), knowledge.low[rest], knowledge.high[rest])
    return Merged(knowledge=Knowledge(lower=lower, upper=upper, matrix=sums, low=low, high=high), of=of)


def apart(knowledge: Knowledge) -> Merged:
    """Every figure by itself."""
    return Merged(knowledge=knowledge, of=np.arange(len(knowledge.lower)))


def _equalities(knowledge: Knowledge) -> Any:
    """The numbers of the relations that say of two figures that they are equal, but for what is taken to be nothing."""
    matrix = knowledge.matrix
    lines = np.flatnonzero(
        (np.diff(matrix.indptr) == 2) & (knowledge.low <= 0) & (knowledge.high >= 0) & (knowledge.high - knowledge.low <= TOLERANCE)
    )
    first = matrix.indptr[lines]
    return lines[(matrix.data[first] == -matrix.data[first + 1]) & (matrix.data[first] != 0)]


def _without_repeats(matrix: Any, low: Any, high: Any) -> tuple[Any, Any, Any]:
    """The relations, each once: two are the same if they are of the same figures by the same factors, and then both sides of both hold.
    Two that only seem to be are found out, for every point is held against all relations as they were."""
    matrix.eliminate_zeros()
    matrix.sort_indices()
    filled = np.flatnonzero(np.diff(matrix.indptr))
    first = matrix.data[matrix.indptr[filled]]
    lines: Any = (diags(1.0 / first) @ matrix[filled]).tocsr()
    sides = np.stack([low[filled], high[filled]]) / first
    # A relation is told by the sum of numbers drawn for its figures.
    told = np.array(lines.dot(np.random.default_rng(_SEED).random(matrix.shape[1])), dtype=float)
    kept, of = np.unique(told.round(_ALIKE), return_index=True, return_inverse=True)[1:]
    low, high = np.full(len(kept), -np.inf), np.full(len(kept), np.inf)
    np.maximum.at(low, of, sides.min(axis=0) - _NOTHING)
    np.minimum.at(high, of, sides.max(axis=0) + _NOTHING)
    return lines[kept].tocsr(), low, high
