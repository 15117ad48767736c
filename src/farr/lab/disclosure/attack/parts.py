"""Parts: pieces of the attacker's problem that share no figure which is free, so that each can be solved by itself."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import bmat
from scipy.sparse.csgraph import breadth_first_order, connected_components

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
    sub = sub[np.flatnonzero(np.diff(sub.indptr))]
    labels: Any = connected_components(_graph(sub), directed=False)[1]
    of_figure = labels[sub.shape[0] :]
    place = np.full(len(held), -1)
    place[free] = np.arange(len(free))
    places = place[np.asarray(wanted, dtype=int)]
    together = _bundles(of_figure, np.unique(of_figure[places[places >= 0]]))
    return [_part(knowledge, at, free[np.isin(of_figure, labels)]) for labels in together]


def clusters(knowledge: Knowledge, held: Any, at: Any, wanted: Any, size: int) -> list[Part]:
    """As `parts`, but cut into clusters of about `size` figures that are near each other, outside of which everything is held."""
    found: list[Part] = []
    for part in parts(knowledge, held, at, wanted):
        if len(part.figures) <= size:
            found.append(part)
            continue
        lines = part.knowledge.matrix.shape[0]
        nodes: Any = breadth_first_order(_graph(part.knowledge.matrix), lines, directed=False, return_predecessors=False)
        near = part.figures[nodes[nodes >= lines] - lines]
        others = np.setdiff1d(part.figures, near)
        found += [_part(knowledge, at, np.sort(each)) for each in np.array_split(np.append(near, others), -(-len(part.figures) // size))]
    return found


def _part(knowledge: Knowledge, at: Any, figures: Any) -> Part:
    inside = np.zeros(len(at), dtype=bool)
    inside[figures] = True
    sub = knowledge.matrix[:, figures].tocsr()
    lines = np.flatnonzero(np.diff(sub.indptr))
    given = knowledge.matrix[lines] @ np.where(inside, 0.0, at)
    return Part(
        figures=figures,
        lines=lines,
        knowledge=Knowledge(
            lower=knowledge.lower[figures],
            upper=knowledge.upper[figures],
            matrix=sub[lines].tocsr(),
            low=knowledge.low[lines] - given,
            high=knowledge.high[lines] - given,
        ),
    )


def _graph(matrix: Any) -> Any:
    """Lines, then figures: each line is joined to the figures that it has."""
    return bmat([[None, abs(matrix)], [abs(matrix).T, None]], format="csr")


def _bundles(of_figure: Any, labels: Any) -> list[Any]:
    """Small parts together, for a program costs more to begin than to solve: labels in groups of about as many figures."""
    sizes = np.bincount(of_figure, minlength=labels.max(initial=-1) + 1)[labels]
    bundle = np.cumsum(sizes) // _TOGETHER
    return [labels[bundle == number] for number in np.unique(bundle)]
