"""Months that no release was of, several together, as far as printed figures of all codes tell what they count.

Counts of 1 and 2 in two months may each be none, and yet be 3 for certain. What spans of one code leave of each other is looked at in
parts.py; here are the equations of a whole series: what regions were printed of tells of their providers, and the other way about.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import linalg

from farr.lab.disclosure.history.months import Months
from farr.lab.disclosure.history.parts import Part
from farr.lab.disclosure.history.sheet import Codes

_algebra: Any = linalg
_SEED = 1876
_DRAWN = 3  # directions, in all of which what is not told differs: that it does in none by chance is less likely than 10^-12
_NONE = 1e-5  # by how much what is told may differ, where the equations are solved to ten digits
_AT_ONCE = 2_000_000  # numbers
_EXACTLY: dict[str, Any] = {"atol": 1e-12, "btol": 1e-12, "conlim": 1e12, "maxiter": 20_000}


@dataclass(frozen=True, kw_only=True, eq=False)
class Solutions:
    """All x with matrix · x = given: `one` of them, shape (figures,), and `directions` in which the others lie, shape (figures, drawn)."""

    one: Any
    directions: Any


def solutions(matrix: Any, given: Any) -> Solutions:
    """Of a sparse `matrix`, shape (equations, figures), and what they come to, shape (equations,). A drawn direction is a random one less
    its shortest likeness that the equations tell apart from nothing."""
    chance = np.random.default_rng(_SEED)
    drawn: list[Any] = [chance.random(matrix.shape[1]) + 0.5 for _ in range(_DRAWN)]
    free = [each - _shortest(matrix, matrix @ each) for each in drawn]
    return Solutions(one=_shortest(matrix, given), directions=np.stack(free, axis=1))


def _shortest(matrix: Any, given: Any) -> Any:
    return _algebra.lsmr(matrix, given, **_EXACTLY)[0]


def small_together(part: Part, of: Solutions, first: int, threshold: int) -> Iterator[tuple[Codes, Months]]:
    """Codes of a part, and pieces of months that no release was of, which are told to count 1 to the threshold together. Figures of the
    part begin in `of` at its own less `first`."""
    chosen = part.open_together
    if not chosen or not part.place:
        return
    every, codes = np.array([np.isin(np.arange(len(part.pieces)), list(each)) for each in chosen], dtype=float), list(part.place)
    step = max(1, _AT_ONCE // (len(chosen) * _DRAWN))
    for begin in range(0, len(codes), step):
        places = [part.number(part.place[each], 0) - first for each in codes[begin : begin + step]]
        figures = np.add.outer(np.arange(len(part.pieces)), places)
        counts = every @ of.one[figures]
        told = np.abs(np.tensordot(every, of.directions[figures], axes=1)).max(axis=2) < _NONE
        for which, place in np.argwhere(told & (counts > 0.5) & (counts < threshold + 0.5)).tolist():
            yield codes[begin + place], _union(part.pieces, chosen[which])


def _union(pieces: Sequence[Months], which: frozenset[int]) -> Months:
    return Months().union(*(pieces[at] for at in which))
