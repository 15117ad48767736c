"""Organisations as they are: the code of a merged or renamed organisation becomes that of today's successor.

Source: the successor links of the Organisation Data Service. Every succession counts, whatever its date: 'as it is' is today's view.
A code with two successors keeps its own, for a split cannot be assigned; so does one that is said to follow itself.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

HOPS = 6  # links of a chain of successions that are followed; the rest of a longer one is left
AS_WAS = "_As_Was"


def current_codes(successor: ir.Table) -> ir.Table:
    """Former_Code and Current_Code, a row per code with one successor, from organisation_successor."""
    chain, step = _links(successor, "Former_Code", "Current_Code"), _links(successor, "Step_From", "Step_To")
    for _ in range(HOPS - 1):
        joined = chain.left_join(step, chain.Current_Code == step.Step_From)
        # A mutate between two joins keeps Ibis from folding them into one chain, in which a computed key cannot be joined on.
        further = joined.mutate(Current_Code=ibis.coalesce(joined.Step_To, joined.Current_Code))
        chain = further.select("Former_Code", "Current_Code")
    return chain


def _links(successor: ir.Table, code: str, follows: str) -> ir.Table:
    """The codes with one successor, and it, under these two names."""
    known = successor.filter(successor.Organisation_Code.notnull(), successor.Successor_Code.notnull())
    known = known.filter(known.Organisation_Code != known.Successor_Code)
    counted = known.group_by(**{code: known.Organisation_Code}).aggregate(
        **{follows: known.Successor_Code.max()}, Successors=known.Successor_Code.nunique()
    )
    return counted.filter(counted.Successors == 1).drop("Successors")


def with_current_codes(rows: ir.Table, current: ir.Table, columns: Sequence[str]) -> ir.Table:
    """The rows with today's code in each of `columns`, from organisation_current, and the code as fed in a column of the same name
    with _As_Was."""
    for column in columns:
        rows = rows.mutate(**{column + AS_WAS: rows[column]})
        joined = rows.left_join(current, rows[column] == current.Former_Code)
        rows = joined.mutate(**{column: ibis.coalesce(joined.Current_Code, joined[column])}).drop("Former_Code", "Current_Code")
    return rows
