"""What was done to a table and why, and what an attacker makes of it, as tables on screen: for whoever holds the true table."""

import math
from collections.abc import Sequence

import pyarrow as pa
from rich import box
from rich.markup import escape
from rich.table import Table

from farr.lab.desk.protecting.writing import rounding_of
from farr.lab.disclosure.api import BESIDES, Protected
from farr.lab.disclosure.policy import Policy
from farr.lab.disclosure.suppress.protection import Protection
from farr.lab.disclosure.tables.structure import Structure
from farr.lab.model.question import AggregateKind

_BY_REASON = (
    ("small", "  as small"),
    ("dominated", "  because few people make up a sum"),
    ("leaves few", "  because of the few that they leave"),
)


def summary(protected: Protected, policy: Policy, title: str) -> Table:
    """Rows may be hidden for several reasons, so that these may add up to more than the rows."""
    table = Table(title=escape(title), title_justify="left", box=box.SIMPLE_HEAD, show_header=False)
    for _ in ("what", "how many"):
        table.add_column(overflow="fold")
    why = [reasons.split(", ") for reasons in protected.why]
    protection = protected.protection
    hidden = sum(each != [""] for each in why)
    table.add_row("Rows", f"{len(why):,}")
    table.add_row("Hidden", f"{hidden:,}")
    for reason, said in _BY_REASON:
        table.add_row(said, f"{sum(reason in each for each in why):,}")
    table.add_row("  besides, to protect others", f"{sum(BESIDES in each for each in why):,}")
    table.add_row("  cost of those besides", _cost(protection))
    table.add_row("Rounded", rounding_of(policy))
    table.add_row("Attacker audit", f"passed; figures it protects: {protection.protected_figures:,}")
    table.add_row("Policy", f"{policy.name}: {policy.title}")
    table.add_row("  its source", policy.source)
    return table


def _cost(protection: Protection) -> str:
    cost = f"{protection.cost:,.0f} (a row 1, a total 2)"
    if protection.gap == 0:
        return f"{cost}, proven to be the least"
    if protection.bound < 1:
        return f"{cost}; whether less would do was not found out: a longer --best may"
    return f"{cost}; the least is {math.ceil(protection.bound - 1e-6):,} or more: at most {protection.gap:.0%} too much"


def not_checked(structure: Structure, policy: Policy) -> list[str]:
    """What the policy asks of sums and the columns given cannot tell."""
    rules = [policy.p_percent is not None, policy.dominance_k is not None]
    found: list[str] = []
    for each in structure.figures:
        if each.kind is AggregateKind.SUM and any(rules):
            missing = [option for option, column in (("--largest", each.largest), ("--second", each.second)) if column is None]
            if missing:
                extent = "at all" if each.largest is None else "in full"
                found.append(f"Not checked {extent}: whether one or two people make up most of '{each.column}'; give {', '.join(missing)}.")
    return found


def attacked(found: pa.Table, axes: Sequence[str], title: str) -> Table:
    """How far each hidden figure of the printed table can be narrowed."""
    table = Table(title=escape(title), title_justify="left", box=box.SIMPLE_HEAD)
    for column in (*axes, "figure"):
        table.add_column(escape(column), overflow="fold")
    for column in ("at least", "at most"):
        table.add_column(column, justify="right", no_wrap=True)
    for row in found.to_pylist():
        table.add_row(*(escape(str(row[name])) for name in axes), escape(row["figure"]), _end(row["low"]), _end(row["high"]))
    return table


def _end(value: float) -> str:
    if math.isinf(value):
        return "no bound"
    return f"{round(value, 2) + 0.0:,.2f}".removesuffix(".00")
