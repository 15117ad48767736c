"""Refresh: the same table of other months, or of the same months sent again. What is hidden now keeps the figure that was shown before."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.tables.asked import Asked
from farr.lab.disclosure.tables.published import EARLIER, SUPPRESSED
from farr.lab.model.period import Period
from farr.lab.model.question import AggregateKind

_WHEN = ("period", "left_out")


@dataclass(frozen=True, kw_only=True, eq=False)
class Refresh:
    """`table` was released before; `place`, shape (rows,), is where each row stands in it, -1 where it does not. `same_months` says whether
    both are of the same months."""

    table: pa.Table
    place: Any
    same_months: bool

    def changed(self, asked: Asked, policy: Policy) -> dict[str, dict[int, tuple[float, float]]]:
        """By figure, rows of the same months whose change, as printed, could only be that of a few people; with an interval of which the
        attacker must be left one end: no change, or one of more than a few."""
        found: dict[str, dict[int, tuple[float, float]]] = {}
        for aggregate in asked.question.aggregates if self.same_months else ():
            name, whole = aggregate.name, aggregate.kind is AggregateKind.COUNT
            few = np.full(len(self.place), float(policy.threshold)) if whole else policy.threshold * asked.cells.top1[name]
            before, shown = self._before(name)
            for row in np.flatnonzero(shown):
                old = policy.preimage(float(before[row]), whole=whole)
                new = policy.preimage(policy.rounded(float(asked.cells.values[name][row])), whole=whole)
                more, less = (new[0] - old[1], new[1] - old[0]), (old[0] - new[1], old[1] - new[0])
                if more[0] > 0 and more[1] <= few[row]:
                    found.setdefault(name, {})[int(row)] = (old[1], old[1] + float(few[row]) + 1)
                if less[0] > 0 and less[1] <= few[row]:
                    found.setdefault(name, {})[int(row)] = (old[0] - float(few[row]) - 1, old[0])
        return found

    def kept(self, hidden: Any) -> Any:
        """The rows, a mask, that are hidden now and were shown before."""
        shown = np.zeros(len(hidden), dtype=bool)
        for name in self.table.column_names:
            if f"{name}__status" in self.table.column_names:
                shown |= self._before(name)[1]
        return hidden & shown

    def with_kept(self, table: pa.Table, kept: Any, verdicts: Collection[str]) -> pa.Table:
        """The new table, whose rows of the mask `kept` have the figures and `verdicts` of the earlier one, with the status 'earlier'."""
        for name in table.column_names:
            is_status = name.endswith("__status")
            if not is_status and f"{name}__status" not in table.column_names and name not in verdicts:
                continue
            old = self.table[name].to_pylist()
            values = [
                (EARLIER if is_status else old[at]) if keep else value
                for value, at, keep in zip(table[name].to_pylist(), self.place, kept, strict=True)
            ]
            table = table.set_column(table.schema.get_field_index(name), name, pa.array(values, type=table[name].type))
        return table

    def _before(self, name: str) -> tuple[Any, Any]:
        """What was printed of each row before, shape (rows,), and whether any figure was."""
        values = np.asarray(self.table[name].to_numpy(zero_copy_only=False), dtype=float)
        shown = np.array([status != SUPPRESSED for status in self.table[f"{name}__status"].to_pylist()], dtype=bool)
        there = self.place >= 0
        at = np.where(there, self.place, 0)
        if not len(values):
            return np.full(len(self.place), np.nan), np.zeros(len(self.place), dtype=bool)
        return np.where(there, values[at], np.nan), there & shown[at] & np.isfinite(values[at])


def refresh_of(asked: Asked, released: Sequence[tuple[Mapping[str, Any], pa.Table]]) -> Refresh | None:
    """Of the tables `released` so far, each with its canonical question, the last that is the same but for its records, or for months that
    began and ended earlier and overlap: last month's rolling year is one, last year is none."""
    question = json.loads(json.dumps(asked.question.canonical()))  # as the ledger has it
    mine, period = _but_for_when(question), asked.question.period
    for earlier, table in reversed(released):
        if _but_for_when(earlier) != mine:
            continue
        same = all(earlier[name] == question[name] for name in _WHEN)
        before = Period.parse(earlier["period"])
        if same or (before.first <= period.first <= before.last < period.last):
            return Refresh(table=table, place=_places(asked, table), same_months=same)
    return None


def hidden_before(asked: Asked, table: pa.Table) -> Any:
    """The rows, a mask, that stand in the earlier table without any figure."""
    place = _places(asked, table)
    names = [name for name in table.column_names if name.endswith("__status")]
    hidden = [np.array([status == SUPPRESSED for status in table[name].to_pylist()], dtype=bool) for name in names]
    return (place >= 0) & np.append(np.all(hidden, axis=0), False)[place]


def _but_for_when(question: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in question.items() if name not in _WHEN}


def _places(asked: Asked, table: pa.Table) -> Any:
    names = list(asked.keys)
    before = zip(table["grouping"].to_pylist(), *(table[name].to_pylist() for name in names), strict=True)
    where = {key: at for at, key in enumerate(before)}
    now = zip(map(int, asked.grouping), *(asked.keys[name] for name in names), strict=True)
    return np.array([where.get(key, -1) for key in now], dtype=int)
