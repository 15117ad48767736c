"""Totals that a table does not have, worked out from its rows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.desk.protecting.errors import ProtectError
from farr.lab.disclosure.tables.structure import Structure, absent_totals, figures_in, keys_of
from farr.lab.model.question import AggregateKind

_Key = tuple[str, ...]


def with_margins(table: pa.Table, structure: Structure) -> pa.Table:
    """The declared columns of the table, with a row more for each total that is missing of all combinations of codes.

    Raises ProtectError where the total would be of people who contribute to a sum: somebody may stand in two rows. Raises CellsError."""
    keys = keys_of(table, structure)
    absent = absent_totals(keys, structure)
    sums = [each.column for each in structure.figures if each.kind is AggregateKind.SUM]
    if absent and sums:
        codes = ", ".join(f"'{code}'" for code in absent[0])
        raise ProtectError(
            f"--margins cannot work out the row of {codes}: the people behind '{sums[0]}' may stand in several rows, and cannot be added "
            "up. Count them where the records are, and give the rows of totals"
        )
    if not absent:
        return table
    figures = figures_in(table, structure)
    known: Any = np.column_stack(list(figures.values()))
    worked_out = _Totals(structure, dict(zip(keys, known, strict=True)), set(absent))
    rows = [*keys, *_in_order(absent, structure)]
    values: Any = np.array([worked_out.of(key) for key in rows])
    columns: dict[str, Any] = {axis.column: pa.array([row[at] for row in rows]) for at, axis in enumerate(structure.axes)}
    return pa.table(columns | {name: pa.array(values[:, at]) for at, name in enumerate(figures)})


def _in_order(absent: Sequence[_Key], structure: Structure) -> list[_Key]:
    """First the totals of the last column, then those of others, then of several."""
    heads = [{code for code, _ in axis.sums} for axis in structure.axes]
    return sorted(absent, key=lambda key: [code in above for code, above in zip(key, heads, strict=True)])


class _Totals:
    """The figures of rows by their codes, arrays of shape (figures,): those that are there, and those worked out from them."""

    def __init__(self, structure: Structure, known: dict[_Key, Any], absent: set[_Key]) -> None:
        self._axes, self._known, self._absent = structure.axes, known, absent

    def of(self, key: _Key) -> Any:
        if key not in self._known:
            self._known[key] = np.sum([self.of(part) for part in self._parts(key)], axis=0)
        return self._known[key]

    def _parts(self, key: _Key) -> Sequence[_Key]:
        """Along the first column in which the codes are a sum of others; that it is the same along the others is checked with all sums."""
        for at, axis in enumerate(self._axes):
            for code, codes in axis.sums:
                parts = [(*key[:at], part, *key[at + 1 :]) for part in codes] if code == key[at] else []
                if parts := [part for part in parts if part in self._known or part in self._absent]:
                    return parts
        return ()  # not reached: what is absent has parts
