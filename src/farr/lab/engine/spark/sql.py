"""Expressions in Spark's SQL: Ibis's own, but for what Spark's functions of the same name do otherwise."""

from functools import lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from sqlglot import ErrorLevel

from farr.lab.model.table import TableDeclaration

# The types that a declared column may have (model/table.py), as Spark names them.
_TYPES = {
    "string": "STRING",
    "int16": "SMALLINT",
    "int32": "INT",
    "int64": "BIGINT",
    "float64": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "decimal(18, 2)": "DECIMAL(18, 2)",
    "decimal(18, 6)": "DECIMAL(18, 6)",
}
_BLANKS = " \t\n\r\v\f"


class _Compiler(PySparkCompiler):
    """Spark's trim takes spaces alone off; Ibis, and DuckDB with it, all white space."""

    def visit_Strip(self, op: Any, *, arg: Any) -> Any:  # noqa: N802
        return self.f.btrim(arg, _BLANKS)


# Its options, which are read while an expression is compiled, are there once the backend was named.
_BACKEND: Any = getattr(ibis, "pyspark")  # noqa: B009  # made when it is asked for, so no type knows of it
_COMPILER: Any = _Compiler()


def sql_of(expression: ir.Table) -> str:
    """The expression in Spark's SQL. Raises where SQLGlot finds no words for a part of it."""
    return _compiled(expression.op())


def steps_of(expression: ir.Table) -> tuple[dict[str, str], str]:
    """The same in steps: by name what the query reads more than once, in order, each on those before it; and the query on all of them.

    Spark works out a common table expression again wherever it is read. Raises as sql_of does."""
    written = _COMPILER.to_sqlglot(expression)
    shared = {step.alias: _text(step.this) for step in written.ctes}
    written.set("with_", None)
    return shared, _text(written)


@lru_cache(maxsize=256)
def _compiled(operation: Any) -> str:
    return _text(_COMPILER.to_sqlglot(operation.to_expr()))


def _text(written: Any) -> str:
    return str(written.sql(dialect=_COMPILER.dialect, unsupported_level=ErrorLevel.RAISE))


def declared(table: TableDeclaration) -> str:
    """The table's columns and their types, as Spark writes a schema."""
    return ", ".join(f"{quoted(column.name)} {_TYPES[column.type]}" for column in table.columns)


def typed(table: TableDeclaration) -> str:
    """The declared columns in their order, each cast to its declared type, to select."""
    return ", ".join(f"CAST({quoted(c.name)} AS {_TYPES[c.type]}) AS {quoted(c.name)}" for c in table.columns)


def nothing(table: TableDeclaration) -> str:
    """The declared columns, without rows, as a query."""
    return f"SELECT {', '.join(f'CAST(NULL AS {_TYPES[c.type]}) AS {quoted(c.name)}' for c in table.columns)} WHERE false"


def quoted(name: str) -> str:
    escaped = name.replace("`", "``")
    return f"`{escaped}`"
