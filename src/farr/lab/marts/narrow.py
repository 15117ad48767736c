"""Columns worked out on a few others and joined to the rows that they are of: what sorts rows should carry little."""

from collections.abc import Sequence

import ibis.expr.types as ir


def with_columns(rows: ir.Table, worked_out: ir.Table, key: Sequence[str]) -> ir.Table:
    """The rows with the other columns of `worked_out`, which has a row for each of them; the columns `key`, in both, tell rows apart. The
    first of them is never null."""
    known = worked_out.rename({f"Known_{name}": name for name in key})
    first, *others = key
    same = [rows[first] == known[f"Known_{first}"], *(rows[name].identical_to(known[f"Known_{name}"]) for name in others)]
    return rows.left_join(known, same).drop(*(f"Known_{name}" for name in key))
