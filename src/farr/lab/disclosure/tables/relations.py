"""What an attacker can add up in a table: totals and their parts, and numerators with what they leave of their denominators."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from farr.lab.disclosure.tables.cells import Balance, Figure, Total, complements
from farr.lab.model.question import AggregateKind

_SUMS_AGREE_TO = 1e-6
# Of the size of a sum, in these units: ten times what adding up a million doubles may be off by.
_ROUNDING = 1e-5


def relations(
    figures: Sequence[Figure], totals: Sequence[Total], balances: Sequence[Balance], values: Mapping[str, Any]
) -> tuple[csr_matrix, Any]:
    """The matrix of what comes to nought, shape (relations, figures), and how far each relation may be off, shape (relations,).

    Figures are numbered by column, then by complement (denominator less numerator), then by row. `values`, by name and of shape (rows,),
    say how large sums are, which add up but for rounding; counts add up exactly."""
    names, pairs = [figure.name for figure in figures], complements(figures)
    equal = [*(Balance(ones=(total.row,), others=total.parts) for total in totals), *balances]
    rows, sums = len(next(iter(values.values()))), len(equal)
    entries = [_sums(equal, rows, block) for block in range(len(names))]
    for number, (part, whole) in enumerate(pairs):
        blocks = (names.index(whole), names.index(part), len(names) + number)
        entries += _differences(len(names) * sums + number * rows, blocks, rows)
    lines, columns, signs = (np.concatenate(each) for each in zip(*entries, strict=True))
    shape = (len(names) * sums + len(pairs) * rows, (len(names) + len(pairs)) * rows)
    slack = [np.zeros(sums) if figure.kind is AggregateKind.COUNT else _near(_sizes(equal, values[figure.name])) for figure in figures]
    return coo_matrix((signs, (lines, columns)), shape=shape).tocsr(), np.concatenate([*slack, np.zeros(len(pairs) * rows)])


def is_root(figures: Sequence[Figure], name: str) -> bool:
    """Whether a hidden row cannot be empty of this: all other figures lie within it, and rows empty of it are never hidden."""
    above = {figure.name: figure.subset_of for figure in figures}
    return above[name] is None and all(_top(other, above) == name for other in above)


def _top(name: str, above: Mapping[str, str | None]) -> str:
    for _ in above:
        name = above.get(name) or name
    return name


def _sums(equal: Sequence[Balance], rows: int, block: int) -> tuple[Any, Any, Any]:
    lines = np.repeat(np.arange(len(equal)), [len(each.ones) + len(each.others) for each in equal])
    columns = np.array([row for each in equal for row in (*each.ones, *each.others)], dtype=np.int64)
    signs = np.array([sign for each in equal for sign in (*(1.0 for _ in each.ones), *(-1.0 for _ in each.others))])
    return block * len(equal) + lines, block * rows + columns, signs


def _sizes(equal: Sequence[Balance], values: Any) -> Any:
    return np.array([np.nansum(values[list(each.ones)]) for each in equal])


def _differences(first: int, blocks: tuple[int, int, int], rows: int) -> list[tuple[Any, Any, Any]]:
    each = np.arange(rows)
    return [(first + each, block * rows + each, np.full(rows, sign)) for block, sign in zip(blocks, (1.0, -1.0, -1.0), strict=True)]


def _near(sizes: Any) -> Any:
    """No more than the audit allows a point to be off (knowledge.py, keeps_to): what is found possible by true sizes has to be so by
    printed ones, of which some are hidden."""
    return _SUMS_AGREE_TO * np.maximum(1.0, _ROUNDING * np.nan_to_num(sizes, nan=1.0))
