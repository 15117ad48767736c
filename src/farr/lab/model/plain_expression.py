"""Row conditions as plain data: the ledger keeps which rows a release counted, and a later session reads it without running it.

A condition is written as `{"table": "apc_spell", "nodes": [...]}`, the last node being the condition itself. A node is
`["Field", column]`, `["Literal", type, value]`, or an operation's name and its arguments in Ibis's order, each of them

- the number of an earlier node, or null for an argument that is left out;
- `{"type": "float64"}`, `{"unit": "D"}` or `{"text": "\\\\"}` for what is no value of a row;
- a list of numbers of nodes, and of `{"type": "string", "values": [...]}` for literals of one type that follow each other.

Every node stands once, after those it is made of. There is one way to write a condition, and no other is read.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from itertools import groupby
from typing import Any, cast

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir

from farr.lab.model.errors import FarrError
from farr.lab.model.table import TableDeclaration

# Operations on the values of one row. A name that is not listed is never looked up, so no text of the ledger can name a function,
# text of SQL, a clock, a random number, another table, or what looks at other rows.
_ALLOWED: tuple[type, ...] = (
    *(ops.Field, ops.Literal, ops.Alias, ops.Cast, ops.TryCast),
    *(ops.And, ops.Or, ops.Xor, ops.Not, ops.Equals, ops.NotEquals, ops.Greater, ops.GreaterEqual, ops.Less, ops.LessEqual),
    *(ops.Between, ops.InValues, ops.IdenticalTo, ops.IsNull, ops.NotNull, ops.NullIf, ops.Coalesce, ops.IfElse),
    *(ops.SearchedCase, ops.SimpleCase, ops.Greatest, ops.Least, ops.Clip),
    *(ops.Add, ops.Subtract, ops.Multiply, ops.Divide, ops.FloorDivide, ops.Modulus, ops.Negate, ops.Power),
    *(ops.Abs, ops.Sign, ops.Ceil, ops.Floor, ops.Round, ops.Sqrt, ops.Exp, ops.Ln, ops.Log, ops.Log2, ops.Log10),
    *(ops.IsNan, ops.IsInf, ops.StringLength, ops.Substring, ops.StringSlice, ops.StrRight, ops.StringConcat),
    *(ops.StartsWith, ops.EndsWith, ops.StringContains, ops.StringFind, ops.StringReplace, ops.StringSQLLike),
    *(ops.StringSQLILike, ops.RegexSearch, ops.RegexExtract, ops.RegexReplace, ops.Lowercase, ops.Uppercase),
    *(ops.Strip, ops.LStrip, ops.RStrip, ops.LPad, ops.RPad),
    *(ops.DateFromYMD, ops.DateAdd, ops.DateSub, ops.DateDiff, ops.DateDelta, ops.DateTruncate, ops.IntervalFromInteger),
    *(ops.ExtractYear, ops.ExtractQuarter, ops.ExtractMonth, ops.ExtractDay, ops.ExtractDayOfYear, ops.DayOfWeekIndex),
)
OPERATIONS: dict[str, Any] = {each.__name__: each for each in _ALLOWED}

_TYPE = re.compile(
    r"!?(boolean|u?int(?=8|16|32|64)|float(?=16|32|64)|string|date|timestamp|time|null|decimal|interval)"
    r"(?:8|16|32|64|\(\d{1,2}, \d{1,2}\)|\(\d\)|\('[A-Za-z]{1,2}'\))?"
)
_DEPTH = 150  # Ibis, DuckDB's SQL and Python go down an expression by calling themselves
_SIZE = 4_000_000  # characters of a condition, were every shared part of it written out again, as it is in SQL


class ExpressionError(FarrError, ValueError):
    """A condition that cannot be written as plain data, or plain data that is no condition; the message names the operation."""


@dataclass(frozen=True)
class _Form:
    """How a literal's value is kept: its class in Ibis, its class in JSON, and the way there and back."""

    held: type
    kept: type
    write: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value


