"""What a question asks, in words and SQL, made from the question itself: a checker reads this, and not what the asker says of it."""

from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler  # pyright: ignore[reportMissingTypeStubs]
from sqlglot.expressions import Column

from farr.lab.model.question import AggregateKind, Question


def words_of(question: Question) -> tuple[tuple[str, str], ...]:
    """Part by part: records, months, which rows, each figure and each breakdown."""
    left_out = f", without {', '.join(str(month) for month in sorted(question.left_out))}" if question.left_out else ""
    parts = [
        ("records", f"{question.table.title} ({', '.join(question.sources)})"),
        ("months", f"{question.period}{left_out}"),
        ("rows", sql_of(question.where)),
    ]
    for each in question.aggregates:
        which = _beyond(each.where, question.where)
        inside = f"; they lie within '{each.subset_of}'" if each.subset_of else ""
        if each.kind is AggregateKind.COUNT or each.value is None:
            parts.append((f"figure '{each.name}'", f"how many of {which}{inside}"))
        else:
            parts.append((f"figure '{each.name}'", f"the sum of {sql_of(each.value)}, over {which}{inside}"))
    for each in question.groupings:
        by = " by ".join(each.dimensions) or "the nation"
        parts.append(("breakdown", f"{by}, by month" if each.monthly else by))
    for each in question.estimates:
        parts.append((f"verdict '{each.name}'", f"{each.estimator}, by {' by '.join(each.grouping.dimensions) or 'the nation'}"))
    return tuple(parts)


def _beyond(where: ir.BooleanValue, rows: ir.BooleanValue) -> str:
    """What a figure's condition asks beyond that of the question's rows, to which it is added in any case."""
    asked = _conjuncts(rows.op())
    more = [each for each in _conjuncts(where.op()) if each not in asked]
    if not more:
        return "these rows"
    said = "\nAND ".join(sql_of(each.to_expr()) for each in more)
    return f"these rows where\n{said}"


def _conjuncts(operation: ops.Node) -> list[ops.Node]:
    if isinstance(operation, ops.And):
        return [*_conjuncts(operation.left), *_conjuncts(operation.right)]
    return [operation]


def sql_of(expression: ir.Value) -> str:
    """The expression in DuckDB's SQL, without the table's name before each column where there is one table."""
    tree: Any = DuckDBCompiler().to_sqlglot(expression.name("asked"))
    shown: Any = tree.expressions[0].this if _is_plain(tree) else tree
    columns = list(shown.find_all(Column))
    if shown is not tree and len({column.table for column in columns}) == 1:
        for column in columns:
            column.set("table", None)
    return str(shown.sql(dialect="duckdb", pretty=True))


def _is_plain(tree: Any) -> bool:
    """Whether the expression stands by itself: what reads other tables is shown whole."""
    return len(tree.expressions) == 1 and not tree.args.get("with") and not tree.args.get("joins")
