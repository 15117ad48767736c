"""Expressions as SQL text, and the text of marts' rules as it was last written out."""

from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir

_RULE = "_rule.sql"


def sql_of(expression: ir.Table) -> str:
    """The expression in DuckDB's SQL."""
    return _compiled(expression.op())


@lru_cache(maxsize=256)
def _compiled(operation: Any) -> str:
    # Files of one feed are checked by the same expressions, and writing one out as SQL takes longer than running it on a month.
    return str(ibis.to_sql(operation.to_expr(), dialect="duckdb"))


def keep_rule(store: Path, mart: str, sql: str, staging: Path) -> None:
    """Keeps the text of a mart's rule in its folder of the store, which may be deleted; where it cannot be written, nothing. Half of it can
    lie in the folder `staging` alone, which is cleared away."""
    if kept_rule(store, mart) != sql:
        with suppress(OSError):
            (staging / _RULE).write_text(sql, encoding="utf-8")
            (staging / _RULE).replace(store / mart / _RULE)


def kept_rule(store: Path, mart: str) -> str | None:
    """The text as it was kept, which is to be believed only where its digest is the one that was sealed with the mart."""
    with suppress(OSError, ValueError):
        return (store / mart / _RULE).read_text(encoding="utf-8")
    return None