_FORMS = {
    "boolean": _Form(bool, bool),
    "int": _Form(int, int),
    "uint": _Form(int, int),
    "interval": _Form(int, int),  # as many of the type's unit
    "float": _Form(float, float),
    "string": _Form(str, str),
    "decimal": _Form(Decimal, str, str, Decimal),
    "date": _Form(date, str, date.isoformat, date.fromisoformat),
    "time": _Form(time, str, time.isoformat, time.fromisoformat),
    "timestamp": _Form(datetime, str, datetime.isoformat, datetime.fromisoformat),
    "null": _Form(type(None), type(None)),
}


def plain_of(expression: ir.Value) -> dict[str, Any]:
    """A condition on an unbound table, as dictionaries, lists, strings, numbers, booleans and None; the same each time.

    Raises ExpressionError for what is no condition, for an operation that is not listed, for a second table, for a literal of
    another kind, for too deep or too large a condition, and where reading back would not give the same expression.
    """
    if not isinstance(expression, ir.Value):
        raise ExpressionError(f"a {type(expression).__name__} is no condition; give a true-or-false expression on a declared table")
    return json.loads(_text_of(expression.op()))


def expression_of(plain: Any, table: TableDeclaration) -> ir.BooleanValue:
    """The condition that `plain_of` wrote, on `table.unbound`; it may be asked only where the engine allows it.

    Raises ExpressionError for anything that `plain_of` would not have written, for a condition on another table, and for a column
    that the table does not declare, or not with values of such a kind.
    """
    try:
        text = _as_text(plain)
    except (TypeError, ValueError, RecursionError) as error:
        raise ExpressionError("a condition is kept as plain data: dictionaries, lists, strings, finite numbers, booleans, None") from error
    return _operation_of(text, table.unbound.op()).to_expr()


def _as_text(plain: Any) -> str:
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), allow_nan=False)


# The same conditions are written and read for every release of a session.
@lru_cache(maxsize=4096)
def _text_of(root: ops.Node) -> str:
    text, table = _written(root)
    if _made(json.loads(text), table) != root:
        raise ExpressionError(f"{type(root).__name__}: the condition would not be read back as it is; write it more simply")
    return text


@lru_cache(maxsize=1024)
def _operation_of(text: str, table: ops.UnboundTable) -> ops.Node:
    if len(text) > _SIZE:
        raise ExpressionError(f"a condition of {len(text)} characters is too large to be read")
    root = _made(json.loads(text), table)
    # Ibis takes much for a value (text for a number, true for 1): what it made is the condition only if it is written like this.
    if _written(root)[0] != text:
        raise ExpressionError(f"{type(root).__name__}: the condition is not written as conditions are; it was changed")
    return root


@dataclass
class _Extent:
    """Depth and written-out length of each node so far; shared parts count each time. Raises ExpressionError where too large."""

    of: list[tuple[int, int]] = field(default_factory=lambda: [])

    def add(self, node: list[Any], length: int) -> None:
        below = [self.of[number] for number in _numbers(node)]
        depth, size = 1 + max((each[0] for each in below), default=0), length + sum(each[1] for each in below)
        if depth > _DEPTH or size > _SIZE:
            raise ExpressionError(f"{node[0]}: the condition is too deep or too large to be kept; write it with fewer operations")
        self.of.append((depth, size))


def _numbers(node: list[Any]) -> list[int]:
    """The nodes that a node is made of, in order, once for each place."""
    if node[0] in {"Field", "Literal"}:
        return []
    flat = [part for argument in node[1:] for part in (cast(list[Any], argument) if isinstance(argument, list) else [argument])]
    return [part for part in flat if type(part) is int]


# Writing ---------------------------------------------------------------------------------------------------------------------


