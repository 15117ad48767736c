"""The aggregates of a question, written by the session itself: authors give row expressions and names of dimensions.

Rows are first gathered by cell and person, then by cell. That counts persons exactly, finds the largest contributions of one
person, and gives every figure in one pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from farr.lab.model.dimension import DIMENSIONS
from farr.lab.model.period import Month
from farr.lab.model.question import Aggregate, AggregateKind, Grouping, Question

UNKNOWN = "unknown"
PERSON, MONTH = "__person", "__month"


@ibis.udf.agg.builtin(name="max")
def _largest(value: float, many: int) -> list[float]:  # type: ignore[empty-body]
    """DuckDB's max(value, n): the n largest, in descending order."""


@dataclass(frozen=True)
class Figure:
    """One distinct expression of a question's aggregates, and its number among them: those that ask the same share it."""

    number: int
    aggregate: Aggregate

    @property
    def is_sum(self) -> bool:
        return self.aggregate.kind is AggregateKind.SUM


def ancestry(name: str) -> list[str]:
    """The dimension and those into which its codes fall whole, nearest first."""
    parent = DIMENSIONS[name].parent
    return [name, *(ancestry(parent) if parent else [])]


def columns_of(grouping: Grouping) -> list[str]:
    """The grouping's dimensions with all their ancestors, each once."""
    return list(dict.fromkeys(name for dimension in grouping.dimensions for name in ancestry(dimension)))


def figures(question: Question) -> dict[str, Figure]:
    """The figure behind each aggregate, by the aggregate's name."""
    distinct: dict[object, Figure] = {}
    found: dict[str, Figure] = {}
    for aggregate in question.aggregates:
        key = (aggregate.kind, aggregate.where.op(), None if aggregate.value is None else aggregate.value.op())
        found[aggregate.name] = distinct.setdefault(key, Figure(len(distinct), aggregate))
    return found


def cells(question: Question, grouping: Grouping, months: Sequence[Month]) -> ir.Table:
    """A row per cell with its codes, and for each figure k: `value_k`, `persons_k`, and for sums `top_k` (two largest)."""
    distinct = list(dict.fromkeys(figures(question).values()))
    keys = [MONTH, *columns_of(grouping)] if grouping.monthly else columns_of(grouping)
    rows = _rows(question, keys, distinct, months)
    gathered = rows.group_by([*keys, PERSON]).aggregate(
        **{f"rows_{figure.number}": rows[f"counted_{figure.number}"].sum() for figure in distinct},
        **{f"sum_{figure.number}": rows[f"summed_{figure.number}"].sum() for figure in distinct if figure.is_sum},
    )
    return gathered.aggregate(by=keys, **{name: value for figure in distinct for name, value in _judged(gathered, figure).items()})


def _rows(question: Question, keys: Sequence[str], distinct: Sequence[Figure], months: Sequence[Month]) -> ir.Table:
    table = question.table.unbound
    month = table[question.table.month]
    person = table[question.table.person].nullif("") if question.table.person else ibis.null("string")
    codes = {name: _code(table[DIMENSIONS[name].column]) for name in keys if name != MONTH}
    counted = {f"counted_{figure.number}": _is_counted(figure).cast("int64") for figure in distinct}
    summed = {f"summed_{figure.number}": ibis.ifelse(_is_counted(figure), _float(figure), 0.0) for figure in distinct if figure.is_sum}
    held = table.filter(month.isin([str(each) for each in months]), question.where.fill_null(False))
    return held.select(**{PERSON: person, MONTH: month}, **codes, **counted, **summed)


def _code(column: ir.StringColumn) -> ir.StringValue:
    return column.strip().nullif("").fill_null(UNKNOWN)


def _is_counted(figure: Figure) -> ir.BooleanValue:
    where = figure.aggregate.where.fill_null(False)
    # A row without a value adds nothing to a sum: its person is not one of the people behind it.
    return where & figure.aggregate.value.notnull() if figure.aggregate.value is not None else where


def _float(figure: Figure) -> ir.NumericValue:
    value = figure.aggregate.value
    return ibis.literal(0.0) if value is None else value.cast("float64")


def _judged(gathered: ir.Table, figure: Figure) -> dict[str, ir.Value]:
    rows, person = gathered[f"rows_{figure.number}"], gathered[PERSON]
    # Rows without a pseudonym stand for nobody: they are counted, and no one is counted behind them.
    persons = ((rows > 0) & person.notnull()).cast("int64").sum()
    if not figure.is_sum:
        return {f"value_{figure.number}": rows.sum(), f"persons_{figure.number}": persons}
    total = gathered[f"sum_{figure.number}"]
    return {
        f"value_{figure.number}": total.sum(),
        f"persons_{figure.number}": persons,
        # By size, whichever the sign: a large negative entry dominates a sum as much as a positive one.
        f"top_{figure.number}": _largest(total.abs(), 2),
    }


def schema(question: Question) -> pa.Schema:
    """The layout of Contents.cells for this question, without its estimates."""
    fields = [pa.field("grouping", pa.int64()), pa.field("month", pa.string())]
    codes = dict.fromkeys(name for grouping in question.groupings for name in columns_of(grouping))
    fields += [pa.field(name, pa.string()) for name in codes]
    for aggregate in question.aggregates:
        is_sum = aggregate.kind is AggregateKind.SUM
        fields.append(pa.field(aggregate.name, pa.float64() if is_sum else pa.int64()))
        fields.append(pa.field(f"{aggregate.name}__persons", pa.int64()))
        fields += [pa.field(f"{aggregate.name}__top{rank}", pa.float64()) for rank in (1, 2) if is_sum]
    return pa.schema(fields)


def laid_out(question: Question, number: int, counted: pa.Table) -> pa.Table:
    """What the engine gave for grouping `number`, in the layout of Contents.cells, ordered by month and code."""
    has_persons = question.table.person is not None
    given: dict[str, pa.Array] = {"grouping": pa.array([number] * counted.num_rows, pa.int64())}
    if question.groupings[number].monthly:
        given["month"] = counted[MONTH]
    given |= {name: counted[name] for name in columns_of(question.groupings[number])}
    for name, figure in figures(question).items():
        given[name] = counted[f"value_{figure.number}"].fill_null(0)
        if has_persons:
            given[f"{name}__persons"] = counted[f"persons_{figure.number}"].fill_null(0)
        if has_persons and figure.is_sum:
            largest: list[list[float]] = [[*(each or []), 0.0, 0.0] for each in counted[f"top_{figure.number}"].to_pylist()]
            given |= {f"{name}__top{rank}": pa.array([each[rank - 1] for each in largest], pa.float64()) for rank in (1, 2)}
    fields = [
        given[field.name].cast(field.type) if field.name in given else pa.nulls(counted.num_rows, field.type) for field in schema(question)
    ]
    table: pa.Table = pa.table([_flat(each) for each in fields], schema=schema(question))
    return table.sort_by([(name, "ascending") for name in ("month", *columns_of(question.groupings[number]))])


def _flat(column: pa.Array) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
