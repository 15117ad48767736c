"""What a question asks, in words and SQL, made from the question itself: a checker reads this, and not what the asker says of it."""

from typing import Any

import ibis.expr.types as ir
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler  # pyright: ignore[reportMissingTypeStubs]

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
        inside = f", within '{each.subset_of}'" if each.subset_of else ""
        if each.kind is AggregateKind.COUNT or each.value is None:
            parts.append((f"figure '{each.name}'", f"rows{inside} where\n{sql_of(each.where)}"))
        else:
            parts.append((f"figure '{each.name}'", f"sum{inside} of\n{sql_of(each.value)}\nwhere\n{sql_of(each.where)}"))
    for each in question.groupings:
        by = " by ".join(each.dimensions) or "the nation"
        parts.append(("breakdown", f"{by}, by month" if each.monthly else by))
    for each in question.estimates:
        parts.append((f"verdict '{each.name}'", f"{each.estimator}, by {' by '.join(each.grouping.dimensions) or 'the nation'}"))
    return tuple(parts)


def sql_of(expression: ir.Value) -> str:
    """The expression in DuckDB's SQL, without the table's name before each column."""
    tree: Any = DuckDBCompiler().to_sqlglot(expression.name("asked"))
    shown: Any = tree.expressions[0].this if _is_plain(tree) else tree
    return str(shown.sql(dialect="duckdb", pretty=True)).replace('"t0".', "")


def _is_plain(tree: Any) -> bool:
    """Whether the expression stands by itself: what reads other tables is shown whole."""
    return len(tree.expressions) == 1 and not tree.args.get("with") and not tree.args.get("joins")
