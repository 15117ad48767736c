"""Expressions as SQL text."""

from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir


def sql_of(expression: ir.Table) -> str:
    """The expression in DuckDB's SQL."""
    return _compiled(expression.op())


@lru_cache(maxsize=256)
def _compiled(operation: Any) -> str:
    # Files of one feed are checked by the same expressions, and writing one out as SQL takes longer than running it on a month.
    return str(ibis.to_sql(operation.to_expr(), dialect="duckdb"))
