"""Contributions: what those who contribute to sums know of them, as far as the largest contributions tell."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from farr.lab.disclosure.attack.insiders import Insiders
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.tables.cells import Cells, Total

_AGREE_TO = 1e-9  # of the size of a sum


def insiders_of(cells: Cells, policy: Policy) -> Insiders | None:
    """Of the cells' figures, numbered as in relations.py: whoever contributes most to a sum knows that it is no less. None where no
    contribution is known.

    Of the second-largest no more is taken to be known than leaves the sum its width (view.py): where a sum is that small, its second
    contributor is not protected from the rest, but as one of few people."""
    sums = [name for name in cells.values if name in cells.top1 and np.any(cells.top1[name] > 0)]
    if not sums:
        return None
    blocks, rows = list(cells.values), cells.count
    figures = (len(blocks) + len(cells.complements())) * rows
    first, second, whose = np.full(figures, -np.inf), np.full(figures, -np.inf), np.full(figures, -1)
    for name in sums:
        place = slice(blocks.index(name) * rows, (blocks.index(name) + 1) * rows)
        first[place] = np.minimum(cells.top1[name], cells.values[name])
        second[place] = np.maximum(np.minimum(cells.top2[name], cells.values[name] - half_width(policy)), 0.0)
        second[place] = np.minimum(second[place], first[place])
        whose[place] = _persons(cells, name) + whose.max(initial=-1) + 1
    return Insiders(first=first, second=second, whose=whose)


def half_width(policy: Policy) -> float:
    """How far a sum must stay uncertain to either side at least: half of what is asked of a count."""
    return (policy.protected[1] - policy.protected[0]) / 2


def _persons(cells: Cells, name: str) -> Any:
    """By row, shape (rows,), the number of whoever contributes most. Who contributes most to a part, and more than anybody's second-largest
    contribution to the whole, contributes most to the whole; and so on, by way of others. No more than that is sure."""
    pairs = np.array([(total.row, part) for total in cells.totals for part in total.parts], dtype=int).reshape(-1, 2)
    second, rest = cells.top2[name].copy(), cells.values[name] - cells.top1[name]
    second[second <= 0] = rest[second <= 0]  # it may not have been given
    sure = pairs[cells.top1[name][pairs[:, 1]] > second[pairs[:, 0]] + _AGREE_TO * np.maximum(1.0, cells.values[name][pairs[:, 0]])]
    joined = coo_matrix((np.ones(len(sure)), (sure[:, 0], sure[:, 1])), shape=(cells.count, cells.count))
    return connected_components(joined, directed=False)[1]


@dataclass(frozen=True)
class Ladder:
    """Which rows add up to which: by row those that `above` it are sums with it, and those that are `below` it, its parts."""

    above: Mapping[int, Sequence[int]]
    below: Mapping[int, Sequence[int]]

    @classmethod
    def of(cls, totals: Sequence[Total]) -> "Ladder":
        above, below = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
        for total in totals:
            below[total.row] += total.parts
            for part in total.parts:
                above[part].append(total.row)
        return cls(above, below)

    def may_be_less(self, row: int, room: Any) -> bool:
        """Whether a row may be less where nothing is shown, when only rows of the mask `room` may: something without parts that is in it,
        and with that every sum that it is in."""
        return any(all(room[each] for each in _reached(self.above, leaf)) for leaf in _reached(self.below, row) if leaf not in self.below)


def _reached(onward: Mapping[int, Sequence[int]], row: int) -> list[int]:
    """The row, and all that are reached from it."""
    found = dict.fromkeys([row])
    todo = [row]
    while todo:
        new = [each for each in dict.fromkeys(onward.get(todo.pop(), ())) if each not in found]
        found |= dict.fromkeys(new)
        todo += new
    return list(found)