def _written(root: ops.Node) -> tuple[str, ops.UnboundTable | None]:
    """The condition as text, and the table it reads (none for one without columns)."""
    nodes: list[str] = []
    place: dict[str, int] = {}
    done: dict[int, int] = {}  # by identity: equal nodes may hold what JSON tells apart, such as 0.0 and -0.0
    extent, tables = _Extent(), set[Any]()
    ahead = [(root, False)]
    while ahead:
        operation, below_done = ahead.pop()
        if id(operation) in done:
            continue
        if not below_done:
            _check_allowed(operation, tables)
            ahead.append((operation, True))
            ahead.extend((below, False) for below in reversed(_below(operation)))
            continue
        node = _node(operation, done)
        text = _as_text(node)
        if text not in place:
            extent.add(node, len(text))
            place[text] = len(nodes)
            nodes.append(text)
        done[id(operation)] = place[text]
    _check_condition(root)
    (table,) = tables or {None}
    name = "null" if table is None else json.dumps(table.name)
    return f'{{"nodes":[{",".join(nodes)}],"table":{name}}}', table


def _check_allowed(operation: ops.Node, tables: set[Any]) -> None:
    """Adds the table that a field reads. Raises ExpressionError unless the operation is listed and the table the only one."""
    name = type(operation).__name__
    if OPERATIONS.get(name) is not type(operation):
        raise ExpressionError(f"{name} is not an operation on the values of one row that can be kept; write the condition without it")
    if type(operation) is ops.Field:
        table = operation.rel
        tables.add(table)
        if type(table) is not ops.UnboundTable or table != ops.UnboundTable(name=table.name, schema=table.schema):
            raise ExpressionError(
                f"Field '{operation.name}' is of a {type(table).__name__}; write conditions on a declared table's columns"
            )
        if len(tables) > 1:
            raise ExpressionError(f"Field '{operation.name}' is of a second table, '{table.name}'; a condition is on the rows of one")


def _check_condition(root: ops.Node) -> None:
    if not root.dtype.is_boolean():
        raise ExpressionError(f"{type(root).__name__}: a condition is true or false, and this is of type {root.dtype}")


def _below(operation: ops.Node) -> list[ops.Node]:
    """The operations among the arguments that are nodes of their own; literals in a list stand in the list."""
    if type(operation) in (ops.Field, ops.Literal):
        return []
    found: list[ops.Node] = []
    for argument in operation.args:
        if isinstance(argument, tuple):
            found += [each for each in cast(tuple[Any, ...], argument) if type(each) is not ops.Literal]
        elif isinstance(argument, ops.Node):
            found.append(argument)
    return found


def _node(operation: ops.Node, done: dict[int, int]) -> list[Any]:
    name = type(operation).__name__
    if type(operation) is ops.Field:
        return [name, operation.name]
    if type(operation) is ops.Literal:
        return [name, _type_text(operation.dtype, name), _plain_value(operation)]
    return [name, *(_plain_argument(each, done, name) for each in operation.args)]


def _plain_argument(argument: Any, done: dict[int, int], name: str) -> Any:
    if argument is None:
        return None
    if isinstance(argument, ops.Node):
        return done[id(argument)]
    if isinstance(argument, tuple):
        return _plain_list(cast(tuple[Any, ...], argument), done, name)
    if isinstance(argument, dt.DataType):
        return {"type": _type_text(argument, name)}
    if isinstance(argument, Enum):
        return {"unit": argument.value}
    if type(argument) is str:
        return {"text": argument}
    raise ExpressionError(f"{name} has an argument of class {type(argument).__name__}, which cannot be kept")


def _plain_list(arguments: tuple[ops.Node, ...], done: dict[int, int], name: str) -> list[Any]:
    """A list of a thousand codes is one list and one type, not a thousand nodes."""
    result: list[Any] = []
    for kind, run in groupby(arguments, key=lambda each: each.dtype if type(each) is ops.Literal else None):
        if kind is None:
            result += [done[id(each)] for each in run]
        else:
            result.append({"type": _type_text(kind, name), "values": [_plain_value(each) for each in run]})
    return result


def _type_text(kind: Any, name: str) -> str:
    text = str(kind)
    if not _TYPE.fullmatch(text):
        raise ExpressionError(f"{name} is of type {text}, which cannot be kept; use numbers, strings, dates, times or booleans")
    return text


def _plain_value(literal: ops.Literal) -> Any:
    form = _form(str(literal.dtype))
    value = literal.value
    if value is None:
        return None
    # NaN and the infinities are no numbers of JSON.
    finite = value.is_finite() if isinstance(value, Decimal) else not isinstance(value, float) or abs(value) < float("inf")
    if form is None or type(value) is not form.held or not finite:
        raise ExpressionError(f"Literal of type {literal.dtype}: its value, a {type(value).__name__}, cannot be kept")
    return form.write(value)


