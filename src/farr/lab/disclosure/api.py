"""Disclosure control of any table, by itself: no question, no session, no ledger.

    structure = Structure(axes=(flat("region", regions), flat("sex", sexes)), figures=(FigureColumn(column="patients"),))
    protected = protect(table, structure, known_policies()["hes_2018"])
    protected.table      # what may be shown
    audit(protected.table, structure, policy)   # what an attacker makes of it

What is protected here is one table. Earlier tables about the same people are the gate's business, and are not looked at.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from farr.lab.disclosure.attack import intervals
from farr.lab.disclosure.attack.insiders import Insiders
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.suppress.optimal import Effort
from farr.lab.disclosure.suppress.protection import Protection
from farr.lab.disclosure.suppress.protection import protect as protect_cells
from farr.lab.disclosure.tables.cells import CellsError
from farr.lab.disclosure.tables.contributions import insiders_of
from farr.lab.disclosure.tables.published import ROUNDED, SHOWN, SUPPRESSED, Published, knowledge_of
from farr.lab.disclosure.tables.structure import Structure, cells_of, keys_of, totals_of
from farr.lab.disclosure.tables.view import reasons

BESIDES = "protects others"
_AS_IT_IS = Policy(title="As printed", source="none", why="none", unverified="none", threshold=0, zero_shown=False)


@dataclass(frozen=True, kw_only=True)
class Protected:
    """`table`: the rows as they may be shown, with each figure's `__status` (shown, rounded, suppressed) behind it, and no column that
    was not declared. `why`: of each row, why it is hidden, '' where it is not; this is for whoever holds the true table."""

    table: pa.Table
    why: tuple[str, ...]
    protection: Protection


def protect(
    table: pa.Table, structure: Structure, policy: Policy, *, effort: Effort | None = None, secret: bytes = b"", seconds: float = 60.0
) -> Protected:
    """Hides small rows and as many others as the audit needs, and rounds, as the policy says. Which of several rows that would protect as
    well is hidden hangs on the `secret`: without one, whoever has Farr can find out which tables would have been hidden so.

    Raises CellsError for a table that is not as its structure says, and AuditError where no safe pattern was found in time."""
    cells = cells_of(table, structure, secret=secret)
    protection = protect_cells(cells, policy, effort=effort or Effort(), seconds=seconds)
    columns: dict[str, Any] = {axis.column: table[axis.column] for axis in structure.axes}
    for name, values in protection.table.values.items():
        columns[name] = pa.array(values, type=pa.float64(), from_pandas=True)
        columns[f"{name}__status"] = pa.array(protection.table.status[name].tolist(), type=pa.string())
    why = reasons(cells, policy)
    return Protected(
        table=pa.table(columns),
        why=tuple(_why(row, bool(hidden), why) for row, hidden in enumerate(protection.hidden)),
        protection=protection,
    )


def audit(
    published: pa.Table, structure: Structure, policy: Policy | None = None, *, contributed: pa.Table | None = None, seconds: float = 60.0
) -> pa.Table:
    """How far an attacker who holds the table can narrow each hidden figure: the axes' columns, `figure`, `low` and `high` (infinite where
    nothing bounds it). A figure is hidden where its `__status` says so or, without such a column, where it is null.

    With `contributed`, the true table of the same rows, whoever contributes most to a sum knows that it is no less: `low` is what all of
    them together are left with, but for whoever contributes most to that figure, and `high` what all are. `policy` None: figures are as
    they are, and nothing is known of hidden ones. Raises CellsError and AuditError."""
    policy = policy or _AS_IT_IS
    read = _read(published, structure, policy)
    known = replace(knowledge_of(read, policy), insiders=_insiders(published, contributed, structure, policy))
    found: list[tuple[int, str, int]] = []
    rows = published.num_rows
    for block, (name, status) in enumerate(read.status.items()):
        found += [(block * rows + int(row), name, int(row)) for row in np.flatnonzero(status == SUPPRESSED)]
    ends = intervals(known, [figure for figure, _, _ in found], seconds=seconds)
    places = pa.array([row for _, _, row in found], type=pa.int64())
    columns: dict[str, Any] = {axis.column: published[axis.column].take(places) for axis in structure.axes}
    columns |= {"figure": pa.array([name for _, name, _ in found], type=pa.string())}
    return pa.table(columns | {"low": pa.array(ends[:, 0]), "high": pa.array(ends[:, 1])})


def _insiders(published: pa.Table, contributed: pa.Table | None, structure: Structure, policy: Policy) -> Insiders | None:
    if contributed is None:
        return None
    if keys_of(published, structure) != keys_of(contributed, structure):
        raise CellsError("the table of what was contributed has other rows, or in another order")
    return insiders_of(cells_of(contributed, structure), policy)


def _read(table: pa.Table, structure: Structure, policy: Policy) -> Published:
    values: dict[str, Any] = {}
    status: dict[str, Any] = {}
    for each in structure.figures:
        values[each.column] = np.asarray(table[each.column].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=float)
        if f"{each.column}__status" in table.column_names:
            status[each.column] = np.array(table[f"{each.column}__status"].to_pylist())
        else:
            shown = SHOWN if policy.rounding_base == 1 else ROUNDED
            status[each.column] = np.where(np.isnan(values[each.column]), SUPPRESSED, shown)
    figures = tuple(each.figure for each in structure.figures)
    return Published(figures=figures, values=values, status=status, totals=totals_of(table, structure))


def _why(row: int, hidden: bool, why: dict[str, Any]) -> str:
    if not hidden:
        return ""
    return ", ".join(reason for reason, rows in why.items() if rows[row]) or BESIDES
