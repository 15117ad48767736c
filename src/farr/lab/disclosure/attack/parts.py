"""Parts: pieces of the attacker's problem that share no figure which is free, so that each can be solved by itself."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import bmat
from scipy.sparse.csgraph import connected_components

from farr.lab.disclosure.attack.knowledge import Knowledge

_TOGETHER = 1_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """`figures`, shape (free,), and `lines`, shape (relations,): their numbers in the whole. `knowledge` is of these figures alone."""

    figures: Any
    lines: Any
    knowledge: Knowledge


def parts(knowledge: Knowledge, held: Any, at: Any, wanted: Any) -> list[Part]:
    """The parts, small ones together, that hold a figure of `wanted` (numbers), where figures of the mask `held` have the values of `at`,
    shape (figures,).

    Held at true values, figures leave fewer possibilities than the attacker has to allow for: what is possible in a part is possible."""
    free = np.flatnonzero(~held)
    matrix = knowledge.matrix
    sub = matrix[:, free].tocsr()
    rows = np.flatnonzero(np.diff(sub.indptr))
    sub = sub[rows]
    given = matrix[rows] @ np.where(held, at, 0.0)
    low, high = knowledge.low[rows] - given, knowledge.high[rows] - given
    labels: Any = connected_components(bmat([[None, sub], [sub.T, None]]), directed=False)[1]
    of_row, of_figure = labels[: len(rows)], labels[len(rows) :]
    place = np.full(len(held), -1)
    place[free] = np.arange(len(free))
    places = place[np.asarray(wanted, dtype=int)]
    found: list[Part] = []
    for together in _bundles(of_figure, np.unique(of_figure[places[places >= 0]])):
        inside, lines = np.flatnonzero(np.isin(of_figure, together)), np.flatnonzero(np.isin(of_row, together))
        figures = free[inside]
        found.append(
            Part(
                figures=figures,
                lines=rows[lines],
                knowledge=Knowledge(
                    lower=knowledge.lower[figures],
                    upper=knowledge.upper[figures],
                    matrix=sub[lines][:, inside].tocsr(),
                    low=low[lines],
                    high=high[lines],
                    insiders=None if knowledge.insiders is None else knowledge.insiders.among(figures),
                ),
            )
        )
    return found


def _bundles(of_figure: Any, labels: Any) -> list[Any]:
    """Small parts together, for a program costs more to begin than to solve: labels in groups of about as many figures."""
    sizes = np.bincount(of_figure, minlength=labels.max(initial=-1) + 1)[labels]
    bundle = np.cumsum(sizes) // _TOGETHER
    return [labels[bundle == number] for number in np.unique(bundle)]
