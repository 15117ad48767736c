"""Parts: pieces of the attacker's problem that share no figure which is free, so that each can be solved by itself."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import bmat
from scipy.sparse.csgraph import connected_components

from farr.lab.disclosure.attack.knowledge import Knowledge


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """`figures`, shape (free,), and `lines`, shape (relations,): their numbers in the whole. `knowledge` is of these figures alone."""

    figures: Any
    lines: Any
    knowledge: Knowledge


def parts(knowledge: Knowledge, held: Any, at: Any, wanted: Any) -> list[Part]:
    """The parts that hold a figure of `wanted` (numbers), where figures of the mask `held` have the values of `at`, shape (figures,).

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
    for label in np.unique(of_figure[places[places >= 0]]):
        inside, lines = np.flatnonzero(of_figure == label), np.flatnonzero(of_row == label)
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
                ),
            )
        )
    return found
