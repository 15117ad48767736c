"""What an attacker can add up in a table: totals and their parts, and numerators with what they leave of their denominators."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix

from farr.lab.disclosure.tables.cells import Figure, Total, complements
from farr.lab.model.question import AggregateKind

_SUMS_AGREE_TO = 1e-6


def relations(figures: Sequence[Figure], totals: Sequence[Total], values: Mapping[str, Any]) -> tuple[csr_matrix, Any]:
    """The matrix of what comes to nought, shape (relations, figures), and how far each relation may be off, shape (relations,).

    Figures are numbered by column, then by complement (denominator less numerator), then by row. `values`, by name and of shape (rows,),
    say how large sums are, which add up to a millionth; counts add up exactly."""
    names, pairs = [figure.name for figure in figures], complements(figures)
    rows, sums = len(next(iter(values.values()))), len(totals)
    entries = [_totals(totals, rows, block) for block in range(len(names))]
    for number, (part, whole) in enumerate(pairs):
        blocks = (names.index(whole), names.index(part), len(names) + number)
        entries += _differences(len(names) * sums + number * rows, blocks, rows)
    lines, columns, signs = (np.concatenate(each) for each in zip(*entries, strict=True))
    shape = (len(names) * sums + len(pairs) * rows, (len(names) + len(pairs)) * rows)
    tops = np.array([total.row for total in totals], dtype=np.int64)
    slack = [np.zeros(sums) if figure.kind is AggregateKind.COUNT else _near(values[figure.name][tops]) for figure in figures]
    return coo_matrix((signs, (lines, columns)), shape=shape).tocsr(), np.concatenate([*slack, np.zeros(len(pairs) * rows)])


def is_root(figures: Sequence[Figure], name: str) -> bool:
    """Whether a hidden row cannot be empty of this: all other figures lie within it, and rows empty of it are never hidden."""
    above = {figure.name: figure.subset_of for figure in figures}
    return above[name] is None and all(_top(other, above) == name for other in above)


def _top(name: str, above: Mapping[str, str | None]) -> str:
    for _ in above:
        name = above.get(name) or name
    return name


def _totals(totals: Sequence[Total], rows: int, block: int) -> tuple[Any, Any, Any]:
    lines = np.repeat(np.arange(len(totals)), [1 + len(total.parts) for total in totals])
    columns = np.array([row for total in totals for row in (total.row, *total.parts)], dtype=np.int64)
    signs = np.array([sign for total in totals for sign in (1.0, *(-1.0 for _ in total.parts))])
    return block * len(totals) + lines, block * rows + columns, signs


def _differences(first: int, blocks: tuple[int, int, int], rows: int) -> list[tuple[Any, Any, Any]]:
    each = np.arange(rows)
    return [(first + each, block * rows + each, np.full(rows, sign)) for block, sign in zip(blocks, (1.0, -1.0, -1.0), strict=True)]


def _near(sizes: Any) -> Any:
    return _SUMS_AGREE_TO * np.maximum(1.0, np.nan_to_num(sizes, nan=1.0))