# Reading ---------------------------------------------------------------------------------------------------------------------


def _made(plain: Any, table: ops.UnboundTable | None) -> ops.Node:
    """The condition's operation. Every node is made of earlier ones alone, so nothing can be endless."""
    if not isinstance(plain, dict) or set(cast(dict[str, Any], plain)) != {"table", "nodes"} or not _is_filled_list(plain["nodes"]):
        raise ExpressionError("a condition is kept as its 'table' and its 'nodes', and this is not")
    named = cast(Any, plain["table"])
    if named is not None and (table is None or named != table.name):
        raise ExpressionError("the condition is not on the rows of this table" + (f", '{table.name}'" if table is not None else ""))
    made: list[ops.Node] = []
    extent = _Extent()
    for node in cast(list[Any], plain["nodes"]):
        if not _is_filled_list(node) or type(node[0]) is not str or node[0] not in OPERATIONS:
            raise ExpressionError(f"node {len(made)} of the condition is no operation on the values of one row that can be kept")
        if not all(0 <= number < len(made) for number in _numbers(node)):
            raise ExpressionError(f"{node[0]}: node {len(made)} of the condition is made of nodes that do not come before it")
        extent.add(node, len(_as_text(node)))
        try:
            made.append(_operation(node, made, table))
        # What Ibis raises for arguments that do not fit is of many classes, and all of them say the same here.
        except Exception as error:
            raise ExpressionError(f"{node[0]}: node {len(made)} of the condition does not fit the operation or the table") from error
    _check_condition(made[-1])
    return made[-1]


def _is_filled_list(plain: Any) -> bool:
    return isinstance(plain, list) and bool(cast(list[Any], plain))


def _operation(node: list[Any], made: Sequence[ops.Node], table: ops.UnboundTable | None) -> ops.Node:
    """Raises errors of many classes for a node that does not fit: `_made` says which one."""
    name, *arguments = node
    if name == "Field":
        (column,) = arguments
        return ops.Field(table, column)
    if name == "Literal":
        kind, value = arguments
        return _literal(kind, value)
    kind = OPERATIONS[name]
    if len(arguments) != len(kind.__argnames__):
        raise ExpressionError(f"{name} takes {len(kind.__argnames__)} arguments, not {len(arguments)}")
    return kind(*(_argument(each, made) for each in arguments))


def _argument(plain: Any, made: Sequence[ops.Node]) -> Any:
    if plain is None:
        return None
    if type(plain) is int:
        return made[plain]
    if isinstance(plain, list):
        return tuple(each for part in cast(list[Any], plain) for each in _listed(part, made))
    ((key, value),) = plain.items()
    if key not in {"type", "unit", "text"} or type(value) is not str:
        raise ExpressionError("an argument is no node, type, unit or text")
    return _type(value) if key == "type" else value


def _listed(part: Any, made: Sequence[ops.Node]) -> list[ops.Node]:
    if type(part) is int:
        return [made[part]]
    if set(part) != {"type", "values"} or not _is_filled_list(part["values"]):
        raise ExpressionError("a list holds neither nodes nor literals of one type")
    return [_literal(part["type"], value) for value in part["values"]]


def _literal(kind: Any, value: Any) -> ops.Node:
    form = _form(kind)
    if value is None:
        return ops.Literal(None, _type(kind))
    if form is None or type(value) is not form.kept:
        raise ExpressionError(f"a literal of type {kind} has a value of another class")
    return ops.Literal(form.read(value), _type(kind))


def _form(kind: str) -> _Form | None:
    family = _TYPE.fullmatch(kind)
    return None if family is None else _FORMS[family[1]]


# Nested types are never parsed: Ibis's parser calls itself.
@lru_cache(maxsize=256)
def _type(text: str) -> Any:
    if not _TYPE.fullmatch(text):
        raise ExpressionError("a type is not one of the plain ones")
    return dt.dtype(text)
